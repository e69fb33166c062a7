"""Documents of a contract, for the people who write its clients. Pure."""
