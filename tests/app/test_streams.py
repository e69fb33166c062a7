"""Events that are answered by a stream."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import anyio
import anyio.lowlevel
import pytest
from pydantic import BaseModel

from channelkit import (
    CallFailed,
    Channel,
    Endpoint,
    Exit,
    Limits,
    LocalProtocolError,
    Message,
    Ok,
    Open,
    Refusal,
    Refused,
    channel,
    on_event,
    on_join,
    on_leave,
)
from channelkit.testing import ClientRoom, ClientSocket, Ended, connect
from channelkit.wire import Push, Reply

pytestmark = pytest.mark.anyio


@dataclass
class Journal:
    """What the handlers did, and a gate that some of them wait at."""

    lines: list[str] = field(default_factory=list[str])
    gate: anyio.Event = field(default_factory=anyio.Event)


class User(BaseModel):
    """Whose socket it is; `journal` is the test's own."""

    model_config = {"arbitrary_types_allowed": True}
    journal: Journal


class Nothing(Message):
    """No fields."""


class Ask(Message):
    """How many items, and what then."""

    count: int
    then: str = "return"


class Line(Message):
    """An item."""

    n: int


class Other(Message):
    """Another item."""

    n: int


class Chunk(Open, event="chunk"):
    """Any JSON object, or binary."""


class Undeclared(Message):
    """Declared by nobody."""


class TooMuch(Refusal):
    """Declared by the stream."""

    limit: int


class Unknown(Refusal):
    """Declared by nobody."""


class LineAndMore(Line):
    """A subclass of what is declared."""

    more: str = "hidden"


def may(_: Channel[User, Any]) -> bool:
    """Nobody may."""
    return False


@channel("room:{room_id}")
class Room(Channel[User, Line | Other | Chunk]):
    """Streams of every kind."""

    room_id: int

    @on_join
    async def join(self, params: Nothing) -> None:
        """Everybody may."""

    @on_event("lines")
    async def lines(self, message: Ask) -> AsyncIterator[Line | Other | TooMuch]:
        """So many lines, and then."""
        for n in range(message.count):
            yield Line(n=n)
        match message.then:
            case "other":
                yield Other(n=0)
                yield LineAndMore(n=1)
            case "refuse":
                yield TooMuch(limit=message.count)
                yield Line(n=99)
            case "raise":
                raise Refused(TooMuch(limit=message.count))
            case "undeclared refusal":
                raise Refused(Unknown())
            case "undeclared":
                item: Any = Undeclared()
                yield item
            case "crash":
                raise RuntimeError("stream went wrong")
            case "stop":
                self.stop()
            case "close":
                self.socket.close(4001)
                await anyio.sleep_forever()
            case _:
                pass

    @on_event("chunks")
    async def chunks(self, message: Chunk) -> AsyncGenerator[Chunk, None]:
        """Give it back twice."""
        yield message
        yield message

    @on_event("endless")
    async def endless(self, message: Ask) -> AsyncIterator[Line]:
        """Some lines, then wait for ever; say so at the end."""
        journal = self.assigns.journal
        try:
            for n in range(message.count):
                yield Line(n=n)
            await anyio.sleep_forever()
        finally:
            journal.lines.append(f"closed {message.then}")

    @on_event("busy")
    async def busy(self, message: Ask) -> AsyncIterator[Line]:
        """Never wait at all; suspended at the yield, its cleanup may wait."""
        n = 0
        try:
            while True:
                yield Line(n=n)
                n += 1
        finally:
            if message.then == "hang":
                await anyio.sleep_forever()
            await anyio.lowlevel.checkpoint()
            self.assigns.journal.lines.append("busy cleaned up")
            if message.then == "crash":
                raise RuntimeError("cleanup went wrong")

    @on_event("scoped")
    async def scoped(self, message: Ask) -> AsyncIterator[Line]:
        """Yield inside a scope of its own."""
        with anyio.CancelScope():
            for n in range(message.count):
                yield Line(n=n)

    @on_event("resource")
    async def resource(self, message: Ask) -> AsyncIterator[Line]:
        """Yield inside a resource."""
        async with held(self.assigns.journal):
            for n in range(message.count):
                yield Line(n=n)
                await self.assigns.journal.gate.wait()

    @on_event("guarded", allow=may)
    async def guarded(self, message: Ask) -> AsyncIterator[Line]:
        """Never."""
        yield Line(n=0)

    @on_event("rated", rate="1/h")
    async def rated(self, message: Nothing) -> AsyncIterator[Line]:
        """Once an hour."""
        yield Line(n=0)

    @on_event("ping")
    async def ping(self, message: Nothing) -> Ok:
        """Answer at once."""
        return Ok()

    @on_leave
    async def left(self, reason: Exit) -> None:
        """Write it down."""
        self.assigns.journal.lines.append(type(reason).__name__)


