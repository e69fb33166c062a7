"""Where channelkit answers otherwise than Phoenix, on purpose, and why.

`docs/conformance.md` has the same table; run this module to write it anew.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from .transcript import FOLDER, RECORDED, load

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import JsonValue

    from .transcript import Answers, Entry

__all__ = ["DIFFERENCES", "PAGE", "Difference", "table", "with_table"]

PAGE: Final = Path(__file__).parents[2] / "docs" / "conformance.md"


class Difference(NamedTuple):
    """What is answered here instead of what was recorded."""

    reason: str
    answers: Answers


OPEN: Final[Entry] = {"open": {"a": "HTTP 101"}}
JOINED: Final[Entry] = {
    "a": [["1", "1", "echo:{n}", "phx_reply", {"status": "ok", "response": {}}]]
}

ROOM_GONE_FIN: Final[Answers] = load(FOLDER / "recorded" / "room_gone_fin.json").answers[0]
ROOM_GONE_FIN[3]["b"] = [{"close": None}]

DIFFERENCES: Final[Mapping[str, Difference]] = {
    "binary_truncated": Difference(
        "A malformed binary envelope is the peer's fault: 1002, not a crash.",
        [OPEN, JOINED, {"a": [{"close": 1002}]}],
    ),
    "not_json": Difference(
        "Text that is not JSON is the peer's fault: 1007, not a crash.",
        [OPEN, {"a": [{"close": 1007}]}],
    ),
    "object_on_v2": Difference(
        "JSON that is no envelope of this version, and whose ref cannot be read: 1007.",
        [OPEN, {"a": [{"close": 1007}]}],
    ),
    "room_gone_fin": Difference(
        "A connection that ends without a close frame gets none either (RFC 6455 §7.1.5).",
        ROOM_GONE_FIN,
    ),
    "short_array": Difference(
        "No envelope, but its ref can be read: an error reply. The third one closes.",
        [
            OPEN,
            {
                "a": [
                    [
                        None,
                        "2",
                        "echo:x",
                        "phx_reply",
                        {"status": "error", "response": {"reason": "invalid message"}},
                    ]
                ]
            },
        ],
    ),
    "slow_join": Difference(
        "A pending join holds its own topic only: the heartbeat does not wait for it.",
        [
            OPEN,
            {
                "a": [
                    [None, "2", "phoenix", "phx_reply", {"status": "ok", "response": {}}],
                    ["1", "1", "slow:{n}", "phx_reply", {"status": "ok", "response": {}}],
                    ["1", "3", "slow:{n}", "phx_reply", {"status": "ok", "response": {"n": 1}}],
                ]
            },
        ],
    ),
    "unknown_event": Difference(
        "An event that no handler takes is an error reply, not a crash: the member stays.",
        [
            OPEN,
            JOINED,
            {
                "a": [
                    [
                        "1",
                        "2",
                        "echo:{n}",
                        "phx_reply",
                        {"status": "error", "response": {"reason": "unknown event"}},
                    ]
                ]
            },
            {"a": [["1", "3", "echo:{n}", "phx_reply", {"status": "ok", "response": {}}]]},
        ],
    ),
    "v1_array": Difference(
        "JSON that is no envelope of this version, and whose ref cannot be read: 1007.",
        [OPEN, {"a": [{"close": 1007}]}],
    ),
}


def table() -> str:
    """The differences as the page shows them: only the steps that differ."""
    names = [path for path in RECORDED if path.stem in DIFFERENCES]
    rows = [f"| `{path.stem}` | {_row(path)} |" for path in names]
    head = ["| transcript | Phoenix 1.8.12 | channelkit | why |", "|---|---|---|---|"]
    return "\n".join([*head, *rows, ""])


def with_table(page: str) -> str:
    """The page, its table written anew."""
    pattern = r"(?<=<!-- differences -->\n).*?(?=<!-- /differences -->)"
    return re.sub(pattern, lambda _: table(), page, flags=re.DOTALL)


def _row(path: Path) -> str:
    difference = DIFFERENCES[path.stem]
    pairs = zip(load(path).answers[0], difference.answers, strict=True)
    differing = [(theirs, ours) for theirs, ours in pairs if theirs != ours]
    theirs, ours = (_told(list(side)) for side in zip(*differing, strict=True))
    return f"{theirs} | {ours} | {difference.reason}"


def _told(entries: list[Entry]) -> str:
    """What arrived, frame by frame."""
    frames = [frame for entry in entries for heard in entry.values() for frame in _frames(heard)]
    return " ".join(f"`{json.dumps(frame, ensure_ascii=False)}`" for frame in frames)


def _frames(heard: JsonValue) -> list[JsonValue]:
    return heard if isinstance(heard, list) else [heard]


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
