"""The page: its parts by themselves, the whole in Chromium."""