@asynccontextmanager
async def held(journal: Journal) -> AsyncGenerator[None]:
    """A resource that is given back."""
    journal.lines.append("taken")
    try:
        yield
    finally:
        journal.lines.append("given back")


def make_endpoint(journal: Journal, limits: Limits | None = None) -> Endpoint[User]:
    """The application."""

    async def admit(params: Nothing) -> User:
        return User(journal=journal)

    return Endpoint("/socket", [Room], admit, limits=limits or Limits())


ONE = Room.topic_for(room_id=1)


async def joined(socket: ClientSocket) -> ClientRoom[Room]:
    """The room, joined."""
    room, _ = await socket.join(ONE, Room.join, Nothing())
    return room


async def broken(room: ClientRoom[Room], ask: Ask) -> str:
    """Why a stream of lines was broken off by the framework."""
    with pytest.raises(CallFailed) as failed:
        async for _ in room.stream(Room.lines, ask):
            pass
    return failed.value.reason


def replies(socket: ClientSocket) -> list[Reply]:
    """The replies that came, but for the join's."""
    return [one for one in socket.received if isinstance(one, Reply)][1:]


async def test_the_items_come_in_order_and_the_reply_ends_them() -> None:
    async with connect(make_endpoint(Journal())) as ann:
        room = await joined(ann)
        items = [item async for item in room.stream(Room.lines, Ask(count=3, then="other"))]

    assert items == [Line(n=0), Line(n=1), Line(n=2), Other(n=0), Line(n=1)]


@pytest.mark.parametrize("vsn", ["1.0.0", "2.0.0"])
async def test_every_item_is_a_push_under_its_own_event_with_the_ref_that_asked(vsn: str) -> None:
    async with connect(make_endpoint(Journal()), vsn=vsn) as ann:
        room = await joined(ann)
        before = len(ann.received)
        push = ann.push(
            str(ONE), "lines", {"count": 1, "then": "other"}, join_ref=room.join_ref, ref="77"
        )
        await ann.replied(push, lambda: "no reply")
        join_ref = None if vsn == "1.0.0" else room.join_ref

    assert ann.received[before:] == [
        Push(join_ref, "77", str(ONE), "line", {"n": 0}),
        Push(join_ref, "77", str(ONE), "other", {"n": 0}),
        Push(join_ref, "77", str(ONE), "line", {"n": 1}),
        Reply(join_ref, "77", str(ONE), "ok", {}),
    ]


async def test_an_empty_stream_is_an_ok_reply() -> None:
    async with connect(make_endpoint(Journal())) as ann:
        room = await joined(ann)

        assert [item async for item in room.stream(Room.lines, Ask(count=0))] == []


@pytest.mark.parametrize("then", ["refuse", "raise"])
async def test_a_refusal_breaks_the_stream_off_and_is_its_last_item(then: str) -> None:
    async with connect(make_endpoint(Journal())) as ann:
        room = await joined(ann)
        items = [item async for item in room.stream(Room.lines, Ask(count=2, then=then))]

        assert items == [Line(n=0), Line(n=1), TooMuch(limit=2)]
        assert await room.call(Room.ping, Nothing()) == Ok()


