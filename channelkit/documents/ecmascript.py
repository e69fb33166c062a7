"""Which regular expressions JavaScript can read. Pure."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["reads"]

# What Python and Rust have, and JavaScript reads otherwise or not at all.
FOREIGN: Final = re.compile(
    r"""
    \(\?P            # named groups and back-references
  | \(\?[aiLmsuxU-]+[:)]  # flags
  | \(\?>  | \(\?\#  | \(\?\(   # atomic groups, comments, conditions
  | \\[AaZzGQEXRhHUN]    # anchors and escapes
  | \[\[:        # POSIX classes
  | &&|~~        # operations on sets
  | [*+?}]\+     # possessive
    """,
    re.VERBOSE,
)
# In an expression with the flag u, only these signs may be escaped.
ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
PROPERTY: Final = re.compile(r"\\[pPu]\{\w+(?:=\w+)?\}")
ESCAPABLE: Final = frozenset("^$\\.*+?()[]{}|/-dDsSwWbBtnvfrcxukpP0123456789")


def reads(pattern: str) -> bool:
    """Whether JavaScript can read a pattern, with the flag u.

    It may still take fewer texts: its ``\\w`` and ``\\d`` know ASCII only.
    """
    if FOREIGN.search(pattern):
        return False
    inside = False
    escaped = False
    for sign in pattern:
        if escaped:
            if sign not in ESCAPABLE or (sign == "-" and not inside):
                return False
            escaped = False
        elif sign == "\\":
            escaped = True
        elif sign == "[" and inside:
            pass  # means itself there
        elif sign in "[]":
            inside = sign == "["
    return not escaped and _balanced(pattern)


def _balanced(pattern: str) -> bool:
    """Whether braces stand only where they count: the flag u takes no others."""
    bare = ESCAPED.sub("", PROPERTY.sub("", pattern))
    bare = re.sub(r"\[[^\]]*\]", "", bare)
    bare = re.sub(r"\{\d+(?:,\d*)?\}", "", bare)
    return not re.search(r"[{}\]]", bare)
