"""The errors that no channel declares."""

from __future__ import annotations

from channelkit import wire
from channelkit.documents.page.errors import REASONS, errors_page

from .reading import text

EVENTS = {
    wire.PHOENIX,
    wire.HEARTBEAT,
    wire.PRESENCE_STATE,
    wire.PRESENCE_DIFF,
    *wire.RESERVED_EVENTS,
}
IN_PHX_ERROR = {wire.CHANNEL_CRASH}


def test_every_reason_of_an_error_reply_is_told_and_no_other() -> None:
    words = {
        value for name, value in vars(wire).items() if name.isupper() and isinstance(value, str)
    }

    assert set(REASONS) == words - EVENTS - IN_PHX_ERROR


def test_each_reason_says_when_it_comes() -> None:
    told = text(errors_page("errors").text)

    assert "forbidden The event's permission said no." in told
    assert "invalid payload The payload does not fit its type; errors says where and why." in told
