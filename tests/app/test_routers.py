"""Channels in routers, as their members see them."""

from __future__ import annotations

import pytest

from channelkit import (
    Channel,
    Endpoint,
    LocalProtocolError,
    Message,
    Router,
    channel,
    on_event,
    on_join,
)
from channelkit.testing import connect

pytestmark = pytest.mark.anyio


class Nothing(Message):
    """No fields."""


class Where(Message):
    """A topic."""

    topic: str


class Changed(Message):
    """Something has changed."""

    n: int


@channel("audit:{id}")
class Audit(Channel[None, Changed]):
    """Stands in routers."""

    id: int

    @on_join
    async def join(self, params: Nothing) -> Where:
        """Say where."""
        return Where(topic=self.topic)

    @on_event("change")
    async def change(self, message: Nothing) -> Where:
        """Tell everybody here."""
        await self.broadcast(Changed(n=self.id))
        return Where(topic=self.topic)


eu = Router("eu:", Audit)
admin = Router("admin:", Audit, eu)
endpoint = Endpoint("/socket", channels=[admin])
AUDIT = Audit.topic_for(id=7)


async def test_a_member_knows_its_whole_topic() -> None:
    async with connect(endpoint) as ann:
        room, where = await ann.join(admin.topic(AUDIT), Audit.join, Nothing())
        inner, there = await ann.join(admin.topic(eu.topic(AUDIT)), Audit.join, Nothing())

        assert [where, there] == [Where(topic="admin:audit:7"), Where(topic="admin:eu:audit:7")]
        assert [room.topic, inner.topic] == ["admin:audit:7", "admin:eu:audit:7"]


async def test_a_broadcast_stays_under_its_prefix() -> None:
    async with connect(endpoint) as ann:
        room, _ = await ann.join(admin.topic(AUDIT), Audit.join, Nothing())
        inner, _ = await ann.join(admin.topic(eu.topic(AUDIT)), Audit.join, Nothing())
        await room.call(Audit.change, Nothing())
        await endpoint.broadcast(admin.topic(AUDIT), Changed(n=8))

        assert [await room.expect(Changed) for _ in range(2)] == [Changed(n=7), Changed(n=8)]
        await inner.expect_nothing()


async def test_a_topic_without_its_prefix_is_told_what_it_is_called() -> None:
    with pytest.raises(LocalProtocolError, match="a router has it as 'admin:audit:7'"):
        await endpoint.broadcast(AUDIT, Changed(n=1))
    async with connect(endpoint) as ann:
        with pytest.raises(LocalProtocolError, match="a router has it as 'admin:audit:7'"):
            await ann.join(AUDIT, Audit.join, Nothing())
