"""Raw sockets as their author sees them: callbacks in order, answers, the end, the bounds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import anyio
import anyio.lowlevel
import pytest

from channelkit import (
    CallFailed,
    Exit,
    Limits,
    LocalProtocolError,
    Message,
    Ping,
    Pong,
    RawEndpoint,
    RawSocket,
    Refusal,
    Refused,
    exits,
)
from channelkit.testing import Closed, connect_raw

if TYPE_CHECKING:
    from channelkit import ConnectInfo

pytestmark = pytest.mark.anyio


@dataclass
class Books:
    """What the callbacks saw, and the gate that `wait` waits at."""

    lines: list[str] = field(default_factory=list[str])
    exits: list[Exit] = field(default_factory=list[Exit])
    gate: anyio.Event = field(default_factory=anyio.Event)


class Login(Message):
    """How to connect."""

    name: str = "ann"
    room: str = ""


class Banned(Refusal, status=401):
    """Not this one."""


@dataclass(frozen=True)
class User:
    """Who is connected."""

    name: str
    books: Books


@dataclass(frozen=True)
class Tick:
    """An info."""

    n: int


class Talk(RawSocket[User]):
    """Does what it is told."""

    count = 0

    async def on_open(self) -> str:
        """Greet."""
        self.assigns.books.lines.append("open")
        return f"hello {self.assigns.name}"

    async def on_frame(self, frame: str | bytes) -> str | bytes | None:
        """Do what the text says; binary comes back."""
        self.count += 1
        self.assigns.books.lines.append(f"frame {frame!r}")
        match frame:
            case bytes():
                return frame
            case "wait":
                await self.assigns.books.gate.wait()
                return "waited"
            case "nap":
                await anyio.sleep(1.1)
                return None
            case "crash":
                raise RuntimeError("as asked")
            case "close":
                self.close(4001, "enough")
                return "closing"
            case "burst":
                self.send_nowait("one")
                self.socket.ping(b"two")
                await self.send(b"three")
                return "four"
            case "count":
                return str(self.count)
            case "later":
                self.inform(Tick(7))
                return "first"
            case "wrong":
                return 5  # type: ignore[return-value]  # pyright: ignore[reportReturnType]
            case _:
                return None

    async def on_control(self, frame: Ping | Pong) -> None:
        """Write it down."""
        self.assigns.books.lines.append(f"{frame!r}")

    async def on_info(self, info: Tick) -> str:
        """Tell the peer."""
        return f"tick {info.n}"

    async def on_terminate(self, reason: Exit) -> None:
        """Say goodbye, and write it down."""
        self.assigns.books.exits.append(reason)
        self.send_nowait("bye")


def make_endpoint(books: Books, limits: Limits | None = None, **options: Any) -> RawEndpoint[User]:
    async def connect(params: Login, info: ConnectInfo) -> User | Banned:
        books.lines.append(f"connect {params.name}{params.room} {info.uri.path}")
        return Banned() if params.name == "bob" else User(params.name, books)

    return RawEndpoint(
        "/talk",
        Talk,
        connect,
        identify=lambda user: user.name,
        limits=limits or Limits(),
        **options,
    )


async def test_callbacks_run_in_order_and_what_they_return_is_sent() -> None:
    books = Books()
    async with connect_raw(make_endpoint(books)) as ann:
        assert await ann.expect() == "hello ann"
        await ann.send("nothing")
        await ann.send(b"\x00\xff")
        assert await ann.expect() == b"\x00\xff"
        await ann.send("count")
        assert await ann.expect() == "3"
        await ann.expect_nothing()
    assert books.lines[:4] == ["connect ann /talk", "open", "frame 'nothing'", r"frame b'\x00\xff'"]
    assert books.exits == [exits.Closed(1000)]


async def test_what_is_sent_leaves_in_order() -> None:
    async with connect_raw(make_endpoint(Books())) as ann:
        await ann.send("burst")

        assert [await ann.expect() for _ in range(5)] == [
            "hello ann",
            "one",
            Ping(b"two"),
            b"three",
            "four",
        ]


async def test_control_frames_reach_the_callback_and_a_ping_is_answered_by_itself() -> None:
    books = Books()
    async with connect_raw(make_endpoint(books)) as ann:
        await ann.expect()
        await ann.send(Ping(b"hi"))
        await ann.send(Pong(b"ho"))

        assert await ann.expect() == Pong(b"hi")
        await ann.expect_nothing()
    assert books.lines[2:] == ["Ping(payload=b'hi')", "Pong(payload=b'ho')"]


async def test_infos_come_from_the_socket_itself_and_by_id() -> None:
    endpoint = make_endpoint(Books())
    async with connect_raw(endpoint) as ann, connect_raw(endpoint, Login(name="cid")) as cid:
        await ann.send("later")
        taken = endpoint.inform("cid", Tick(1))

        assert [await ann.expect() for _ in range(3)] == ["hello ann", "first", "tick 7"]
        assert [await cid.expect() for _ in range(2)] == ["hello cid", "tick 1"]
        assert (taken, endpoint.inform("nobody", Tick(1))) == (1, 0)


async def test_frames_may_be_pushed_from_outside_by_id() -> None:
    endpoint = make_endpoint(Books())
    async with connect_raw(endpoint) as ann:
        for socket in endpoint.sockets("ann"):
            await socket.send_frame("psst")

        assert {await ann.expect(), await ann.expect()} == {"psst", "hello ann"}


async def test_a_refusal_is_typed_and_wrong_parameters_are_told() -> None:
    endpoint = make_endpoint(Books())
    with pytest.raises(Refused) as refused:
        async with connect_raw(endpoint, Login(name="bob")):
            pass
    with pytest.raises(CallFailed):
        async with connect_raw(endpoint, {"name": {}}):
            pass

    assert refused.value.refusal == Banned()


async def test_a_crash_closes_1011_and_only_this_connection(
    caplog: pytest.LogCaptureFixture,
) -> None:
    books = Books()
    endpoint = make_endpoint(books)
    async with connect_raw(endpoint) as ann, connect_raw(endpoint, Login(name="cid")) as cid:
        await ann.send("crash")

        assert await ann.expect_closed() == Closed(1011)
        await cid.send(b"alive")
        assert [await cid.expect(), await cid.expect()] == ["hello cid", b"alive"]
        assert [type(reason) for reason in books.exits] == [exits.Crashed]
    assert "socket crashed" in caplog.text
    assert "as asked" in caplog.text


async def test_an_answer_that_is_no_frame_is_a_crash(caplog: pytest.LogCaptureFixture) -> None:
    async with connect_raw(make_endpoint(Books())) as ann:
        await ann.send("wrong")

        assert await ann.expect_closed() == Closed(1011)
    assert "a frame is str or bytes, got int" in caplog.text


async def test_the_socket_closes_behind_the_callbacks_answer_and_farewell() -> None:
    books = Books()
    async with connect_raw(make_endpoint(books)) as ann:
        await ann.send("close")
        await ann.send("never handled")

        assert await ann.expect_closed() == Closed(4001, "enough")
        assert ann.unread == ["hello ann", "closing", "bye"]
    assert books.exits == [exits.Disconnected(4001, "enough")]
    assert "frame 'never handled'" not in books.lines


async def test_disconnecting_by_id_waits_for_no_callback() -> None:
    books = Books()
    endpoint = make_endpoint(books)
    async with connect_raw(endpoint) as ann:
        await ann.send("wait")
        await ann.patience.settled()
        assert endpoint.disconnect("ann", "out") == 1

        assert await ann.expect_closed() == Closed(1001, "out")
    assert books.exits == [exits.Disconnected(1001, "out")]


async def test_what_came_before_the_goodbye_is_handled_before_it() -> None:
    books = Books()
    async with connect_raw(make_endpoint(books)) as ann:
        await ann.send("wait")
        await ann.send(b"and this")
        ann.close(4000, "done")
        await ann.patience.settled()
        assert books.exits == []
        books.gate.set()
        assert [await ann.expect() for _ in range(3)] == ["hello ann", "waited", b"and this"]
        await ann.patience.settled()
    assert books.exits == [exits.Closed(4000, "done")]


async def test_a_goodbye_waits_no_longer_than_a_leave_may_take() -> None:
    books = Books()
    async with connect_raw(make_endpoint(books, Limits(leave=5))) as ann:
        await ann.send("wait")
        await ann.patience.settled()
        ann.close()
        await ann.elapse(4.9)
        assert books.exits == []
        await ann.elapse(5.1)
        await ann.patience.settled()

        assert books.exits == [exits.Closed(1000)]


async def test_a_lost_connection_cancels_what_runs() -> None:
    books = Books()
    async with connect_raw(make_endpoint(books)) as ann:
        await ann.send("wait")
        await ann.patience.settled()
        ann.drop()
        await ann.patience.settled()

        assert books.exits == [exits.ConnectionLost()]


async def test_a_full_inbox_stops_the_reading_and_loses_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    books = Books()
    async with connect_raw(make_endpoint(books, Limits(inbox=4, stall_timeout=5))) as ann:
        await ann.send("wait")
        for number in range(100):
            await ann.send(bytes([number]))
        await ann.patience.settled()
        stopped = ann.carrier.pending
        await ann.elapse(6)
        books.gate.set()
        got = [await ann.expect() for _ in range(102)]

        assert stopped
        assert got == ["hello ann", "waited", *(bytes([number]) for number in range(100))]
    assert "socket stalled" in caplog.text


async def test_too_many_infos_close_1013() -> None:
    books = Books()
    endpoint = make_endpoint(books, Limits(infos=3))
    async with connect_raw(endpoint) as ann:
        await ann.send("wait")
        await ann.patience.settled()
        taken = [endpoint.inform("ann", Tick(n)) for n in range(5)]

        assert await ann.expect_closed() == Closed(1013, "overloaded")
        assert taken == [1, 1, 1, 0, 0]
    assert books.exits == [exits.Overloaded()]


async def test_an_answer_waits_for_a_peer_that_does_not_read() -> None:
    books = Books()
    async with connect_raw(make_endpoint(books, Limits(outbox=1000))) as ann:
        await ann.expect()
        ann.carrier.block()
        for _ in range(20):
            await ann.send(b"x" * 100)
        await ann.patience.settled()
        ann.carrier.unblock()

        assert [await ann.expect() for _ in range(20)] == [b"x" * 100] * 20


async def test_a_socket_that_is_silent_is_closed_and_may_hibernate() -> None:
    async with connect_raw(make_endpoint(Books(), Limits(idle=60), hibernate_after=10)) as ann:
        await ann.expect()
        await ann.elapse(11)
        slept = ann.carrier.hibernated
        await ann.elapse(61)

        assert slept == 1
        assert await ann.expect_closed() == Closed(1001, "idle")


@pytest.mark.trio_clock
async def test_a_slow_callback_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async with connect_raw(make_endpoint(Books(), Limits(slow_handler=1))) as ann:
        await ann.send("nap")
        await anyio.sleep(2)
    assert "slow callback" in caplog.text


class Plain(RawSocket[None]):
    """Overrides nothing but the one."""

    async def on_frame(self, frame: str | bytes) -> None:
        """Hang up."""
        self.socket.terminate()


async def test_what_is_not_overridden_does_nothing() -> None:
    endpoint = RawEndpoint("/plain", Plain)
    async with connect_raw(endpoint) as ann:
        await ann.send(Ping(b"x"))
        assert await ann.expect() == Pong(b"x")
        for connection in endpoint.pool.connections:
            connection.inform("whatever")
        await ann.expect_nothing()
        await ann.send("x")

        assert await ann.expect_closed() == Closed(1000)


class Rude(RawSocket[None]):
    """Its farewells go wrong."""

    async def on_frame(self, frame: str | bytes) -> None:
        """Take it."""

    async def on_terminate(self, reason: Exit) -> None:
        """Raise, or never end."""
        if reason == exits.Closed(4000):
            raise RuntimeError("on purpose")
        await anyio.sleep_forever()


async def test_a_farewell_that_raises_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async with connect_raw(RawEndpoint("/rude", Rude)) as ann:
        ann.close(4000)
    assert "on_terminate crashed" in caplog.text


@pytest.mark.trio_clock
async def test_a_farewell_is_bounded(caplog: pytest.LogCaptureFixture) -> None:
    async with connect_raw(RawEndpoint("/rude", Rude)) as ann:
        ann.close(1000)
    assert "on_terminate timed out" in caplog.text


async def test_a_cancelled_server_tells_every_socket() -> None:
    books = Books()
    with anyio.CancelScope() as scope:
        async with connect_raw(make_endpoint(books)) as ann:
            await ann.send("wait")
            await ann.patience.settled()
            scope.cancel()
            await anyio.lowlevel.checkpoint()
    assert books.exits == [exits.ShutDown()]


def test_an_instance_is_made_by_a_connection() -> None:
    with pytest.raises(LocalProtocolError, match="Plain is made by a connection, never called"):
        Plain()


def test_a_test_client_sends_no_control_frame_that_is_too_long() -> None:
    with pytest.raises(ValueError, match="at most 125 bytes"):
        anyio.run(_too_long)


async def _too_long() -> None:
    async with connect_raw(RawEndpoint("/plain", Plain)) as ann:
        await ann.send(Ping(b"x" * 126))
