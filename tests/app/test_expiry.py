"""Grants that end: a join's time, a socket's time, and what is taken back."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import anyio
import anyio.to_thread
import pytest
import trio

from channelkit import (
    CallFailed,
    Channel,
    Endpoint,
    Exit,
    Limits,
    Message,
    Ok,
    Refusal,
    Refused,
    channel,
    on_event,
    on_join,
    on_leave,
)
from channelkit.exits import Closed as ClosedByPeer
from channelkit.exits import Expired, Left, Revoked
from channelkit.testing import Closed, Ended, connect
from channelkit.transports.pace import Pace
from channelkit.transports.sweeper import sweep

pytestmark = pytest.mark.anyio

NOON = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)


@dataclass
class Journal:
    """Who left, and why."""

    exits: list[tuple[str, Exit]] = field(default_factory=list[tuple[str, Exit]])
    gate: anyio.Event = field(default_factory=anyio.Event)
    expires: Any = None
    finished: int = 0
    members: list[Room] = field(default_factory=list["Room"])
    somebody_left: anyio.Event = field(default_factory=anyio.Event)


class Login(Message):
    """The connect parameters."""

    name: str = "ann"


@dataclass
class User:
    """Who is connected."""

    name: str
    journal: Journal


class Enter(Message):
    """A join, with the seconds that it may last."""

    seconds: float | None = None
    wait: bool = False


class Renew(Message):
    """A fresh token, which lasts so long; null for ever."""

    seconds: float | None


@channel("room:{name}")
class Room(Channel[User]):
    """A room whose grants end."""

    name: str

    @on_join
    async def join(self, params: Enter) -> None:
        """Let everybody in, for a while."""
        self.assigns.journal.members.append(self)
        if params.seconds is not None:
            self.expire_at(NOON + timedelta(seconds=params.seconds))
        if params.wait:
            await self.assigns.journal.gate.wait()

    @on_event("renew")
    async def renew(self, message: Renew) -> Ok:
        """Take a fresh token."""
        seconds = message.seconds
        self.expire_at(None if seconds is None else NOON + timedelta(seconds=seconds))
        return Ok()

    @on_event("renew_socket")
    async def renew_socket(self, message: Renew) -> Ok:
        """Take a fresh token for all."""
        seconds = message.seconds
        self.socket.expire_at(None if seconds is None else NOON + timedelta(seconds=seconds))
        return Ok()

    @on_event("wait")
    async def wait(self, message: Enter) -> Ok:
        """Answer once the gate is open."""
        await self.assigns.journal.gate.wait()
        self.assigns.journal.finished += 1
        return Ok()

    @on_event("beside", concurrent=True)
    async def beside(self, message: Enter) -> Ok:
        """The same, beside the others."""
        await self.assigns.journal.gate.wait()
        self.assigns.journal.finished += 1
        return Ok()

    @on_event("sleep")
    async def sleep(self, message: Enter) -> Ok:
        """Never answer."""
        await anyio.sleep_forever()
        return Ok()

    @on_event("ping")
    async def ping(self, message: Enter) -> Ok:
        """Answer."""
        return Ok()

    @on_leave
    async def left(self, reason: Exit) -> None:
        """Write it down."""
        self.assigns.journal.exits.append((f"{self.assigns.name} {self.name}", reason))
        self.assigns.journal.somebody_left.set()


HALL, YARD = Room.topic_for(name="hall"), Room.topic_for(name="yard")


def made(journal: Journal, limits: Limits | None = None) -> Endpoint[User]:
    """The application; to its expiry it is noon."""

    async def enter(params: Login) -> User:
        return User(params.name, journal)

    endpoint = Endpoint(
        "/socket",
        [Room],
        enter,
        identify=lambda user: f"user:{user.name}",
        limits=limits or Limits(),
        expires_at=lambda user: user.journal.expires,
    )
    endpoint.hub.wall = NOON.timestamp
    return endpoint


# A join's time.


async def test_a_join_ends_when_its_time_is_up() -> None:
    journal = Journal()
    async with connect(made(journal)) as socket:
        hall, _ = await socket.join(HALL, Room.join, Enter(seconds=30))
        yard, _ = await socket.join(YARD, Room.join, Enter())
        await socket.elapse(29)
        assert await hall.call(Room.ping, Enter()) == Ok()

        await socket.elapse(30)

        assert await hall.expect_ended() == Ended("phx_close", "expired")
        assert await yard.call(Room.ping, Enter()) == Ok()
        assert journal.exits == [("ann hall", Expired())]


async def test_who_expired_may_join_again() -> None:
    async with connect(made(Journal())) as socket:
        hall, _ = await socket.join(HALL, Room.join, Enter(seconds=30))
        await socket.elapse(31)
        await hall.expect_ended()

        again, _ = await socket.join(HALL, Room.join, Enter(seconds=60))

        assert await again.call(Room.ping, Enter()) == Ok()


async def test_a_fresh_token_gives_more_time_or_less() -> None:
    async with connect(made(Journal())) as socket:
        hall, _ = await socket.join(HALL, Room.join, Enter(seconds=30))
        await hall.call(Room.renew, Renew(seconds=50))
        await socket.elapse(40)
        assert await hall.call(Room.ping, Enter()) == Ok()

        await hall.call(Room.renew, Renew(seconds=20))
        await socket.elapse(21)

        assert await hall.expect_ended() == Ended("phx_close", "expired")


async def test_a_join_may_be_made_to_last() -> None:
    async with connect(made(Journal())) as socket:
        hall, _ = await socket.join(HALL, Room.join, Enter(seconds=30))
        await hall.call(Room.renew, Renew(seconds=None))

        await socket.elapse(10_000, silent=False)

        assert await hall.call(Room.ping, Enter()) == Ok()


async def test_a_moment_that_has_passed_ends_the_member_after_the_reply() -> None:
    async with connect(made(Journal())) as socket:
        hall, _ = await socket.join(HALL, Room.join, Enter())

        assert await hall.call(Room.renew, Renew(seconds=-1)) == Ok()

        assert await hall.expect_ended() == Ended("phx_close", "expired")


@pytest.mark.parametrize("wait", [True, False])
async def test_a_moment_that_has_passed_refuses_the_join(*, wait: bool) -> None:
    async with connect(made(Journal())) as socket:
        with pytest.raises(CallFailed, match="expired"):
            await socket.join(HALL, Room.join, Enter(seconds=0, wait=wait))


async def test_a_moment_that_passes_while_the_join_is_decided_refuses_it() -> None:
    async with connect(made(Journal())) as socket, anyio.create_task_group() as tasks:

        async def join() -> None:
            with pytest.raises(CallFailed, match="expired"):
                await socket.join(HALL, Room.join, Enter(seconds=7, wait=True))

        tasks.start_soon(join)
        await socket.elapse(0)
        await socket.elapse(7.5)


async def test_the_running_handler_may_finish() -> None:
    journal = Journal()
    async with connect(made(journal)) as socket:
        hall, _ = await socket.join(HALL, Room.join, Enter(seconds=30))
        await hall.send(Room.wait, Enter())
        await hall.send(Room.ping, Enter())
        await socket.elapse(31)
        journal.gate.set()

        assert await hall.expect_ended() == Ended("phx_close", "expired")

    assert journal.finished == 1


async def test_concurrent_handlers_may_finish_too() -> None:
    journal = Journal()
    async with connect(made(journal)) as socket:
        hall, _ = await socket.join(HALL, Room.join, Enter(seconds=30))
        await hall.send(Room.beside, Enter())
        await socket.elapse(31)
        journal.gate.set()

        assert await hall.expect_ended() == Ended("phx_close", "expired")

    assert journal.finished == 1


@pytest.mark.trio_clock
async def test_a_handler_that_does_not_finish_is_cancelled() -> None:
    journal = Journal()
    async with connect(made(journal), patience=60) as socket:
        hall, _ = await socket.join(HALL, Room.join, Enter(seconds=30))
        await hall.send(Room.sleep, Enter())
        await socket.elapse(31)
        began = anyio.current_time()

        assert await hall.expect_ended() == Ended("phx_close", "expired")

        assert anyio.current_time() - began == pytest.approx(Limits().leave, abs=0.1)
    assert journal.exits == [("ann hall", Expired())]


async def test_a_leave_before_the_time_is_an_ordinary_leave() -> None:
    journal = Journal()
    async with connect(made(journal)) as socket:
        hall, _ = await socket.join(HALL, Room.join, Enter(seconds=30))
        await hall.leave()

        await socket.elapse(31)

        assert journal.exits == [("ann hall", Left())]


async def test_a_moment_that_is_set_behind_the_end_is_nothing() -> None:
    journal = Journal()
    endpoint = made(journal)
    async with connect(endpoint) as socket:
        hall, _ = await socket.join(HALL, Room.join, Enter())
        await hall.leave()
        (connection,) = endpoint.hub.connections

        journal.members[0].expire_at(NOON + timedelta(seconds=30))

        assert connection.expiry.earliest == math.inf
        await socket.elapse(31)
        assert journal.exits == [("ann hall", Left())]


NOT_A_MOMENT: list[tuple[Any, type[Exception], str]] = [
    (datetime(2026, 1, 1), ValueError, "no timezone; give it a timezone"),
    (1.5, TypeError, "got float; a token's exp becomes one"),
    ("2026-01-01", TypeError, "got str"),
]


@pytest.mark.parametrize(("when", "kind", "why"), NOT_A_MOMENT)
async def test_what_is_no_moment_is_a_crash_that_says_what_to_do(
    when: Any, kind: type[Exception], why: str, caplog: pytest.LogCaptureFixture
) -> None:
    @channel("wrong")
    class Wrong(Channel[None]):
        @on_join
        async def join(self, params: Enter) -> None:
            self.expire_at(when)

    async with connect(Endpoint("/socket", [Wrong])) as socket:
        with pytest.raises(CallFailed, match="join crashed"):
            await socket.join(Wrong.topic_for(), Wrong.join, Enter())

    (record,) = [record for record in caplog.records if record.exc_info]
    assert record.exc_info is not None
    assert isinstance(record.exc_info[1], kind)
    assert why in str(record.exc_info[1])


async def test_a_moment_may_have_any_timezone() -> None:
    journal = Journal(expires=datetime(2026, 1, 1, 6, 0, 30, tzinfo=timezone(timedelta(hours=-6))))
    async with connect(made(journal)) as socket:
        await socket.elapse(29)
        assert socket.carrier.closed is None

        await socket.elapse(31)

        assert await socket.expect_closed() == Closed(3000, "expired")


# A socket's time.


async def test_a_socket_ends_when_its_time_is_up_and_its_members_are_told() -> None:
    journal = Journal(expires=NOON + timedelta(hours=1))
    async with connect(made(journal)) as socket:
        await socket.join(HALL, Room.join, Enter())
        await socket.join(YARD, Room.join, Enter())

        await socket.elapse(3601, silent=False)

        assert await socket.expect_closed() == Closed(3000, "expired")
        assert sorted(name for name, _ in journal.exits) == ["ann hall", "ann yard"]
        assert [reason for _, reason in journal.exits] == [Expired()] * 2


async def test_a_socket_that_expires_does_not_wait_for_its_handlers() -> None:
    journal = Journal(expires=NOON + timedelta(seconds=30))
    async with connect(made(journal)) as socket:
        hall, _ = await socket.join(HALL, Room.join, Enter())
        await hall.send(Room.beside, Enter())
        await hall.send(Room.sleep, Enter())

        await socket.elapse(31)

        assert await socket.expect_closed() == Closed(3000, "expired")
    assert journal.finished == 0


async def test_a_channel_may_give_its_socket_more_time() -> None:
    journal = Journal(expires=NOON + timedelta(seconds=30))
    async with connect(made(journal)) as socket:
        hall, _ = await socket.join(HALL, Room.join, Enter())
        await hall.call(Room.renew_socket, Renew(seconds=50))
        await socket.elapse(40)
        assert await hall.call(Room.ping, Enter()) == Ok()

        await hall.call(Room.renew_socket, Renew(seconds=-1))

        assert await socket.expect_closed() == Closed(3000, "expired")


async def test_a_socket_whose_time_is_over_is_not_let_in() -> None:
    with pytest.raises(CallFailed, match="expired"):
        async with connect(made(Journal(expires=NOON))):
            raise AssertionError("it was let in")


@pytest.mark.parametrize(("when", "kind", "why"), NOT_A_MOMENT)
async def test_a_socket_whose_moment_is_none_is_a_crash(
    when: Any, kind: type[Exception], why: str
) -> None:
    with pytest.raises(kind, match=why):
        async with connect(made(Journal(expires=when))):
            raise AssertionError("it was let in")


async def test_a_refused_connect_has_no_time() -> None:
    async def refuse(params: Login) -> User | NotNow:
        raise Refused(NotNow())

    with pytest.raises(Refused):
        async with connect(Endpoint("/socket", [Room], refuse, expires_at=lambda _: NOON)):
            raise AssertionError("it was let in")


@pytest.mark.trio_clock
async def test_the_sweeper_of_a_server_finds_who_expires_within_a_second() -> None:
    journal = Journal()
    endpoint = made(journal)
    began = trio.current_time()
    endpoint.hub.wall = lambda: NOON.timestamp() + trio.current_time() - began
    async with anyio.create_task_group() as tasks, connect(endpoint) as socket:
        tasks.start_soon(sweep, [endpoint.hub], Pace(Limits()))
        await socket.join(HALL, Room.join, Enter(seconds=30))

        await journal.somebody_left.wait()

        assert 30 <= trio.current_time() - began <= 31.1
        assert journal.exits == [("ann hall", Expired())]
        tasks.cancel_scope.cancel()


# What is taken back.


class NotNow(Refusal):
    """Never sent."""


async def test_a_revoked_join_ends_at_once_and_its_client_is_told() -> None:
    journal = Journal()
    endpoint = made(journal)
    async with connect(endpoint) as socket:
        hall, _ = await socket.join(HALL, Room.join, Enter())
        yard, _ = await socket.join(YARD, Room.join, Enter())
        await hall.send(Room.sleep, Enter())

        assert endpoint.revoke(id="user:ann", topic=HALL, reason="banned") == 1

        assert await hall.expect_ended() == Ended("phx_close", "revoked")
        assert await yard.call(Room.ping, Enter()) == Ok()
        assert journal.exits == [("ann hall", Revoked("banned"))]


async def test_joins_are_revoked_by_id_or_by_topic_and_counted() -> None:
    journal = Journal()
    endpoint = made(journal)
    async with connect(endpoint) as ann, connect(endpoint, Login(name="bob")) as bob:
        for socket in (ann, bob):
            await socket.join(HALL, Room.join, Enter())
            await socket.join(YARD, Room.join, Enter())

        assert endpoint.revoke(topic="room:nowhere") == 0
        assert endpoint.revoke(id="user:carl") == 0
        assert endpoint.revoke(topic=HALL) == 2
        await ann.patience.settled()
        assert endpoint.revoke(id="user:bob") == 1
        await ann.patience.settled()
        assert endpoint.revoke(id="user:bob") == 0

        assert sorted(name for name, _ in journal.exits) == ["ann hall", "bob hall", "bob yard"]


async def test_a_pending_join_is_revoked_too() -> None:
    journal = Journal()
    endpoint = made(journal)
    async with connect(endpoint) as socket, anyio.create_task_group() as tasks:

        async def join() -> None:
            with pytest.raises(CallFailed, match="revoked"):
                await socket.join(HALL, Room.join, Enter(wait=True))

        tasks.start_soon(join)
        await socket.patience.settled()

        assert endpoint.revoke(topic=HALL) == 1

    assert journal.exits == []


async def test_a_member_that_is_ending_is_not_counted() -> None:
    journal = Journal()
    endpoint = made(journal)
    async with connect(endpoint) as socket:
        await socket.join(HALL, Room.join, Enter())

        assert [endpoint.revoke(topic=HALL), endpoint.revoke(topic=HALL)] == [1, 0]


async def test_a_revocation_may_come_from_another_thread() -> None:
    journal = Journal()
    endpoint = made(journal)
    assert endpoint.from_thread.revoke(id="user:ann") == 0
    async with connect(endpoint) as socket:
        hall, _ = await socket.join(HALL, Room.join, Enter())

        def revoke() -> int:
            return endpoint.from_thread.revoke(topic=HALL, reason="late")

        assert await anyio.to_thread.run_sync(revoke) == 1
        assert await hall.expect_ended() == Ended("phx_close", "revoked")
        assert (await anyio.to_thread.run_sync(endpoint.from_thread.disconnect, "user:ann")) == 1

    assert journal.exits == [("ann hall", Revoked("late"))]


async def test_a_revocation_of_nothing_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="an id, a topic or both"):
        made(Journal()).revoke()  # type: ignore[call-overload]  # pyright: ignore


# Told to the endpoint.


@dataclass
class Goodbyes:
    """What `on_disconnect` was told."""

    journal: Journal = field(default_factory=Journal)
    told: list[tuple[str, Exit]] = field(default_factory=list[tuple[str, Exit]])
    does: str = ""

    def endpoint(self, limits: Limits | None = None) -> Endpoint[User]:
        """The application."""

        async def enter(params: Login) -> User:
            return User(params.name, self.journal)

        async def over(user: User, reason: Exit) -> None:
            if self.does == "wait":
                await anyio.sleep_forever()
            await anyio.lowlevel.checkpoint()
            self.told.append((user.name, reason))
            if self.does == "crash":
                raise RuntimeError("on purpose")

        return Endpoint("/socket", [Room], enter, limits=limits or Limits(), on_disconnect=over)


async def test_the_endpoint_is_told_once_of_a_connection_that_is_over_after_its_members() -> None:
    goodbyes = Goodbyes()
    async with connect(goodbyes.endpoint()) as socket:
        await socket.join(HALL, Room.join, Enter())
        socket.close(4000, "bye")
        await socket.patience.passes()

        assert goodbyes.told == [("ann", ClosedByPeer(4000, "bye"))]
        assert goodbyes.journal.exits == [("ann hall", ClosedByPeer(4000, "bye"))]
    assert len(goodbyes.told) == 1


async def test_nobody_is_told_of_a_member_that_ends_alone() -> None:
    goodbyes = Goodbyes()
    endpoint = goodbyes.endpoint()
    async with connect(endpoint) as socket:
        await socket.join(HALL, Room.join, Enter())
        endpoint.revoke(topic=HALL)
        await socket.patience.settled()

        assert goodbyes.told == []


async def test_a_goodbye_that_raises_is_logged_and_harms_nobody(
    caplog: pytest.LogCaptureFixture,
) -> None:
    goodbyes = Goodbyes(does="crash")
    async with connect(goodbyes.endpoint()):
        pass

    assert [name for name, _ in goodbyes.told] == ["ann"]
    (record,) = [record for record in caplog.records if record.exc_info]
    assert record.getMessage().startswith("on_disconnect crashed ")


@pytest.mark.trio_clock
async def test_a_goodbye_that_never_ends_is_cancelled(caplog: pytest.LogCaptureFixture) -> None:
    began = anyio.current_time()
    async with connect(Goodbyes(does="wait").endpoint(Limits(leave=2))):
        pass

    assert anyio.current_time() - began == pytest.approx(2, abs=0.1)
    assert [r.getMessage().split(" peer")[0] for r in caplog.records] == ["on_disconnect timed out"]


async def test_a_goodbye_is_said_though_the_server_is_cancelled() -> None:
    goodbyes = Goodbyes()
    with anyio.CancelScope() as scope:
        async with connect(goodbyes.endpoint()) as socket:
            await socket.join(HALL, Room.join, Enter())
            scope.cancel()
            await anyio.sleep_forever()

    assert [name for name, _ in goodbyes.told] == ["ann"]


async def test_an_endpoint_without_connect_is_told_too() -> None:
    told: list[tuple[None, Exit]] = []

    async def over(assigns: None, reason: Exit) -> None:
        told.append((assigns, reason))

    async with connect(Endpoint("/socket", [Club], on_disconnect=over)) as socket:
        await socket.join(Club.topic_for(), Club.join, Enter())
        socket.drop()

    assert [(assigns, type(reason).__name__) for assigns, reason in told] == [
        (None, "ConnectionLost")
    ]


@channel("club")
class Club(Channel[None]):
    """A channel without assigns."""

    @on_join
    async def join(self, params: Enter) -> None:
        """Let everybody in."""


# An id.


@pytest.mark.parametrize("given", [7, b"user:1", ["a"]])
async def test_an_id_that_is_no_text_is_a_crash_that_says_what_to_do(given: Any) -> None:
    async def enter(params: Login) -> User:
        return User(params.name, Journal())

    endpoint = Endpoint("/socket", [Room], enter, identify=lambda _: given)

    with pytest.raises(TypeError, match="an id is a str, or None"):
        async with connect(endpoint):
            raise AssertionError("it was let in")
