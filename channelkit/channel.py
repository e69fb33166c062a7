"""What a handler holds: the channel instance of one member, and its port. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Generic, Never, ParamSpec, Protocol, cast

from typing_extensions import TypeVar, dataclass_transform

from .errors import LocalProtocolError
from .messages import Message
from .topics import Topic, TopicPattern

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from .here import Here
    from .mailbox import Mailbox

__all__ = ["AnyChannel", "Channel", "Port", "Socket"]

Assigns = TypeVar("Assigns")
Pushes_contra = TypeVar("Pushes_contra", bound=Message, default=Never, contravariant=True)
M = TypeVar("M", bound=Message)
Parameters = ParamSpec("Parameters")


class Socket(Protocol):
    """The transport facade: `self.socket` of a member, `endpoint.sockets(id)` from outside.

    Raw frames go out in order with the connection's pushes and replies, and
    through its outbox with that one's bounds. What is sent after its end is dropped.
    """

    @property
    def id(self) -> str | None:
        """What `identify` said of this socket, None without one."""
        ...

    @property
    def peer(self) -> str:
        """Who is at the other end, as the log has it: an address and a port."""
        ...

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics that it has joined."""
        ...

    @property
    def idle_timeout(self) -> float | None:
        """Seconds that the peer may send nothing, then it is closed with 1001; None for ever.

        `Limits.idle` unless it is set. It is looked at about once a second.

        Raises:
            ValueError: It is set to a number that is not positive.
        """
        ...

    @idle_timeout.setter
    def idle_timeout(self, seconds: float | None) -> None: ...

    async def send_frame(self, data: str | bytes) -> None:
        """Send a frame that is no envelope: text, or binary.

        Waits while the connection's outbox is above its high-water mark, as
        `Channel.push` does.

        Raises:
            ValueError: The text has no UTF-8 form.
        """
        ...

    def send_frame_nowait(self, data: str | bytes) -> None:
        """Send a frame without waiting; above its bound the outbox closes the socket.

        Raises as `send_frame`.
        """
        ...

    def ping(self, payload: bytes = b"") -> None:
        """Send a ping; the peer's pong is a sign of life. Over long-poll nothing goes out.

        Raises:
            ValueError: The payload is longer than 125 bytes.
        """
        ...

    def pong(self, payload: bytes = b"") -> None:
        """Send a pong that nobody asked for; pings are answered without you. As `ping`."""
        ...

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Close this connection and with it all its members.

        The close happens after the running handler's reply. phoenix.js
        reconnects unless the code is 1000.

        Args:
            code: From 1000 to 4999, but none that a server may not send
                (RFC 6455 §7.4): 1004, 1005, 1006, 1010, 1015 to 2999.
            reason: At most 123 bytes of UTF-8.

        Raises:
            ValueError: The code or the reason cannot be sent.
        """
        ...

    def expire_at(self, when: datetime | None) -> None:
        """Close this connection then, with 3000 and the exit `Expired`.

        Replaces what `expires_at` or an earlier call said; None: it lasts.
        Precision and exceptions as of `Channel.expire_at`.
        """
        ...

    def terminate(self) -> None:
        """End the connection normally, as the seed's `terminate`: 1000, and nobody comes back.

        `on_leave` gets `Disconnected(1000)`, after the running handler's reply.
        """
        ...

    def hibernate(self) -> None:
        """Give this connection's memory back at the next look, about once a second.

        What comes after makes it anew; the peer cannot tell. With
        `hibernate_after` an endpoint does so for each connection that is idle.
        """
        ...


class Port(Protocol):
    """What a channel instance speaks through. The runtime implements it."""

    @property
    def topic(self) -> str: ...
    @property
    def assigns(self) -> object: ...
    @property
    def socket(self) -> Socket: ...
    @property
    def here(self) -> Here[Any]: ...
    def push_nowait(self, message: Message) -> None: ...
    async def push(self, message: Message) -> None: ...
    def broadcast_nowait(self, message: Message, *, to_self: bool) -> None: ...
    async def broadcast(self, message: Message, *, to_self: bool) -> None: ...
    def inform(self, info: object) -> None: ...
    @property
    def mailbox(self) -> Mailbox: ...
    def stop(self, error: str | None) -> None: ...
    def expire(self, when: datetime | None) -> None: ...


@dataclass_transform(eq_default=False, kw_only_default=True)  # to the checkers: for topic_for
class Channel(Generic[Assigns, Pushes_contra]):
    """A class of handlers for the topics of one pattern.

    Generic in the assigns (what `connect` returned) and the union of messages
    that it may push or broadcast. There is one instance per join: attributes
    set on `self` are that member's own state.
    """

    __pattern__: ClassVar[str | None] = None
    __declared__: ClassVar[bool] = False
    _port: Port

    if TYPE_CHECKING:  # a channel without topic parameters inherits it

        def __init__(self) -> None: ...

    else:

        def __init__(self, *_: object, **__: object) -> None:
            raise LocalProtocolError(
                f"{type(self).__name__} is made by a join, never called; "
                "in tests use channelkit.testing, for a topic topic_for()"
            )

    @classmethod  # pyright: ignore[reportArgumentType]  (a class is its own constructor)
    def topic_for(
        cls: Callable[Parameters, Channel[Any, M]],  # the class as its constructor types it
        *args: Parameters.args,
        **kwargs: Parameters.kwargs,
    ) -> Topic[M]:
        """The topic with these parameters, typed by what may be sent there.

        Raises:
            PatternError: The parameters make no topic of this channel's pattern.
            LocalProtocolError: The class has no `@channel` pattern.
        """
        channel = cast("type[AnyChannel]", cls)
        if channel.__pattern__ is None:
            raise LocalProtocolError("topic_for needs a class under @channel(pattern)")
        return Topic(TopicPattern.parse(channel.__pattern__).build(kwargs), channel)

    @property
    def assigns(self) -> Assigns:
        """What `connect` returned for this socket: shared by its channels, to be read."""
        return cast("Assigns", self._port.assigns)

    @property
    def topic(self) -> str:
        """The topic of this member."""
        return self._port.topic

    @property
    def socket(self) -> Socket:
        """The connection underneath."""
        return self._port.socket

    async def push(self, message: Pushes_contra) -> None:
        """Push to this member's client, under the message's event.

        Waits while the connection's outbox is above its high-water mark, at
        most `Limits.too_slow_after`; then the socket is closed 1013.

        Raises:
            LocalProtocolError: The join is not done yet, the message is not
                declared, or an open payload is no object and no bytes.
            ValueError: The message has no JSON form.
        """
        await self._port.push(message)

    def push_nowait(self, message: Pushes_contra) -> None:
        """Push without waiting; above its bound the outbox closes the socket. Raises as `push`."""
        self._port.push_nowait(message)

    async def broadcast(self, message: Pushes_contra) -> None:
        """Send to every member of this topic, this one included.

        Encoded once per serializer; never waits for a subscriber. At most
        once, in order per publishing task. Raises as `push`.
        """
        await self._port.broadcast(message, to_self=True)

    def broadcast_nowait(self, message: Pushes_contra) -> None:
        """Broadcast without a checkpoint. Raises as `push`."""
        self._port.broadcast_nowait(message, to_self=True)

    async def broadcast_from(self, message: Pushes_contra) -> None:
        """Send to every member of this topic but this one. Raises as `push`."""
        await self._port.broadcast(message, to_self=False)

    def broadcast_from_nowait(self, message: Pushes_contra) -> None:
        """Broadcast to the others without a checkpoint. Raises as `push`."""
        self._port.broadcast_nowait(message, to_self=False)

    def inform(self, info: object) -> None:
        """Send an info to this member itself; it queues behind what came before it."""
        self._port.inform(info)

    @property
    def mailbox(self) -> Mailbox:
        """By which the rest of the program sends infos to this member; always the same."""
        return self._port.mailbox

    def __here__(self) -> Here[Any]:
        """What `here = Presence(Meta)` gives its members."""
        return self._port.here

    def stop(self, *, error: str | None = None) -> None:
        """End this member after the running handler's reply.

        The client gets `phx_close`, or `phx_error` where an error is given
        (and phoenix.js rejoins). The error's text stays here: it is logged and
        stands in the `Stopped` that `on_leave` gets.
        """
        self._port.stop(error)

    def expire_at(self, when: datetime | None) -> None:
        """End this member then, because its grant does not last longer.

        The client gets `phx_close` with the reason "expired", and `on_leave`
        the exit `Expired`. The running handler may finish, within
        `Limits.leave`; in the join handler, a moment that passes before the
        join is granted refuses it, "expired".

        A later call replaces the moment: a client that sends a fresh token in
        an event is given more time there. The end comes not before the
        moment, and at most a second after it (see `docs/connecting.md`).
        The system's clock is read now and not again: a later change of it
        does not move the end.

        Args:
            when: With a timezone; None: the member stays.

        Raises:
            TypeError: It is no datetime.
            ValueError: It has no timezone.
        """
        self._port.expire(when)


AnyChannel = Channel[Any, Any]