@pytest.mark.parametrize("then", ["undeclared", "undeclared refusal", "crash"])
async def test_a_stream_that_crashes_ends_the_member(
    then: str, caplog: pytest.LogCaptureFixture
) -> None:
    journal = Journal()
    async with connect(make_endpoint(journal)) as ann:
        room = await joined(ann)
        reason = await broken(room, Ask(count=1, then=then))

        assert reason == "channel_crash"
        assert await room.expect_ended() == Ended("phx_error", "channel_crash")
    assert journal.lines == ["Crashed"]
    assert "which its return annotation does not declare" in caplog.text or then == "crash"


async def test_what_stands_against_a_stream_is_answered_before_it_begins() -> None:
    async with connect(make_endpoint(Journal())) as ann:
        room = await joined(ann)
        with pytest.raises(CallFailed, match="forbidden"):
            await anext(room.stream(Room.guarded, Ask(count=1)))
        invalid = ann.push(str(ONE), "lines", {"count": "many"}, join_ref=room.join_ref)
        reply = await ann.replied(invalid, lambda: "no reply")
        assert [item async for item in room.stream(Room.rated, Nothing())] == [Line(n=0)]
        with pytest.raises(CallFailed, match="rate_limited") as failed:
            await anext(room.stream(Room.rated, Nothing()))

    assert failed.value.retry_after is not None
    assert isinstance(reply.response, dict)
    assert reply.response["reason"] == "invalid payload"


async def test_other_events_are_handled_while_a_stream_is_open() -> None:
    async with connect(make_endpoint(Journal())) as ann:
        room = await joined(ann)
        feed = room.stream(Room.endless, Ask(count=1))
        assert await anext(feed) == Line(n=0)

        assert await room.call(Room.ping, Nothing()) == Ok()
        assert [item async for item in room.stream(Room.lines, Ask(count=1))] == [Line(n=0)]


async def test_a_stream_that_never_waits_lets_others_run() -> None:
    async with connect(make_endpoint(Journal())) as ann:
        room = await joined(ann)
        feed = room.stream(Room.busy, Ask(count=0))
        assert await anext(feed) == Line(n=0)

        assert await room.call(Room.ping, Nothing()) == Ok()
        await room.leave()


async def test_a_leave_closes_the_streams_and_does_not_wait_for_their_end() -> None:
    journal = Journal()
    async with connect(make_endpoint(journal)) as ann:
        room = await joined(ann)
        feeds = [room.stream(Room.endless, Ask(count=1, then=then)) for then in "ab"]
        for feed in feeds:
            await anext(feed)
        await room.leave()
        for feed in feeds:
            with pytest.raises(CallFailed, match="channel closed"):
                await anext(feed)
        last = replies(ann)[-3:]

    assert sorted(journal.lines[:2]) == ["closed a", "closed b"]
    assert journal.lines[2:] == ["Left"]
    assert [reply.status for reply in last] == ["error", "error", "ok"]


async def test_a_leave_behind_a_stream_in_one_write_ends_it_too() -> None:
    journal = Journal()
    async with connect(make_endpoint(journal, Limits(streams=1))) as ann:
        room = await joined(ann)
        for _ in range(3):
            ann.push(str(ONE), "endless", {"count": 0, "then": "x"}, join_ref=room.join_ref)
        ann.push(str(ONE), "phx_leave", {}, join_ref=room.join_ref)
        await room.expect_ended()

    closed = ("error", {"reason": "channel closed"})
    assert [(one.status, one.response) for one in replies(ann)] == [closed] * 3 + [("ok", {})]
    assert journal.lines == ["Left"]


async def test_a_second_join_closes_the_streams_of_the_first() -> None:
    journal = Journal()
    async with connect(make_endpoint(journal)) as ann:
        room = await joined(ann)
        feed = room.stream(Room.endless, Ask(count=1, then="a"))
        await anext(feed)
        await joined(ann)

        with pytest.raises(CallFailed, match="channel closed"):
            await anext(feed)
    assert journal.lines[:2] == ["closed a", "Replaced"]


@pytest.mark.parametrize("end", ["drop", "close"])
async def test_the_end_of_the_connection_closes_the_streams(end: str) -> None:
    journal = Journal()
    async with connect(make_endpoint(journal)) as ann:
        room = await joined(ann)
        feed = room.stream(Room.busy, Ask(count=0))
        await anext(feed)
        (ann.drop if end == "drop" else ann.close)()

    assert journal.lines == ["busy cleaned up", "ConnectionLost" if end == "drop" else "Closed"]


