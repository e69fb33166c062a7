"""C8: what Phoenix's test kit can do, and this one's way to it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import anyio
import pytest
from pydantic import PlainSerializer

from channelkit import (
    CallFailed,
    Channel,
    Endpoint,
    Exit,
    LocalProtocolError,
    Message,
    Ok,
    Open,
    Refused,
    channel,
    exits,
    on_broadcast,
    on_event,
    on_info,
    on_join,
    on_leave,
)
from channelkit.testing import Closed, Ended, connect, watch

from ..app.rooms import (
    Banned,
    Count,
    JoinRoom,
    Journal,
    Login,
    Raw,
    Room,
    RoomFull,
    RoomState,
    Said,
    Say,
    Secret,
    Tick,
    Welcome,
    make_endpoint,
)

if TYPE_CHECKING:
    from channelkit.testing import ClientRoom, ClientSocket

pytestmark = pytest.mark.anyio

ROOM = Room.topic_for(room_id=1)


async def joined(socket: ClientSocket) -> ClientRoom[Room]:
    """The room, joined, its welcome read."""
    room, _ = await socket.join(ROOM, Room.join, JoinRoom())
    await room.expect(Welcome)
    return room


# Channels of this page alone.


class Nothing(Message):
    """No fields."""


class Stamp(Message):
    """A value with a JSON form of its own."""

    at: datetime
    level: Annotated[int, PlainSerializer(lambda value: f"level {value}")]


class Alarm(Message):
    """Intercepted."""

    loud: bool


class Ring:
    """An info."""


class Stop:
    """An info."""


@channel("station")
class Station(Channel[None, Alarm | Stamp]):
    """Stops where others only speak."""

    stage: str = "joined"

    @on_join
    async def join(self, params: Nothing) -> None:
        """Everybody may."""

    @on_event("stamp")
    async def stamp(self, message: Nothing) -> Stamp:
        """The same moment, always."""
        return Stamp(at=datetime(2026, 1, 2, tzinfo=UTC), level=3)

    @on_broadcast
    async def alarmed(self, message: Alarm) -> Alarm | None:
        """A loud one ends the member."""
        if message.loud:
            self.stop()
        return None if message.loud else message

    @on_info
    async def ring(self, info: Ring) -> None:
        """Push to one, and broadcast to the others."""
        await self.push(Alarm(loud=False))
        await self.broadcast_from(Stamp(at=datetime(2026, 1, 2, tzinfo=UTC), level=1))

    @on_info
    async def halt(self, info: Stop) -> None:
        """End."""
        self.stop()

    @on_leave
    async def left(self, reason: Exit) -> None:
        """Remember why."""
        self.stage = type(reason).__name__


STATION = Station.topic_for()
station = Endpoint("/socket", channels=[Station])


async def test_c8_1_a_socket_has_the_id_and_the_assigns_that_connect_and_identify_give() -> None:
    async with connect(make_endpoint(Journal()), Login(name="bob")) as bob:
        connection = bob.carrier.connection

        assert connection is not None
        assert connection.id == "user:bob"
        assert getattr(connection.assigns, "name", None) == "bob"


async def test_c8_2_a_granted_join_is_typed_and_has_its_topic() -> None:
    async with connect(make_endpoint(Journal())) as ann:
        room, state = await ann.join(ROOM, Room.join, JoinRoom())

        assert state == RoomState(room_id=1)
        assert (room.topic, room.exit) == ("room:1", None)


async def test_c8_3_a_join_may_come_from_another_task() -> None:
    rooms: list[ClientRoom[Room]] = []
    async with connect(make_endpoint(Journal())) as ann:

        async def join() -> None:
            rooms.append(await joined(ann))

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(join)

        assert await rooms[0].call(Room.counted, Say(body="x")) == Count(n=1)


async def test_c8_4_a_refused_join_gives_its_reply() -> None:
    async with connect(make_endpoint(Journal())) as ann:
        _, verdict = await ann.join(ROOM, Room.join, JoinRoom(how="full"))

        assert verdict == RoomFull(limit=50)


async def test_c8_5_a_join_that_answers_what_it_may_not_is_a_crash() -> None:
    async with connect(make_endpoint(Journal())) as ann:
        with pytest.raises(CallFailed, match="join crashed"):
            await ann.join(ROOM, Room.join, JoinRoom(how="undeclared"))


async def test_c8_6_a_push_can_be_waited_for_and_looked_at() -> None:
    endpoint = make_endpoint(Journal())
    async with connect(endpoint) as ann:
        room = await joined(ann)
        for n in range(3):
            endpoint.inform(ROOM, Tick(n))

        assert await room.expect(Count, where=lambda count: count.n > 0) == Count(n=1)
        assert [await room.expect(Count) for _ in range(2)] == [Count(n=0), Count(n=2)]
        with pytest.raises(AssertionError, match="said did not come"):
            await room.expect(Said)


async def test_c8_7_an_event_may_have_no_reply() -> None:
    endpoint = make_endpoint(Journal())
    async with connect(endpoint) as ann:
        room = await joined(ann)
        with watch(endpoint, ROOM) as seen:
            await room.send(Room.say_from, Say(body="hi"))
            await room.expect_nothing()

        assert seen.messages == [Said(name="ann", body="hi")]


async def test_c8_8_a_reply_is_ok_alone_or_has_a_payload() -> None:
    async with connect(make_endpoint(Journal())) as ann:
        room = await joined(ann)

        assert await room.call(Room.say, Say(body="hi")) == Ok()
        assert await room.call(Room.counted, Say(body="hi")) == Count(n=1)


async def test_c8_9_a_payload_may_be_a_list() -> None:
    @channel("lists")
    class Lists(Channel[None]):
        @on_join
        async def join(self, params: Open) -> Open:
            return params

        @on_event("echo")
        async def echo(self, message: Open) -> Open:
            return message

    async with connect(Endpoint("/socket", channels=[Lists])) as ann:
        room, granted = await ann.join(Lists.topic_for(), Lists.join, Open(payload=[1]))

        assert granted == Open(payload=[1])
        assert await room.call(Lists.echo, Open(payload=[2, {}])) == Open(payload=[2, {}])


async def test_c8_10_a_reply_may_come_later_from_a_task_of_its_own() -> None:
    journal = Journal()
    async with connect(make_endpoint(journal)) as ann:
        room = await joined(ann)
        later = ann.push(str(ROOM), "beside", {"body": "x"}, join_ref=room.join_ref)
        assert ann.reply(later) is None
        await room.call(Room.say, Say(body="hi"))
        journal.gate.set()

        assert (await ann.replied(later, lambda: "no reply")).response == {"n": 1}


async def test_c8_11_a_crash_runs_the_farewell_and_the_test_learns_of_it() -> None:
    journal = Journal()
    async with connect(make_endpoint(journal)) as ann:
        room = await joined(ann)
        with pytest.raises(CallFailed, match="channel_crash") as failed:
            await room.call(Room.crash, Say(body="x"))

        assert await room.expect_ended() == Ended("phx_error", "channel_crash")
        assert isinstance(room.exit, exits.Crashed)
        assert failed.value.__cause__ is room.exit.error
        assert str(room.exit.error) == "event went wrong"
    assert journal.exits == [("ann", room.exit)]


async def test_c8_12_a_push_after_a_normal_stop_harms_nothing() -> None:
    journal = Journal()
    async with connect(make_endpoint(journal)) as ann:
        room = await joined(ann)
        await room.send(Room.stop_now, Say(body=""))

        assert await room.expect_ended() == Ended("phx_close")
        assert room.exit == exits.Stopped()
        with pytest.raises(CallFailed, match="unmatched topic"):
            await room.call(Room.say, Say(body="hi"))
        await ann.heartbeat()
    assert journal.exits == [("ann", exits.Stopped())]


async def test_c8_13_a_stop_may_reply() -> None:
    async with connect(make_endpoint(Journal())) as ann:
        room = await joined(ann)

        assert await room.call(Room.stop_now, Say(body="")) == Ok()
        assert await room.expect_ended() == Ended("phx_close")


async def test_c8_14_broadcasts_are_seen_without_joining() -> None:
    endpoint = make_endpoint(Journal())
    with watch(endpoint, ROOM) as seen:
        async with connect(endpoint) as ann:
            room = await joined(ann)
            await room.call(Room.whisper, Say(body="psst"))  # before any intercept
            await room.call(Room.say, Say(body="hi"))
            await endpoint.broadcast_raw(str(ROOM), "raw event", {"n": 1})
            await endpoint.broadcast(Room.topic_for(room_id=2), Said(name="", body="elsewhere"))
            await room.leave()
            expected = [Secret(body="psst"), Said(name="ann", body="hi")]

            assert seen.messages == [*expected, Said(name="ann", body="bye")]
            assert seen.events == ["secret", "said", "raw event", "said"]
    elsewhere: Any = STATION
    with pytest.raises(LocalProtocolError, match="no channel has the topic"):
        watch(endpoint, elsewhere).__enter__()


async def test_c8_15_connect_then_join_by_topic_and_the_id_is_set() -> None:
    endpoint = make_endpoint(Journal())
    async with connect(endpoint, Login(name="bob")) as bob:
        room = await joined(bob)

        assert endpoint.disconnect("user:bob") == 1
        assert await bob.expect_closed() == Closed(1001)
        assert room.exit == exits.Disconnected(1001)
    with pytest.raises(Refused) as refused:
        await connect(endpoint, Login(name="mallory")).__aenter__()
    assert refused.value.refusal == Banned(name="mallory")


async def test_c8_16_connect_may_happen_in_another_task() -> None:
    endpoint = make_endpoint(Journal())
    here, done = anyio.Event(), anyio.Event()

    async def visit() -> None:
        async with connect(endpoint, Login(name="bob")) as bob:
            await joined(bob)
            here.set()
            await done.wait()

    async with anyio.create_task_group() as tasks, connect(endpoint) as ann:
        tasks.start_soon(visit)
        room = await joined(ann)
        await here.wait()
        assert endpoint.disconnect("user:bob") == 1
        assert await room.expect(Said) == Said(name="bob", body="bye")
        done.set()


async def test_c8_17_a_payload_is_what_json_makes_of_it() -> None:
    async with connect(make_endpoint(Journal())) as ann:
        room = await joined(ann)
        numbered: Any = {1: {2: "a"}}
        push = ann.push(str(ROOM), "raw", numbered, join_ref=room.join_ref)
        reply = await ann.replied(push, lambda: "no reply")

        assert await room.expect(Raw) == Raw(payload={"1": {"2": "a"}})
        assert reply.response == {"1": {"2": "a"}}


async def test_c8_18_values_go_out_in_the_json_form_that_their_type_gives_them() -> None:
    async with connect(station) as ann:
        room, _ = await ann.join(STATION, Station.join, Nothing())
        push = ann.push(str(STATION), "stamp", {}, join_ref=room.join_ref)
        reply = await ann.replied(push, lambda: "no reply")

    assert reply.response == {"at": "2026-01-02T00:00:00Z", "level": "level 3"}


async def test_c8_19_a_reply_can_be_waited_for_and_looked_at() -> None:
    async with connect(make_endpoint(Journal())) as ann:
        room = await joined(ann)
        answers = [await room.call(Room.counted, Say(body="x")) for _ in range(4)]
        silent = ann.push(str(ROOM), "say_from", {"body": "x"}, join_ref=room.join_ref)

        assert answers[2:] == [Count(n=3), RoomFull(limit=3)]
        with pytest.raises(AssertionError, match="nobody answers"):
            await ann.replied(silent, lambda: "nobody answers")


async def test_c8_20_a_broadcast_goes_out_by_itself() -> None:
    endpoint = make_endpoint(Journal())
    async with connect(endpoint) as ann:
        room = await joined(ann)
        await endpoint.broadcast(ROOM, Said(name="loop", body="hi"))

        assert await room.expect(Said) == Said(name="loop", body="hi")


async def test_c8_21_an_intercepting_handler_may_stop_the_channel() -> None:
    async with connect(station) as ann:
        room, _ = await ann.join(STATION, Station.join, Nothing())
        await station.broadcast(STATION, Alarm(loud=False))
        assert await room.expect(Alarm) == Alarm(loud=False)
        await station.broadcast(STATION, Alarm(loud=True))

        assert await room.expect_ended() == Ended("phx_close")
        assert room.exit == exits.Stopped()


async def test_c8_22_an_info_handler_may_stop_push_and_broadcast() -> None:
    async with connect(station) as ann, connect(station) as bob:
        hers, _ = await ann.join(STATION, Station.join, Nothing())
        his, _ = await bob.join(STATION, Station.join, Nothing())
        await hers.inform(Ring())
        assert await hers.expect(Alarm) == Alarm(loud=False)
        assert await his.expect_event("stamp")
        await hers.inform(Stop())

        assert await hers.expect_ended() == Ended("phx_close")
        await his.expect_nothing()


async def test_c8_24_the_program_tells_a_member_something_and_goes_on() -> None:
    async with connect(make_endpoint(Journal())) as ann:
        room = await joined(ann)
        await room.inform(Tick(5))

        assert await room.expect(Count) == Count(n=5)


async def test_c8_25_a_second_leave_harms_nothing() -> None:
    journal = Journal()
    async with connect(make_endpoint(journal)) as ann:
        room = await joined(ann)
        await room.leave()
        await room.leave()

        assert room.ended == Ended("phx_close")
        assert room.exit == exits.Left()
    assert journal.exits == [("ann", exits.Left())]


async def test_c8_26_a_second_close_harms_nothing() -> None:
    journal = Journal()
    async with connect(make_endpoint(journal)) as ann:
        room = await joined(ann)
        ann.close(4000, "bye")
        ann.close()
        await anyio.wait_all_tasks_blocked()

        assert room.exit == exits.Closed(4000, "bye")
    assert journal.exits == [("ann", exits.Closed(4000, "bye"))]


@pytest.mark.trio_clock
async def test_c8_27_a_farewell_that_takes_too_long_is_cut_off(
    caplog: pytest.LogCaptureFixture,
) -> None:
    journal = Journal(hang_in_farewell=True)
    async with connect(make_endpoint(journal), patience=60) as ann:
        room = await joined(ann)
        ann.close()

    assert room.exit == exits.Closed(1000)
    assert "on_leave timed out" in caplog.text


async def test_c8_30_an_info_that_no_handler_takes_is_a_warning_and_the_member_lives(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with connect(make_endpoint(Journal())) as ann:
        room = await joined(ann)
        await room.inform("what is this?")

        assert await room.call(Room.say, Say(body="hi")) == Ok()
    assert "unhandled info" in caplog.text


async def test_c8_31_a_disconnect_by_id_is_seen_by_all_of_its_sockets() -> None:
    endpoint = make_endpoint(Journal())
    async with connect(endpoint) as one, connect(endpoint) as two:
        assert endpoint.disconnect("user:ann", "enough") == 2

        assert await one.expect_closed() == Closed(1001, "enough")
        assert await two.expect_closed() == Closed(1001, "enough")
