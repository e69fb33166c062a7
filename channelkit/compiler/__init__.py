"""Marks → DispatchTable: `compile_channels`. Pure. See README.md here."""
