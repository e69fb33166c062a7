"""What an endpoint tells of itself, to functions and to its log."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING, Annotated

import anyio
import pytest

from channelkit import (
    CallFailed,
    Channel,
    ChannelHandledIn,
    ChannelJoined,
    ChannelLeft,
    Endpoint,
    FilterParameters,
    Limits,
    LogLevels,
    Message,
    Ok,
    Refusal,
    Refused,
    Secret,
    SocketConnected,
    SocketDisconnected,
    channel,
    on_event,
    on_join,
)
from channelkit.exits import Closed, Left, Stopped
from channelkit.testing import connect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import JsonValue

    from channelkit.instruments import Told

pytestmark = pytest.mark.anyio


class Login(Message):
    """The connect parameters."""

    name: str
    pin: Annotated[str, Secret()] = ""
    iban: str = ""


class Banned(Refusal, status=401):
    """This name may not connect."""


class Enter(Message):
    """How the join is to end."""

    how: str = "ok"
    pin: Annotated[str, Secret()] = ""
    iban: str = ""


class Full(Refusal):
    """No room left."""


class Act(Message):
    """What the handler is to do."""

    how: str = "ok"
    pin: Annotated[str, Secret()] = ""
    password: str = ""


class Number(Message):
    """An item of a stream."""

    n: int


def is_open(room: Room) -> bool:
    """Room 0 is closed."""
    return room.room_id != 0


@channel("room:{room_id}")
class Room(Channel[str, Number]):
    """Joins and events that end in every way."""

    room_id: int

    @on_join
    async def join(self, params: Enter) -> Full | None:
        """Grant, refuse or crash."""
        if params.how == "crash":
            raise LookupError(params)
        if params.how == "wait":
            await anyio.sleep_forever()
        if params.how == "late":
            with anyio.CancelScope(shield=True):
                await anyio.sleep(9.0)
        return Full() if params.how == "full" else None

    @on_event("act", allow=is_open)
    async def act(self, message: Act) -> Ok | Full:
        """Answer, refuse or crash."""
        match message.how:
            case "ok":
                return Ok()
            case "full":
                return Full()
            case "raised":
                raise Refused(Full())
            case "undeclared":
                return Login(name="ann")  # type: ignore[return-value]  # pyright: ignore
            case _:
                raise LookupError(message)

    @on_event("hush")
    async def hush(self, message: Act) -> None:
        """No reply."""

    @on_event("later", concurrent=True)
    async def later(self, message: Act) -> Ok:
        """Beside the others."""
        return Ok()

    @on_event("seldom", rate="1/h")
    async def seldom(self, message: Act) -> Ok:
        """Not often."""
        return Ok()

    @on_event("count")
    async def count(self, message: Act) -> AsyncGenerator[Number | Full, None]:
        """A stream."""
        yield Number(n=1)
        if message.how == "full":
            yield Full()
        if message.how == "crash":
            raise LookupError(message)


@channel("phoenix_fan:{name}")
class Fan(Channel[str]):
    """A topic of a name that is Phoenix's own."""

    name: str

    @on_join
    async def join(self, params: Enter) -> None:
        """Everybody may."""

    @on_event("act")
    async def act(self, message: Act) -> Ok:
        """Nothing."""
        return Ok()


async def admit(params: Login) -> str | Banned:
    """Nobody called eve."""
    return Banned() if params.name == "eve" else params.name


def made(**options: object) -> Endpoint[str]:
    """An endpoint with these channels."""
    build: type = Endpoint
    endpoint: Endpoint[str] = build("/socket", [Room, Fan], admit, identify=str, **options)
    return endpoint


def heard(endpoint: Endpoint[str]) -> list[Told]:
    """What it tells from now on."""
    events: list[Told] = []
    endpoint.instrument(
        socket_connected=events.append,
        socket_disconnected=events.append,
        channel_joined=events.append,
        channel_left=events.append,
        channel_handled_in=events.append,
    )
    return events


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """The log, DEBUG and all."""
    with caplog.at_level(logging.DEBUG, "channelkit"):
        yield caplog


ANN = {"name": "ann", "pin": "1234"}
ROOM = Room.topic_for(room_id=1)


