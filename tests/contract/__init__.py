"""The contract: the compiled protocol as data."""
