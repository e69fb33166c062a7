"""What `channelkit check` and `channelkit run` are made of; `cli` puts it together."""
