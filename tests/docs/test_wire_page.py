"""The page about the wire names every reason that the wire has."""

from __future__ import annotations

import re
from pathlib import Path

from channelkit import wire

PAGE = (Path(__file__).parents[2] / "docs" / "wire.md").read_text()

EVENTS = {
    wire.PHOENIX,
    wire.HEARTBEAT,
    wire.PRESENCE_STATE,
    wire.PRESENCE_DIFF,
    *wire.RESERVED_EVENTS,
}
IN_PHX_ERROR = {wire.CHANNEL_CRASH}


def words() -> set[str]:
    """Every reason of the wire."""
    constants = vars(wire).items()
    texts = {value for name, value in constants if name.isupper() and isinstance(value, str)}
    return texts - EVENTS


def test_every_reason_of_an_error_reply_is_in_the_table_and_no_other() -> None:
    table = re.findall(r"<!-- reasons -->\n(.*?)<!-- /reasons -->", PAGE, re.DOTALL)
    told = {
        reason
        for row in table[0].splitlines()[2:]
        for reason in re.findall(r"`([^`]+)`", row.split("|")[1])
    }

    assert told == words() - IN_PHX_ERROR
