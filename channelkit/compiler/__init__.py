"""Marks → DispatchTable: `compile_channels`. Pure. See README.md here."""

from .compile import compile_channels, compile_connect, compile_endpoint, compile_raw
from .hooks import Hooks
from .presenters import problems_as_data, render_github, render_problems
from .problems import CODES
from .raw_tree import raw_as_data, render_raw
from .tree import render_table, table_as_data

__all__ = [
    "CODES",
    "Hooks",
    "compile_channels",
    "compile_connect",
    "compile_endpoint",
    "compile_raw",
    "problems_as_data",
    "raw_as_data",
    "render_github",
    "render_problems",
    "render_raw",
    "render_table",
    "table_as_data",
]
