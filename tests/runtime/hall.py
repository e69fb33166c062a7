"""A small application, and connections to it that a test can cut, for the tests in this folder."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import anyio
import anyio.lowlevel

from channelkit import (
    Channel,
    Endpoint,
    Exit,
    Limits,
    Message,
    Ok,
    after_join,
    channel,
    on_broadcast,
    on_event,
    on_info,
    on_join,
    on_leave,
)
from channelkit.runtime.connection import Connection
from channelkit.serializers import negotiate
from channelkit.testing import ClientSocket

if TYPE_CHECKING:
    from anyio.abc import TaskGroup


@dataclass
class Books:
    """What the handlers did."""

    granted: list[int] = field(default_factory=list[int])
    left: list[tuple[int, Exit]] = field(default_factory=list[tuple[int, Exit]])
    handled: set[int] = field(default_factory=set[int])
    open: int = 0
    instances: list[Hall] = field(default_factory=list["Hall"])
    raised: set[int] = field(default_factory=set[int])
    """Numbers whose handler was made to raise."""
    fault: Callable[[], None] = lambda: None
    """May raise, at each await of a handler."""

    async def pause(self, number: int | None = None) -> None:
        """Suspend, and come back, unless there is a fault.

        Args:
            number: What is being handled.
        """
        await anyio.lowlevel.checkpoint()
        try:
            self.fault()
        except Exception:
            if number is not None:
                self.raised.add(number)
            raise


class Enter(Message):
    """How to come in."""

    patience: int = 1


class Number(Message):
    """A number that the client gave."""

    n: int


class Told(Message):
    """A number that was told to all."""

    n: int


class Whispered(Message):
    """A number that is intercepted."""

    n: int


class Counted(Message):
    """An item of a stream."""

    n: int


class Hello(Message):
    """Pushed after the join."""


class Heard(Message):
    """An info came."""

    n: int


@dataclass(frozen=True)
class Note:
    """An info."""

    n: int


@channel("hall:{name}")
class Hall(Channel[Books, Told | Whispered | Counted | Hello | Heard]):
    """Every handler suspends, so that everything can come in between."""

    name: str

    @on_join
    async def enter(self, params: Enter) -> None:
        """Let everybody in, after a while."""
        for _ in range(params.patience):
            await self.assigns.pause()
        self.number = len(self.assigns.granted)
        self.assigns.granted.append(self.number)
        self.assigns.instances.append(self)

    @after_join
    async def greet(self) -> None:
        """Push after the reply."""
        await self.assigns.pause()
        await self.push(Hello())

    @on_event("tell")
    async def tell(self, message: Number) -> Ok:
        """Tell everybody."""
        await self.assigns.pause(message.n)
        self.assigns.handled.add(message.n)
        await self.broadcast(Told(n=message.n))
        return Ok()

    @on_event("whisper")
    async def whisper(self, message: Number) -> Ok:
        """Tell everybody by way of the interceptors."""
        await self.broadcast(Whispered(n=message.n))
        await self.assigns.pause(message.n)
        self.assigns.handled.add(message.n)
        return Ok()

    @on_event("beside", concurrent=True)
    async def beside(self, message: Number) -> Number:
        """Answer, while others are handled."""
        for _ in range(3):
            await self.assigns.pause(message.n)
        self.assigns.handled.add(message.n)
        return Number(n=message.n)

    @on_event("count", rate="1000000/s")
    async def count(self, message: Number) -> AsyncIterator[Counted]:
        """Count up to the number, or for ever; take a while over every end."""
        self.assigns.open += 1
        try:
            n = 0
            while n != message.n:
                await self.assigns.pause(message.n)
                n += 1
                yield Counted(n=n)
            self.assigns.handled.add(message.n)
        finally:
            with anyio.CancelScope(shield=True):
                await anyio.lowlevel.checkpoint()
            self.assigns.open -= 1

    @on_event("crash")
    async def crash(self, message: Number) -> Ok:
        """Raise."""
        await self.assigns.pause(message.n)
        raise RuntimeError("on purpose")

    @on_event("stop")
    async def stop_now(self, message: Number) -> Ok:
        """Stop normally."""
        self.stop()
        await self.assigns.pause(message.n)
        self.assigns.handled.add(message.n)
        return Ok()

    @on_event("hang_up")
    async def hang_up(self, message: Number) -> Ok:
        """Close the socket."""
        self.socket.close(4000)
        await self.assigns.pause(message.n)
        self.assigns.handled.add(message.n)
        return Ok()

    @on_info
    async def noted(self, info: Note) -> None:
        """Push what came."""
        await self.assigns.pause()
        await self.push(Heard(n=info.n))

    @on_broadcast
    async def pass_on(self, message: Whispered) -> Whispered:
        """Let it through, after a while."""
        await self.assigns.pause()
        return message

    @on_leave
    async def gone(self, reason: Exit) -> None:
        """Note it, and take a while."""
        self.assigns.left.append((self.number, reason))
        await self.assigns.pause()


def make_endpoint(books: Books, limits: Limits | None = None) -> Endpoint[Books]:
    """The application."""

    async def connect(params: Enter) -> Books:
        return books

    return Endpoint("/socket", [Hall], connect, limits=limits or Limits())


def dial(
    endpoint: Endpoint[Any],
    assigns: object,
    server: TaskGroup,
    scope: anyio.CancelScope | None = None,
    socket_id: str | None = None,
) -> ClientSocket:
    """Connect in memory; the connection runs in `server`, and in this scope there."""
    socket = ClientSocket(endpoint.hub, "2.0.0", 5.0)
    serializer = negotiate("2.0.0")
    assert serializer is not None
    connection = Connection(
        endpoint.hub, socket.carrier, serializer, assigns=assigns, id=socket_id, peer="test"
    )
    socket.carrier.connection = connection

    async def run() -> None:
        with scope or anyio.CancelScope():
            await connection.run()

    server.start_soon(run)
    return socket
