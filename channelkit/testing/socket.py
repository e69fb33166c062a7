"""The client's side of one connection in memory."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar, cast, final

from ..channel import AnyChannel
from ..connect_info import ConnectInfo
from ..errors import CallFailed, LocalProtocolError
from ..exits import Closed
from ..messages import Message, Refusal
from ..payloads import body
from ..raw_frames import RawFrame
from ..runtime.connection import Connection
from ..serializers import negotiate
from ..wire import CLOSE, ERROR, HEARTBEAT, JOIN, PHOENIX, Push, Reply
from .answers import answered
from .codec import CODECS
from .dialing import let_in, running
from .memory import MemoryCarrier
from .room import ClientRoom
from .waiting import Patience

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping

    from pydantic import JsonValue

    from ..declare import Join
    from ..endpoint import Endpoint
    from ..handshake import Welcome
    from ..raw_frames import Sent
    from ..runtime.channel_task import ChannelTask
    from ..runtime.hub import Hub
    from ..serializers import Serializer
    from ..topics import Topic
    from ..wire import Body, Envelope, Frame, Ref

__all__ = ["ClientSocket", "connect", "opened"]

C = TypeVar("C", bound=AnyChannel)
# The type checkers' messages name these variables.
JoinParams = TypeVar("JoinParams", bound=Message | bytes)
Verdict = TypeVar("Verdict", bound=Message | bytes | Refusal | None)


@final
class ClientSocket:
    """A connection as its client sees it; made by `connect`.

    Attributes:
        received: Every envelope that came, in order.
        codec: How it speaks, with refs or without.
        frames: Raw frames that no `expect_frame` has taken yet, in order.
        carrier: The link in memory, for tests of the wire itself.
    """

    def __init__(self, hub: Hub, vsn: str, patience: float) -> None:
        self.received: list[Envelope] = []
        self.patience = Patience(self._idle, patience, self._quiet)
        self.frames: list[Sent] = []
        self.carrier = MemoryCarrier[Connection](self._came)
        self.codec = CODECS[vsn]
        self._hub = hub
        self._next_ref = 0
        self._replies: list[Reply] = []
        self._rooms: list[ClientRoom[Any]] = []

    async def join(
        self, topic: Topic[Any], join: Join[C, JoinParams, Verdict], params: JoinParams
    ) -> tuple[ClientRoom[C], Verdict]:
        """Join a topic: the typed room, and the join's typed verdict.

        A refusal is returned; the room is then not joined.

        Raises:
            LocalProtocolError: No channel has this topic, or another one than the
                join's; or on vsn 0.x, where nothing answers a join: `join_nowait`.
            CallFailed: The framework answered: unmatched topic, join crashed, join timeout, …
            AssertionError: No reply came, and none can come any more.
        """
        if not self.codec.refs:
            raise LocalProtocolError("nothing answers a join on vsn 0.x; use join_nowait")
        room, push = self._joining(topic, join, params)
        reply = await self.replied(push, lambda: f"the join of {topic} got no reply")
        room.task = room.task or self.task_of(push)
        return room, cast("Verdict", answered(room.route.join.answers, reply))

    def join_nowait(
        self, topic: Topic[Any], join: Join[C, JoinParams, Any], params: JoinParams
    ) -> ClientRoom[C]:
        """Send a join and do not wait for its verdict, as clients of the first Phoenix do.

        Raises:
            LocalProtocolError: No channel has this topic, or another one than the join's.
        """
        return self._joining(topic, join, params)[0]

    def _joining(
        self, topic: Topic[Any], join: Join[C, JoinParams, Any], params: JoinParams
    ) -> tuple[ClientRoom[C], Push]:
        match = self._hub.table.match(topic.name)
        if match is None:
            hint = self._hub.table.elsewhere(topic.name)
            raise LocalProtocolError(f"no channel has the topic {topic.name!r}{hint}")
        if match.route.join.handler is not join.handler:
            owner = match.route.channel.__name__
            raise LocalProtocolError(f"{topic.name!r} is a topic of {owner}: join it with its join")
        push = self.push(topic.name, JOIN, body(params), join_ref=self._ref())
        room = ClientRoom[C](self, match.route, topic.name, push.join_ref)
        room.task = self.task_of(push)
        self._rooms.append(room)
        return room, push

    def task_of(self, join: Push) -> ChannelTask | None:
        """The server's task of the member that came of this join, None before and after it."""
        connection = self.carrier.connection
        return None if connection is None else connection.task_of(join.topic, join.join_ref)

    async def heartbeat(self) -> None:
        """Send a heartbeat and wait for its reply."""
        push = self.push(PHOENIX, HEARTBEAT, {}, ref=None if self.codec.refs else HEARTBEAT)
        await self.replied(push, lambda: "the heartbeat got no reply")

    def push(
        self, topic: str, event: str, payload: Body, *, join_ref: Ref = None, ref: Ref = None
    ) -> Push:
        """Send any push; a join's ref is its join_ref, else the next ref is taken unless given."""
        if ref is None:
            ref = join_ref if event == JOIN and join_ref is not None else self._ref()
        push = Push(join_ref, ref, topic, event, payload)
        frame = self.codec.encode(push)
        self.carrier.write_frame(frame.data, binary=frame.binary)
        return push

    async def replied(self, push: Push, missing: Callable[[], str]) -> Reply:
        """The reply to a push.

        Raises:
            CallFailed: The connection was closed instead.
            AssertionError: None came, and none can come any more.
        """

        def look() -> Reply | None:
            reply = self.reply(push)
            if reply is not None:
                return reply
            if self.carrier.closed is not None:
                raise CallFailed("closed")
            return None

        return await self.patience.until(look, missing)

    def reply(self, push: Push) -> Reply | None:
        """The reply to a push if it has come; it is given once."""
        for index, reply in enumerate(self._replies):
            if reply.ref == push.ref and reply.topic == push.topic:
                return self._replies.pop(index)
        return None

    async def expect_frame(self) -> Sent:
        """The next raw frame: what `self.socket` sends, or `endpoint.sockets(id)`.

        Raises:
            AssertionError: None came, and none can come any more.
        """
        await self.patience.until(lambda: self.frames or None, lambda: "no raw frame came")
        return self.frames.pop(0)

    async def expect_closed(self) -> Closed:
        """How the server closed the connection."""
        return await self.patience.until(
            lambda: self.carrier.closed, lambda: "the connection was not closed"
        )

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Close the connection from the client's side."""
        self.carrier.hang_up(code, reason)

    def drop(self) -> None:
        """Lose the connection, without a word."""
        self.carrier.hang_up(None)

    async def elapse(self, seconds: float, *, silent: bool = True) -> None:
        """Let the server look at the clock, then again as if that time had passed.

        Args:
            silent: The client sends nothing meanwhile, not even heartbeats.
        """
        await self.patience.passes()
        connection = self.carrier.connection
        if connection is not None:
            now = connection.loop.clock()
            connection.tick(now)
            if not silent:
                connection.heard()
            connection.tick(now + seconds)

    def _ref(self) -> str:
        self._next_ref += 1
        return str(self._next_ref)

    def _came(self, frame: Frame) -> None:
        if isinstance(frame, RawFrame):
            self.frames.append(frame.content)
        else:
            self._arrived(self.codec.decode(frame))

    def _arrived(self, envelope: Envelope) -> None:
        self.received.append(envelope)
        if isinstance(envelope, Reply):
            self._replies.append(envelope)
            for room in self._rooms:
                room.answered(envelope)
            return
        join_ref = envelope.join_ref if isinstance(envelope, Push) else None
        if join_ref is None and isinstance(envelope, Push) and envelope.event in (CLOSE, ERROR):
            join_ref = (
                envelope.ref
            )  # version 1.0.0 says there whose end it is (protocol B1.3 rule 1)
        for room in self._rooms:
            mine = room.ended is None and join_ref in (None, room.join_ref)
            if mine and room.topic == envelope.topic:
                room.arrived(envelope)

    def _quiet(self) -> bool:
        at_rest = all(connection.quiet for connection in self._hub.connections)
        return at_rest and self._hub.tracker.hurried()

    def _idle(self) -> bool:
        at_rest = all(connection.idle for connection in self._hub.connections)
        return at_rest and self._hub.tracker.hurried()


