"""`docs/client.md` says what the client does, where it is generated from it.

Run this module to write the table anew: ``python -m tests.client.test_page``.
"""

from __future__ import annotations

import inspect
import re
from pathlib import Path

from channelkit.client import Settings

PAGE = Path(__file__).parents[2] / "docs" / "client.md"
FIELD = re.compile(r'^    (\w+): [^=]+ = .+\n    """(.+?)"""$', re.MULTILINE)
TABLE = re.compile(r"<!-- settings -->\n.*?<!-- /settings -->", re.DOTALL)


def table() -> str:
    """The settings with their defaults and what stands behind them."""
    rows = [f"| `{name}` | {shown(name)} | {text} |" for name, text in fields()]
    return "\n".join(
        ["| setting | default | what, and what happens at it |", "|---|---|---|", *rows]
    )


def fields() -> list[tuple[str, str]]:
    return FIELD.findall(inspect.getsource(Settings))


def shown(name: str) -> str:
    value: float | tuple[float, ...] = getattr(Settings(), name)
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def written(page: str) -> str:
    return TABLE.sub(lambda _: f"<!-- settings -->\n{table()}\n<!-- /settings -->", page)


def test_the_table_of_settings_is_up_to_date() -> None:
    page = PAGE.read_text()

    assert [name for name, _ in fields()] == list(Settings.__dataclass_fields__)
    assert written(page) == page, "run python -m tests.client.test_page"


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text()))
