"""Modules as the generator writes them, checked and imported like every other."""