@asynccontextmanager
async def connect(
    endpoint: Endpoint[Any],
    params: Message | Mapping[str, JsonValue] | None = None,
    *,
    info: ConnectInfo | None = None,
    vsn: str = "2.0.0",
    patience: float = 5.0,
) -> AsyncGenerator[ClientSocket]:
    """Connect to an endpoint in memory; at the end of the block the client closes.

    Args:
        params: The connect parameters.
        info: What else `connect` may ask of the request.
        vsn: The version of the wire, "2.0.0", "1.0.0" or, for the first Phoenix, "0.x".
        patience: Seconds after which a handler that never ends fails an expectation.

    Raises:
        Refused: `connect` refused; carries the typed refusal.
        CallFailed: The connect parameters are invalid.
    """
    serializer = negotiate(vsn)
    if serializer is None:
        raise LocalProtocolError(f"no serializer for vsn {vsn!r}")
    welcome = await let_in(endpoint, params, info, serializer)
    async with opened(endpoint, welcome, serializer, patience=patience) as socket:
        yield socket


@asynccontextmanager
async def opened(
    endpoint: Endpoint[Any],
    welcome: Welcome,
    serializer: Serializer,
    *,
    patience: float = 5.0,
) -> AsyncGenerator[ClientSocket]:
    """A connection in memory that was let in already; for the rest see `connect`."""
    socket = ClientSocket(endpoint.hub, serializer.vsn, patience)
    connection = Connection(
        endpoint.hub,
        socket.carrier,
        serializer,
        assigns=welcome.assigns,
        id=welcome.id,
        expires=welcome.expires,
    )
    socket.carrier.connection = connection
    async with running(connection, socket.close):
        yield socket
