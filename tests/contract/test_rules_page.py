"""docs/contract.md tells the rules by which changes are judged; `python -m` this writes them."""

from __future__ import annotations

import re
from pathlib import Path

from channelkit.contract.changes import RULES, Direction

PAGE = Path(__file__).parents[2] / "docs" / "contract.md"
TABLE = re.compile(r"(?<=<!-- rules -->\n).*?(?=<!-- /rules -->)", re.DOTALL)


def table() -> str:
    """The rules as a table."""
    rows = [
        [str(kind), *(str(rules.get(direction, "")) for direction in Direction)]
        for kind, rules in RULES.items()
    ]
    head = ["change", *Direction]
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def test_the_page_tells_the_rules() -> None:
    assert TABLE.findall(PAGE.read_text()) == [table()]


if __name__ == "__main__":
    PAGE.write_text(TABLE.sub(lambda _: table(), PAGE.read_text()))
