"""Programs that both type checkers refuse; each wrong line has their words above it."""
