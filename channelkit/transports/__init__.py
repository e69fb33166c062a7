"""From sockets to connections. See README.md here."""
