"""The tables of docs/codes.md, made from the code; `python -m tests.docs.codes` writes them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, get_args

from channelkit.exits import (
    BadFrame,
    Closed,
    Crashed,
    Disconnected,
    Exit,
    Expired,
    Overloaded,
    Revoked,
    Stopped,
    close_code,
    last_words,
)
from channelkit.runtime.log import told

from .blocks import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["PAGE", "close_codes", "endings", "filled"]

PAGE: Final = ROOT / "docs" / "codes.md"

SEVERAL: Final[dict[type, list[Exit]]] = {
    BadFrame: [BadFrame(1002), BadFrame(1003), BadFrame(1008)],
    Closed: [],  # the peer's own code comes back to it
    Crashed: [Crashed(Exception())],
    Disconnected: [Disconnected(1000), Disconnected(1001), Disconnected(4000)],
}
"""Exits that stand for more than one code, or are not made without a reason."""

ENDINGS: Final[list[Exit]] = [
    Crashed(Exception()),
    Stopped("said so"),
    Overloaded(),
    Stopped(),
    Expired(),
    Revoked(),
]
"""What ends a member and not the connection, as far as its client has not asked for it."""

STAYS_AWAY: Final = 1000
"""The one close code after which phoenix.js does not connect again (socket.js#onConnClose)."""


APPLICATION: Final = 4000
"""From here on codes are the application's, up to 4999."""


def exits() -> Iterator[Exit]:
    """One of each kind, and more where the code is a part of it."""
    for kind in get_args(Exit):
        yield from SEVERAL[kind] if kind in SEVERAL else [kind()]


def close_codes() -> str:
    """A row for each close code with its exit: as sent, as logged, as phoenix.js takes it."""
    rows = [
        f"| {_code(code)} | {text or _own(reason)} | `exit={told(reason)}` |"
        f" {'stays away' if code == STAYS_AWAY else 'connects again'} |"
        for reason in exits()
        if (sent := close_code(reason)) is not None
        for code, text in [sent]
    ]
    head = ["| code | text | in the log | phoenix.js |", "|---|---|---|---|"]
    return "\n".join([*head, *sorted(rows), ""])


def _code(code: int) -> str:
    return f"[{code}](#{code})" if code < APPLICATION else "[4000 to 4999](#4000-to-4999)"


def _own(reason: Exit) -> str:
    if isinstance(reason, Disconnected):
        return "the application's"
    return "none" if isinstance(reason, Crashed) else "what was wrong with the frame"


def endings() -> str:
    """A row for each end of a member alone: its event, its reason, its line in the log."""
    rows: list[str] = []
    for reason in ENDINGS:
        event, payload = last_words(reason)
        said = f"`{payload['reason']}`" if payload else "none"
        rows.append(f"| `{event}` | {said} | `exit={told(reason)}` |")
    return "\n".join(["| event | `reason` | in the log |", "|---|---|---|", *rows, ""])


def filled(page: str) -> str:
    """The page with its tables brought up to date."""
    for name, table in (("close codes", close_codes()), ("endings", endings())):
        block = f"<!-- {name} -->\n{table}<!-- /{name} -->"
        page = re.sub(rf"<!-- {name} -->\n.*?<!-- /{name} -->", block, page, flags=re.DOTALL)
    return page


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
