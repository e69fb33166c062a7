"""Programs that both type checkers accept, and that run."""
