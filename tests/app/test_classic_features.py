"""What came after the first Phoenix, as its clients meet it."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest

from channelkit import (
    Channel,
    Endpoint,
    Message,
    Ok,
    Open,
    Presence,
    Refusal,
    after_join,
    channel,
    on_broadcast,
    on_event,
    on_join,
)
from channelkit.testing import Ended, connect
from channelkit.wire import Broadcast

pytestmark = pytest.mark.anyio


class Online(Message):
    """How somebody is here."""

    status: str


class Row(Message):
    """One of several answers."""

    n: int


class Gone(Refusal):
    """No more rows."""


class Rumour(Message):
    """What goes round."""

    text: str


@channel("hall:{name}")
class Hall(Channel[None, Row | Rumour]):
    """A channel of today."""

    name: str
    here = Presence(Online)

    @on_join
    async def join(self, params: Open) -> None:
        """Let everybody in."""

    @after_join
    async def arrived(self) -> None:
        """Say who is here."""
        self.here.track("ann", Online(status="online"))
        await self.here.push_state()

    @on_event("rows")
    async def rows(self, message: Open) -> AsyncIterator[Row | Gone]:
        """Answer in pieces; the last is an error where the payload is "short"."""
        yield Row(n=1)
        if message.payload == "short":
            yield Gone()
        yield Row(n=2)

    @on_event("often", rate="1/m")
    async def often(self, message: Open) -> Ok:
        """Answer once a minute."""
        return Ok()

    @on_event("tell")
    async def tell(self, message: Rumour) -> None:
        """Tell everybody."""
        await self.broadcast(message)

    @on_broadcast
    async def hear(self, message: Rumour) -> Rumour | None:
        """Everybody hears something else."""
        return Rumour(text=message.text.upper()) if message.text else None


HALL = Hall.topic_for(name="a")
endpoint = Endpoint("/ws", [Hall], vsn="0.x")
NOTHING = Open(payload={})


def said(event: str, content: Any) -> Broadcast:
    return Broadcast("hall:a", event, content)


async def test_presence_is_messages_like_others() -> None:
    async with connect(endpoint, vsn="0.x") as ann:
        room = ann.join_nowait(HALL, Hall.join, NOTHING)

        assert await room.presences(Hall.here) == {"ann": [Online(status="online")]}
        assert [each.event for each in ann.received if isinstance(each, Broadcast)] == [
            "presence_state",
            "presence_diff",
        ]


async def test_the_items_of_a_stream_are_messages_and_its_end_is_the_events_own() -> None:
    async with connect(endpoint, vsn="0.x") as ann:
        room = ann.join_nowait(HALL, Hall.join, NOTHING)
        await room.presences(Hall.here)
        await room.send(Hall.rows, NOTHING)
        await room.expect_event("rows")

        assert ann.received[-3:] == [said("row", {"n": 1}), said("row", {"n": 2}), said("rows", {})]


async def test_a_stream_that_breaks_off_ends_in_silence() -> None:
    async with connect(endpoint, vsn="0.x") as ann:
        room = ann.join_nowait(HALL, Hall.join, NOTHING)
        await room.presences(Hall.here)
        await room.send(Hall.rows, Open(payload="short"))

        assert await room.expect(Row) == Row(n=1)
        await room.expect_nothing()


async def test_too_often_is_silent_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "channelkit")
    async with connect(endpoint, vsn="0.x") as ann:
        room = ann.join_nowait(HALL, Hall.join, NOTHING)
        await room.presences(Hall.here)
        assert await room.call(Hall.often, NOTHING) == Ok()
        await room.send(Hall.often, NOTHING)
        await room.expect_nothing()

    (line,) = (line for line in caplog.messages if line.startswith("unanswered"))
    assert line.endswith("event=often reason=rate_limited")


async def test_an_intercept_changes_or_drops_what_it_is_told() -> None:
    async with connect(endpoint, vsn="0.x") as ann:
        room = ann.join_nowait(HALL, Hall.join, NOTHING)
        await room.presences(Hall.here)
        await room.send(Hall.tell, Rumour(text=""))
        await room.send(Hall.tell, Rumour(text="hi"))

        assert await room.expect(Rumour) == Rumour(text="HI")
        await room.expect_nothing()


async def test_a_revoked_member_is_told_nothing_and_its_socket_lives() -> None:
    async with connect(endpoint, vsn="0.x") as ann:
        room = ann.join_nowait(HALL, Hall.join, NOTHING)
        await room.presences(Hall.here)

        assert endpoint.revoke(topic=HALL) == 1

        await room.expect_nothing()
        await ann.heartbeat()
        await room.leave()
        assert room.ended == Ended("phx_close")