async def test_a_stream_may_stop_its_member_and_still_be_answered() -> None:
    async with connect(make_endpoint(Journal())) as ann:
        room = await joined(ann)
        items = [item async for item in room.stream(Room.lines, Ask(count=1, then="stop"))]

        assert items == [Line(n=0)]
        assert await room.expect_ended() == Ended("phx_close")


async def test_a_stream_may_close_its_socket() -> None:
    async with connect(make_endpoint(Journal())) as ann:
        room = await joined(ann)
        await broken(room, Ask(count=0, then="close"))

        assert (await ann.expect_closed()).code == 4001


async def test_a_crash_elsewhere_in_the_member_closes_its_streams() -> None:
    journal = Journal()
    async with connect(make_endpoint(journal)) as ann:
        room = await joined(ann)
        feed = room.stream(Room.endless, Ask(count=1, then="a"))
        await anext(feed)
        await broken(room, Ask(count=0, then="crash"))

        with pytest.raises(CallFailed, match="channel closed"):
            await anext(feed)
    assert journal.lines == ["closed a", "Crashed"]


async def test_one_stream_too_many_is_refused() -> None:
    async with connect(make_endpoint(Journal(), Limits(streams=2))) as ann:
        room = await joined(ann)
        feeds = [room.stream(Room.endless, Ask(count=1)) for _ in range(2)]
        for feed in feeds:
            await anext(feed)

        assert await broken(room, Ask(count=1)) == "overloaded"


async def test_a_closed_stream_makes_room_for_another() -> None:
    async with connect(make_endpoint(Journal(), Limits(streams=1))) as ann:
        room = await joined(ann)
        for _ in range(3):
            assert len([item async for item in room.stream(Room.lines, Ask(count=5))]) == 5


async def test_a_stream_waits_while_the_outbox_is_above_its_mark() -> None:
    async with connect(make_endpoint(Journal(), Limits(outbox_frames=5))) as ann:
        room = await joined(ann)
        feed = room.stream(Room.lines, Ask(count=100))
        await anext(feed)
        ann.carrier.block()
        await anyio.wait_all_tasks_blocked()
        waiting = ann.carrier.closed is None
        ann.carrier.unblock()
        rest = [item async for item in feed]

    assert waiting
    assert rest == [Line(n=n) for n in range(1, 100)]


async def test_a_client_that_reads_nothing_of_its_stream_is_closed_as_too_slow() -> None:
    journal = Journal()
    async with connect(make_endpoint(journal)) as ann:
        room = await joined(ann)
        await anext(room.stream(Room.busy, Ask(count=0)))
        ann.carrier.block()
        await ann.elapse(5.1)

        assert (await ann.expect_closed()).code == 1013
    assert journal.lines == ["busy cleaned up", "TooSlow"]


async def test_a_generator_may_yield_inside_a_scope_of_its_own() -> None:
    async with connect(make_endpoint(Journal())) as ann:
        room = await joined(ann)
        assert len([item async for item in room.stream(Room.scoped, Ask(count=3))]) == 3
        cut = room.stream(Room.scoped, Ask(count=10_000))
        await anext(cut)

        await room.leave()


async def test_a_resource_of_a_stream_is_given_back() -> None:
    journal = Journal()
    async with connect(make_endpoint(journal)) as ann:
        room = await joined(ann)
        await anext(room.stream(Room.resource, Ask(count=2)))
        await room.leave()

    assert journal.lines == ["taken", "given back", "Left"]


@pytest.mark.trio_clock
async def test_a_cleanup_that_takes_too_long_is_cut_off(caplog: pytest.LogCaptureFixture) -> None:
    async with connect(make_endpoint(Journal()), patience=60) as ann:
        room = await joined(ann)
        feed = room.stream(Room.busy, Ask(count=0, then="hang"))
        await anext(feed)
        await room.leave()

    assert "stream cleanup timed out" in caplog.text
    assert [reply.status for reply in replies(ann)] == ["error", "ok"]


