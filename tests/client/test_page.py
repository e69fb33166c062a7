"""`docs/client.md` says what the client does, where it is generated from it.

Run this module to write the tables anew: ``python -m tests.client.test_page``.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

from channelkit.client import RoomState, Settings, SocketState
from channelkit.client.transitions import ROOM_TABLE, SOCKET_TABLE

PAGE = Path(__file__).parents[2] / "docs" / "client.md"
FIELD = re.compile(r'^    (\w+): [^=]+ = .+\n    """(.+?)"""$', re.MULTILINE)
HEAD = "| setting | default | what, and what happens at it |\n|---|---|---|"


def settings() -> str:
    """The settings with their defaults and what stands behind them."""
    rows = [f"| `{name}` | {shown(name)} | {text} |" for name, text in fields()]
    return "\n".join([HEAD, *rows])


def fields() -> list[tuple[str, str]]:
    return FIELD.findall(inspect.getsource(Settings))


def shown(name: str) -> str:
    value: float | tuple[float, ...] = getattr(Settings(), name)
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def transitions(table: Mapping[Any, Mapping[Any, str]], states: type[StrEnum]) -> str:
    """One row per input, one column per state; a dash where the pair cannot occur."""
    rows = [["", *states], ["---"] * (len(states) + 1)]
    for happened, row in table.items():
        rows.append([happened, *(row.get(state, "-") for state in states)])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def written(page: str) -> str:
    parts = {
        "settings": settings(),
        "socket table": transitions(SOCKET_TABLE, SocketState),
        "room table": transitions(ROOM_TABLE, RoomState),
    }
    for name, text in parts.items():
        begin, end = f"<!-- {name} -->\n", f"\n<!-- /{name} -->"
        before, _, rest = page.partition(begin)
        _, _, after = rest.partition(end)
        page = f"{before}{begin}{text}{end}{after}"
    return page


def test_the_tables_are_up_to_date() -> None:
    page = PAGE.read_text()

    assert [name for name, _ in fields()] == list(Settings.__dataclass_fields__)
    assert written(page) == page, "run python -m tests.client.test_page"


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text()))