async def test_a_whole_life_is_told_in_order() -> None:
    endpoint = made()
    events = heard(endpoint)

    async with connect(endpoint, ANN) as socket:
        room, _ = await socket.join(ROOM, Room.join, Enter(pin="1234"))
        await room.call(Room.act, Act(pin="1234"))
        await room.leave()

    assert list(map(type, events)) == [
        SocketConnected,
        ChannelJoined,
        ChannelHandledIn,
        ChannelLeft,
        SocketDisconnected,
    ]
    connected, joined, handled, left, disconnected = events
    assert isinstance(connected, SocketConnected)
    assert (connected.result, connected.id, connected.endpoint) == ("ok", "ann", "/socket")
    assert (connected.path, connected.transport) == ("/socket/websocket", "websocket")
    assert (connected.vsn, connected.serializer) == ("2.0.0", "V2")
    assert connected.params == {"name": "ann", "pin": "[FILTERED]"}
    assert connected.info is not None
    assert isinstance(joined, ChannelJoined)
    assert (joined.topic, joined.pattern, joined.result) == ("room:1", "room:{room_id}", "ok")
    assert joined.params == {"how": "ok", "pin": "[FILTERED]", "iban": ""}
    assert isinstance(handled, ChannelHandledIn)
    assert (handled.event, handled.ref, handled.result) == ("act", "2", "ok")
    assert handled.params == {"how": "ok", "pin": "[FILTERED]", "password": "[FILTERED]"}
    assert isinstance(left, ChannelLeft)
    assert (left.exit, left.id) == (Left(), "ann")
    assert isinstance(disconnected, SocketDisconnected)
    assert disconnected.exit == Closed(1000)
    assert all(getattr(event, "duration") >= 0 for event in events)  # noqa: B009  (all but drains)


async def test_a_refused_connection_is_told_with_status_and_reason() -> None:
    endpoint = made()
    events = heard(endpoint)

    with pytest.raises(Refused):
        async with connect(endpoint, {"name": "eve"}):
            pass

    [event] = events
    assert isinstance(event, SocketConnected)
    assert (event.result, event.status, event.reason) == ("error", 401, "banned")
    assert event.params == {"name": "eve"}


@pytest.mark.parametrize(
    ("how", "result", "reason"),
    [("full", "error", "full"), ("crash", "crashed", "join crashed")],
)
async def test_a_join_that_is_not_granted_is_told(how: str, result: str, reason: str) -> None:
    endpoint = made()
    events = heard(endpoint)

    async with connect(endpoint, ANN) as socket:
        reply = await socket.replied(
            socket.push("room:1", "phx_join", {"how": how}, join_ref="1"), lambda: "no reply"
        )

    assert reply.status == "error"
    joined = events[1]
    assert isinstance(joined, ChannelJoined)
    assert (joined.result, joined.reason) == (result, reason)
    assert not any(isinstance(event, ChannelLeft) for event in events)


async def test_params_that_do_not_validate_are_masked_too() -> None:
    endpoint = made()
    events = heard(endpoint)

    async with connect(endpoint, ANN) as socket:
        payload: JsonValue = {"how": 7, "pin": ["1234"], "url": "?token=1234"}
        push = socket.push("room:1", "phx_join", payload, join_ref="1")
        await socket.replied(push, lambda: "no reply")

    joined = events[1]
    assert isinstance(joined, ChannelJoined)
    assert joined.reason == "invalid payload"
    assert joined.params == {"how": 7, "pin": "[FILTERED]", "url": "[FILTERED]"}


@pytest.mark.trio_clock
async def test_a_join_that_takes_too_long_is_told() -> None:
    endpoint = made(limits=Limits(join=8.0))
    events = heard(endpoint)

    async with connect(endpoint, ANN, patience=20.0) as socket:
        with pytest.raises(CallFailed, match="join timeout"):
            await socket.join(ROOM, Room.join, Enter(how="wait"))

    joined = events[1]
    assert isinstance(joined, ChannelJoined)
    assert (joined.result, joined.reason) == ("error", "join timeout")
    assert joined.duration == pytest.approx(8.0)


@pytest.mark.trio_clock
async def test_a_join_that_is_granted_too_late_is_told_and_so_is_its_end() -> None:
    endpoint = made()
    events = heard(endpoint)

    async with connect(endpoint, ANN, patience=20.0) as socket:
        with pytest.raises(CallFailed, match="join timeout"):
            await socket.join(ROOM, Room.join, Enter(how="late"))

    _, joined, left, _ = events
    assert isinstance(joined, ChannelJoined)
    assert joined.result == "ok"
    assert joined.duration == pytest.approx(9.0)
    assert isinstance(left, ChannelLeft)
    assert left.exit == Stopped("join timeout")