async def test_a_cleanup_that_raises_is_logged_and_the_leave_is_answered(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with connect(make_endpoint(Journal())) as ann:
        room = await joined(ann)
        await anext(room.stream(Room.busy, Ask(count=0, then="crash")))
        leave = ann.push(str(ONE), "phx_leave", {}, join_ref=room.join_ref)
        assert (await ann.replied(leave, lambda: "no reply")).status == "ok"

    assert "cleanup went wrong" in caplog.text


async def test_a_binary_item_has_no_ref_on_the_wire() -> None:
    async with connect(make_endpoint(Journal())) as ann:
        room = await joined(ann)
        before = len(ann.received)
        push = ann.push(str(ONE), "chunks", b"\x00\xff", join_ref=room.join_ref)
        await ann.replied(push, lambda: "no reply")

    item = Push(room.join_ref, None, str(ONE), "chunk", b"\x00\xff")
    assert ann.received[before:] == [item, item, Reply(room.join_ref, push.ref, str(ONE), "ok", {})]


async def test_an_item_without_a_form_on_this_version_breaks_the_stream_off() -> None:
    @channel("bytes")
    class Bytes(Channel[None, Chunk]):
        @on_join
        async def join(self, params: Nothing) -> None: ...

        @on_event("chunks")
        async def chunks(self, message: Nothing) -> AsyncIterator[Chunk]:
            yield Chunk(payload={"n": 1})
            yield Chunk(payload=b"\x00")
            yield Chunk(payload={"n": 2})

    async with connect(Endpoint("/socket", channels=[Bytes]), vsn="1.0.0") as ann:
        room, _ = await ann.join(Bytes.topic_for(), Bytes.join, Nothing())
        feed = room.stream(Bytes.chunks, Nothing())

        assert await anext(feed) == Chunk(payload={"n": 1})
        with pytest.raises(CallFailed, match="binary not supported"):
            await anext(feed)


async def test_an_item_that_is_no_object_is_the_members_crash() -> None:
    async with connect(make_endpoint(Journal())) as ann:
        room = await joined(ann)
        ann.push(str(ONE), "chunks", [1], join_ref=room.join_ref)

        assert await room.expect_ended() == Ended("phx_error", "channel_crash")


async def test_a_client_of_the_first_phoenix_reads_the_items_and_then_the_reply() -> None:
    async with connect(make_endpoint(Journal()), vsn="0.5.0") as ann:
        room = ann.join_nowait(ONE, Room.join, Nothing())
        await room.send(Room.lines, Ask(count=2))

        assert [await room.expect(Line) for _ in range(2)] == [Line(n=0), Line(n=1)]
        assert await room.expect_event("lines") == {}
        with pytest.raises(LocalProtocolError, match="items have no ref"):
            room.stream(Room.lines, Ask(count=1))


async def test_the_kit_says_what_a_stream_lacks() -> None:
    async with connect(make_endpoint(Journal()), patience=0.1) as ann:
        room = await joined(ann)
        feed = room.stream(Room.endless, Ask(count=0))
        with pytest.raises(AssertionError, match="endless brought nothing more and did not end"):
            await anext(feed)
        ping: Any = Room.ping
        with pytest.raises(LocalProtocolError, match="ping is answered by a reply: call it"):
            room.stream(ping, Nothing())


async def test_nothing_is_expected_while_an_open_stream_waits() -> None:
    async with connect(make_endpoint(Journal())) as ann:
        room = await joined(ann)
        feed = room.stream(Room.endless, Ask(count=1))
        await anext(feed)

        await room.expect_nothing()


async def test_a_stream_that_has_ended_brings_nothing_more() -> None:
    async with connect(make_endpoint(Journal())) as ann:
        room = await joined(ann)
        feed = room.stream(Room.lines, Ask(count=0))
        first = [item async for item in feed]

        assert [first, [item async for item in feed]] == [[], []]


async def test_the_end_of_the_connection_ends_the_clients_stream() -> None:
    async with connect(make_endpoint(Journal())) as ann:
        room = await joined(ann)
        feed = room.stream(Room.endless, Ask(count=1))
        await anext(feed)
        await ann.elapse(61)

        with pytest.raises(CallFailed, match="closed"):
            await anext(feed)
