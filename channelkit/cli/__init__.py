"""The command line: `channelkit check`, `explain`, `contract`, `diff`, `authz`,
`docs`, `client` and `run`.

`program` has what they share, every other module some commands; what a command does stands in
`running`, one floor below.
"""

from __future__ import annotations

import io
import sys

from .checking import check, explain
from .clients import client
from .contracts import authz, contract, diff
from .documents import docs
from .program import app
from .serving import run

__all__ = ["app", "authz", "check", "client", "contract", "diff", "docs", "explain", "main", "run"]


def main() -> None:
    """The program `channelkit`."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without "├" is no reason to crash
    app(prog_name="channelkit")