@pytest.mark.parametrize(
    ("event", "how", "result", "reason"),
    [
        ("act", "ok", "ok", None),
        ("act", "full", "error", "full"),
        ("act", "raised", "error", "full"),
        ("hush", "ok", "none", None),
        ("act", "crash", "crashed", None),
        ("act", "undeclared", "crashed", None),
        ("act", 7, "error", "invalid payload"),
        ("later", "ok", "ok", None),
        ("count", "ok", "ok", None),
        ("count", "full", "error", "full"),
        ("count", "crash", "crashed", None),
        ("count", 7, "error", "invalid payload"),
    ],
)
async def test_an_event_is_told_however_it_ends(
    event: str, how: str | int, result: str, reason: str | None
) -> None:
    endpoint = made()
    events = heard(endpoint)

    async with connect(endpoint, ANN) as socket:
        room, _ = await socket.join(ROOM, Room.join, Enter())
        payload: JsonValue = {"how": how}
        socket.push("room:1", event, payload, join_ref=room.join_ref)
        await socket.patience.passes()

    [handled] = [told for told in events if isinstance(told, ChannelHandledIn)]
    assert (handled.event, handled.result, handled.reason) == (event, result, reason)


async def test_an_event_that_is_not_allowed_or_comes_too_soon_is_told() -> None:
    endpoint = made()
    events = heard(endpoint)

    async with connect(endpoint, ANN) as socket:
        closed, _ = await socket.join(Room.topic_for(room_id=0), Room.join, Enter())
        with pytest.raises(CallFailed, match="forbidden"):
            await closed.call(Room.act, Act())
        await closed.call(Room.seldom, Act())
        with pytest.raises(CallFailed, match="rate_limited"):
            await closed.call(Room.seldom, Act())

    told = [event for event in events if isinstance(event, ChannelHandledIn)]
    assert [(one.result, one.reason) for one in told] == [
        ("error", "forbidden"),
        ("ok", None),
        ("error", "rate_limited"),
    ]


async def test_leaves_and_unknown_events_are_no_handled_events() -> None:
    endpoint = made()
    events = heard(endpoint)

    async with connect(endpoint, ANN) as socket:
        room, _ = await socket.join(ROOM, Room.join, Enter())
        await socket.replied(
            socket.push("room:1", "nobody knows", {}, join_ref=room.join_ref), lambda: "no reply"
        )
        await room.leave()

    assert not any(isinstance(event, ChannelHandledIn) for event in events)


async def test_a_hook_that_raises_harms_nobody_and_is_logged_once(
    log: pytest.LogCaptureFixture,
) -> None:
    endpoint = made(log=False)

    def broken(event: object) -> None:
        raise LookupError("no metrics")

    endpoint.instrument(
        socket_connected=broken,
        socket_disconnected=broken,
        channel_joined=broken,
        channel_left=broken,
        channel_handled_in=broken,
    )
    events = heard(endpoint)

    for _ in range(2):
        async with connect(endpoint, ANN) as socket:
            room, _state = await socket.join(ROOM, Room.join, Enter())
            assert await room.call(Room.act, Act()) == Ok()

    assert len(events) == 10
    assert len(log.messages) == 5
    assert all(line.startswith("hook crashed path=/socket hook=") for line in log.messages)


async def test_an_instrument_is_removed_and_others_stay() -> None:
    endpoint = made()
    stays = heard(endpoint)
    gone: list[object] = []

    with endpoint.instrument(channel_joined=gone.append) as instrument:
        async with connect(endpoint, ANN) as socket:
            await socket.join(ROOM, Room.join, Enter())
    instrument.remove()
    async with connect(endpoint, ANN) as socket:
        await socket.join(ROOM, Room.join, Enter())

    assert len(gone) == 1
    assert len([event for event in stays if isinstance(event, ChannelJoined)]) == 2


async def test_a_live_member_is_heard_by_who_comes_later() -> None:
    endpoint = made()

    async with connect(endpoint, ANN) as socket:
        room, _ = await socket.join(ROOM, Room.join, Enter())
        await room.call(Room.act, Act())
        events = heard(endpoint)
        await room.call(Room.act, Act())

    assert len([event for event in events if isinstance(event, ChannelHandledIn)]) == 1


