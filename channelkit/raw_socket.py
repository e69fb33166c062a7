"""Sockets without channels: what a handler of bare frames holds, and its compiled plan. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeAlias, cast, final

from typing_extensions import TypeVar

from .errors import LocalProtocolError

if TYPE_CHECKING:
    from .channel import Socket
    from .errors import Place
    from .exits import Exit
    from .raw_frames import Ping, Pong

__all__ = ["AnyRawSocket", "RawPlan", "RawPort", "RawSocket"]

Assigns = TypeVar("Assigns")


class RawPort(Protocol):
    """What a raw socket speaks through. The runtime implements it."""

    @property
    def assigns(self) -> object: ...
    @property
    def socket(self) -> Socket: ...
    def inform(self, info: object) -> object: ...


class RawSocket(Generic[Assigns]):
    """A class of callbacks for the frames of one connection, without channels.

    Generic in the assigns (what `connect` returned). There is one instance per
    connection: attributes set on `self` are its own state. Override `on_frame`,
    and of the others those that you need; they run one at a time, in the order
    in which things came. One that raises closes its connection with 1011.

    Where a callback returns text or bytes, that is sent back.
    """

    _port: RawPort

    if TYPE_CHECKING:

        def __init__(self) -> None: ...

    else:

        def __init__(self, *_: object, **__: object) -> None:
            raise LocalProtocolError(
                f"{type(self).__name__} is made by a connection, never called; "
                "in tests use channelkit.testing.connect_raw"
            )

    # What happens: the callbacks.

    async def on_open(self) -> str | bytes | None:
        """Take note that the connection is open: the first callback."""

    async def on_frame(self, frame: str | bytes) -> str | bytes | None:
        """Take a message of the peer: text is a str, binary is bytes."""

    async def on_control(self, frame: Ping | Pong) -> str | bytes | None:
        """Take a ping, which is answered by itself, or a pong."""

    async def on_info(self, info: Any) -> str | bytes | None:
        """Take an info from this program: `inform` here, or of the endpoint."""

    async def on_drain(self) -> str | bytes | None:
        """Take note that the server drains, and closes the connection with 1012 after this.

        It may take `Limits.drain`.
        """

    async def on_terminate(self, reason: Exit) -> None:
        """Say farewell: the last callback, exactly once, whatever ended the connection.

        It may take `Limits.leave`. What is sent here leaves before the close
        frame, where the peer is still there.
        """

    # What it can do.

    @property
    def assigns(self) -> Assigns:
        """What `connect` returned."""
        return cast("Assigns", self._port.assigns)

    @property
    def socket(self) -> Socket:
        """The connection underneath: its id, `ping`, `pong`, `idle_timeout`, `hibernate`, …"""
        return self._port.socket

    async def send(self, data: str | bytes) -> None:
        """Send a text or a binary frame.

        Waits while the outbox is above its high-water mark, at most
        `Limits.too_slow_after`; then the connection is closed 1013.

        Raises:
            ValueError: The text has no UTF-8 form.
        """
        await self._port.socket.send_frame(data)

    def send_nowait(self, data: str | bytes) -> None:
        """Send without waiting; above its bound the outbox closes. Raises as `send`."""
        self._port.socket.send_frame_nowait(data)

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Close the connection after the running callback. Raises as `Socket.close`."""
        self._port.socket.close(code, reason)

    def inform(self, info: object) -> None:
        """Send an info to this connection's own `on_info`; it queues behind what came before."""
        self._port.inform(info)


AnyRawSocket: TypeAlias = RawSocket[Any]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RawPlan:
    """A raw socket's class, compiled: which callbacks are its own.

    Attributes:
        callbacks: Their names; the others would do nothing, so nobody calls them.
        summary: The class's docstring, its first paragraph.
    """

    socket: type[AnyRawSocket]
    callbacks: frozenset[str]
    place: Place
    summary: str
