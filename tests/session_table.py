"""The session's transition table as Markdown and as a diagram, for `docs/design.md`.

Run this module to write them anew: ``python -m tests.session_table``.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from channelkit.transitions import TABLE, TARGETS, Input, State

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["PAGE", "diagram", "table", "with_table"]

PAGE: Final = Path(__file__).parents[1] / "docs" / "design.md"
BEGIN: Final = "<!-- session table -->\n"
END: Final = "<!-- /session table -->"


def table() -> str:
    """One row per input, one column per state; a dash where the pair cannot occur."""
    rows = [["input", *State], ["---"] * (len(State) + 1)]
    for happened, row in TABLE.items():
        rows.append([happened, *(row.get(state, "-") for state in State)])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def diagram() -> str:
    """The inputs that change a topic's state, as a mermaid state diagram."""
    lines = [
        f"    {_node(before)} --> {_node(after)} : {_label(happened)}"
        for happened, before, after in _changes()
    ]
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```"])


def with_table(page: str) -> str:
    """The page with the generated part brought up to date."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{table()}\n\n{diagram()}\n{END}{after}"


def _changes() -> Iterator[tuple[Input, State, State]]:
    for happened, row in TABLE.items():
        for state, rule in row.items():
            if rule in TARGETS:
                yield happened, state, TARGETS[rule]


def _node(state: State) -> str:
    return "[*]" if state is State.ABSENT else state


def _label(happened: Input) -> str:
    """The input's first words, without what mermaid would misread."""
    return re.split(r"[,:(]", happened)[0].replace("`", "").strip()


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