async def test_the_log_is_built_on_what_is_told(log: pytest.LogCaptureFixture) -> None:
    async with connect(made(), {**ANN, "token": "1234"}) as socket:
        room, _ = await socket.join(ROOM, Room.join, Enter(pin="1234"))
        await room.call(Room.act, Act(password="1234"))
        await socket.join(Room.topic_for(room_id=2), Room.join, Enter(how="full"))

    lines = log.messages
    assert "1234" not in log.text
    assert lines[0] == (
        'connected peer="" id=ann path=/socket/websocket transport=websocket vsn=2.0.0 params='
        r'"{\"name\": \"ann\", \"pin\": \"[FILTERED]\", \"token\": \"[FILTERED]\"}"'
    )
    assert lines[1].startswith('joined topic=room:1 peer="" id=ann params=')
    assert lines[2].startswith('handled topic=room:1 peer="" id=ann event=act result=ok params=')
    assert lines[3].startswith('join refused topic=room:2 peer="" id=ann reason=full params=')
    assert lines[4:] == [
        'left topic=room:1 peer="" id=ann exit=Closed(1000)',
        'disconnected peer="" id=ann exit=Closed(1000)',
    ]


async def test_a_crash_shows_no_secret_of_the_message_that_is_in_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with connect(made(), ANN) as socket:
        room, _ = await socket.join(ROOM, Room.join, Enter())
        with pytest.raises(CallFailed):
            await room.call(Room.act, Act(how="crash", pin="1234"))

    assert "1234" not in caplog.text
    assert "LookupError" in caplog.text


async def test_a_log_that_is_off_says_nothing_but_crashes(log: pytest.LogCaptureFixture) -> None:
    with pytest.raises(Refused):
        async with connect(made(log=False), {"name": "eve"}):
            pass
    async with connect(made(log=False), ANN) as socket:
        room, _ = await socket.join(ROOM, Room.join, Enter())
        await room.call(Room.act, Act())
        await socket.join(Room.topic_for(room_id=2), Room.join, Enter(how="full"))
        with pytest.raises(CallFailed):
            await room.call(Room.act, Act(how="crash"))

    assert [line.split()[0] for line in log.messages] == ["crashed"]


async def test_each_kind_of_line_has_its_level(caplog: pytest.LogCaptureFixture) -> None:
    levels = LogLevels(socket="debug", join=None, handle_in="warning")

    with caplog.at_level(logging.DEBUG, "channelkit"):
        async with connect(made(log=levels), ANN) as socket:
            room, _ = await socket.join(ROOM, Room.join, Enter())
            await room.call(Room.act, Act())

    assert [(one.levelname, one.message.split()[0]) for one in caplog.records] == [
        ("DEBUG", "connected"),
        ("WARNING", "handled"),
        ("DEBUG", "disconnected"),
    ]


async def test_topics_that_begin_with_phoenix_are_not_logged_but_told(
    log: pytest.LogCaptureFixture,
) -> None:
    endpoint = made()
    events = heard(endpoint)

    async with connect(endpoint, ANN) as socket:
        room, _ = await socket.join(Fan.topic_for(name="x"), Fan.join, Enter())
        await room.call(Fan.act, Act())

    assert [line.split()[0] for line in log.messages] == ["connected", "disconnected"]
    assert len(events) == 5


async def test_an_endpoint_says_which_names_are_masked(log: pytest.LogCaptureFixture) -> None:
    filters = FilterParameters.adding("IBAN")

    async with connect(made(filter_parameters=filters), {**ANN, "iban": "DE12"}) as socket:
        await socket.join(ROOM, Room.join, Enter(iban="DE12"))

    assert "DE12" not in log.text


async def test_a_level_that_is_changed_counts_from_the_next_join_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with connect(made(), ANN) as socket:
        with caplog.at_level(logging.INFO, "channelkit"):
            room, _ = await socket.join(ROOM, Room.join, Enter())
        with caplog.at_level(logging.DEBUG, "channelkit"):
            await room.call(Room.act, Act())
            await socket.join(Room.topic_for(room_id=2), Room.join, Enter())
            await room.call(Room.act, Act())

    assert len([line for line in caplog.messages if line.startswith("handled")]) == 1
