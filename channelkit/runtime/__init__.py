"""Running tasks: anyio begins here. See README.md in this folder."""
