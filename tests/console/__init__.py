"""The console: its modules in node, and the whole of it in Chromium."""
