"""The client's side of one joined topic, typed by its channel class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, cast, final

from pydantic import BaseModel
from typing_extensions import TypeVar

from ..channel import AnyChannel
from ..errors import CallFailed, LocalProtocolError
from ..exits import Crashed
from ..messages import Message, Ok, Refusal
from ..payloads import Accepts, Invalid, body
from ..presence import Synced, take, typed
from ..wire import CLOSE, ERROR, LEAVE, PRESENCE_STATE, Broadcast, Push, Reply
from .answers import answered
from .stream import ClientStream

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import JsonValue

    from ..declare import Event, Stream
    from ..dispatch import EventPlan, Route
    from ..exits import Exit
    from ..presence import Presence
    from ..runtime.channel_task import ChannelTask
    from ..wire import Body, Ref
    from .socket import ClientSocket

__all__ = ["ClientRoom", "Ended"]

C = TypeVar("C", bound=AnyChannel)
# The type checkers' messages name these variables.
Pushed = TypeVar("Pushed", bound=Message)
EventMessage = TypeVar("EventMessage", bound=Message | bytes)
Meta = TypeVar("Meta", bound=BaseModel)
TypedReply = TypeVar("TypedReply", bound=Message | bytes | Refusal | Ok)
StreamItem = TypeVar("StreamItem", bound=Message | Refusal)


@dataclass(frozen=True, slots=True)
class Ended:
    """How the server ended a member: `phx_close`, or `phx_error` with its reason."""

    event: str
    reason: str | None = None


@final
class ClientRoom(Generic[C]):
    """A topic as its client sees it.

    Attributes:
        topic: Its name.
        route: Its compiled channel.
        unread: Pushes and broadcasts that no `expect` has taken yet, in order.
        ended: How it ended, None while it has not.
        presence: Who is here, as phoenix.js's Presence would have it.
        task: The server's side of it, None before there is one.
    """

    def __init__(self, socket: ClientSocket, route: Route, topic: str, join_ref: Ref) -> None:
        self.topic = topic
        self.join_ref = join_ref
        self.unread: list[Push | Broadcast] = []
        self.ended: Ended | None = None
        self.task: ChannelTask | None = None
        self.presence = Synced()
        self._socket = socket
        self.route = route
        self._streams: list[tuple[Push, ClientStream[Any]]] = []

    @property
    def exit(self) -> Exit | None:
        """Why the server ended this member, as its `on_leave` is told; None while it has not.

        A `Crashed` carries what the handler raised.
        """
        return None if self.task is None else self.task.exit

    async def call(
        self, event: Event[C, EventMessage, TypedReply], message: EventMessage
    ) -> TypedReply:
        """Send an event and wait for its typed reply; a declared refusal is returned.

        Raises:
            CallFailed: The framework answered: invalid payload, forbidden, a
                crash, overloaded, a closed connection.
            AssertionError: No reply came, and none can come any more. On vsn 0.x
                errors are silent, and what is taken for the reply is the next
                message under the event's own name.
        """
        plan = self._plan(event)
        push = self._push(event.name, message)
        return cast("TypedReply", answered(plan.answers, await self._replied(push, plan.event)))

    async def send(self, event: Event[C, EventMessage, Any], message: EventMessage) -> None:
        """Send an event and do not wait for a reply."""
        self._push(self._plan(event).event, message)

    def stream(
        self, event: Event[C, EventMessage, Stream[StreamItem]], message: EventMessage
    ) -> ClientStream[StreamItem]:
        """Send an event that is answered by a stream, and give its typed items.

        ``async for item in room.stream(Room.history, Ask())``. Binary items
        carry no ref on the wire (protocol.md B1.8): `expect` finds them.

        Raises:
            LocalProtocolError: The event is none that streams; or on vsn 0.x, where
                nothing carries a ref: `send` it, and `expect` the items.
        """
        plan = self._plan(event)
        if plan.stream is None:
            raise LocalProtocolError(f"{plan.event} is answered by a reply: call it")
        if not self._socket.codec.refs:
            raise LocalProtocolError("items have no ref on vsn 0.x: send the event, expect them")
        push = self._push(plan.event, message)

        def ended() -> CallFailed | None:
            return CallFailed("closed") if self._socket.carrier.closed else self._failure()

        stream = ClientStream[StreamItem](
            plan, plan.stream, self._socket.patience, lambda: self._socket.reply(push), ended
        )
        self._streams.append((push, stream))
        return stream

    async def expect(
        self, message: type[Pushed], *, where: Callable[[Pushed], bool] | None = None
    ) -> Pushed:
        """The next push or broadcast of this type; others stay unread.

        Args:
            where: Which of this type; those that it is False of stay unread, too.

        Raises:
            AssertionError: None came, and none can come any more; says what did.
        """
        declared = self.route.pushes.get(message)
        if declared is None:
            raise AssertionError(
                f"{self.route.channel.__name__} never pushes {message.__name__}: it declares "
                + (", ".join(push.__name__ for push in self.route.pushes) or "no pushes")
            )

        def typed(payload: Body) -> Pushed:
            value = Accepts((message,)).decode(payload)
            if isinstance(value, Invalid):
                raise AssertionError(f"{payload!r} is no {message.__name__}: {value.errors}")  # noqa: TRY004
            return cast("Pushed", value)

        def wanted(payload: Body) -> bool:
            return where is None or where(typed(payload))

        return typed((await self._next(declared, wanted)).payload)

    async def expect_event(self, event: str) -> JsonValue | bytes:
        """The payload of the next push or broadcast of this event, declared or not."""
        return cast("JsonValue | bytes", (await self._next(event)).payload)

    async def expect_nothing(self) -> None:
        """Wait until everything is at rest, and fail if anything came that is unread."""
        await self._socket.patience.at_rest()
        if self.unread:
            raise AssertionError(f"expected nothing, {self._arrived()}")

    async def expect_ended(self) -> Ended:
        """How the server ended this member."""
        return await self._socket.patience.until(
            lambda: self.ended, lambda: f"{self.topic} was not ended; {self._arrived()}"
        )

    async def presences(self, presence: Presence[Meta]) -> dict[str, list[Meta]]:
        """Who is here as this client knows it, once everything is at rest.

        Args:
            presence: As the channel declares it: ``Room.here``.

        Raises:
            AssertionError: No `presence_state` came: the channel has to push it.
        """
        await self._socket.patience.at_rest()
        present = self.presence.present
        if present is None:
            raise AssertionError(f"{PRESENCE_STATE} did not come; {self._arrived()}")
        return typed(present, presence.meta)

    async def leave(self) -> None:
        """Leave the topic, and wait for the reply and the close; on vsn 0.x there are none."""
        if not self._socket.codec.refs:
            self._push(LEAVE, {})
            await self._socket.patience.at_rest()
            self.ended = Ended(CLOSE)
            return
        reply = await self._replied(self._push(LEAVE, {}), LEAVE)
        if reply.status != "ok":
            raise CallFailed("leave", cast("JsonValue", reply.response))
        await self.expect_ended()

    async def inform(self, info: object) -> None:
        """Send an info to this room's member, as the rest of the program does by its mailbox.

        Raises:
            AssertionError: There is no member: not joined, or ended.
        """
        connection = self._socket.carrier.connection
        mailbox = await self._socket.patience.until(
            lambda: None if connection is None else connection.member_of(self.topic),
            lambda: f"{self.topic} has no member to inform; {self._arrived()}",
        )
        mailbox.inform(info)

    # From the socket.

    def answered(self, reply: Reply) -> None:
        """Notice the join's reply: diffs that came before it were of an earlier join."""
        if (reply.topic, reply.ref) == (self.topic, self.join_ref):
            self.presence = Synced()

    def arrived(self, envelope: Push | Broadcast) -> None:
        """Take what the server sent to this topic."""
        stream = self._stream_of(envelope)
        if stream is not None:
            stream.arrived(envelope)
        elif isinstance(envelope, Push) and envelope.event in (CLOSE, ERROR):
            fields = envelope.payload if isinstance(envelope.payload, dict) else {}
            reason = fields.get("reason")
            self.ended = Ended(envelope.event, reason if isinstance(reason, str) else None)
        elif self.route.presence is None or not take(envelope, self.presence):
            self.unread.append(envelope)

    # What they share.

    def _stream_of(self, item: Push | Broadcast) -> ClientStream[Any] | None:
        """The stream that this is an item of."""
        if isinstance(item, Push) and item.ref is not None:
            for push, stream in self._streams:
                if item.ref == push.ref and stream.takes(item):
                    return stream
        return None

    def _plan(self, event: Event[C, Any, Any]) -> EventPlan:
        for plan in self.route.events:
            if plan.event == event.name:
                return plan
        raise LocalProtocolError(f"{self.route.channel.__name__} has no event {event.name!r}")

    def _push(self, event: str, message: Message | bytes | dict[str, JsonValue]) -> Push:
        content = message if isinstance(message, dict) else body(message)
        return self._socket.push(self.topic, event, content, join_ref=self.join_ref)

    async def _replied(self, push: Push, event: str) -> Reply:
        if not self._socket.codec.refs:
            return Reply(None, event, self.topic, "ok", (await self._next(event)).payload)

        def missing() -> str:
            failure = self._failure()
            if failure is not None:
                raise failure
            return f"{event} got no reply; {self._arrived()}"

        return await self._socket.replied(push, missing)

    def _failure(self) -> CallFailed | None:
        """What a call is told of an end that came instead of its reply, and the crash behind it."""
        if self.ended is None:
            return None
        failure = CallFailed(self.ended.reason or self.ended.event)
        failure.__cause__ = self.exit.error if isinstance(self.exit, Crashed) else None
        return failure

    async def _next(
        self, event: str, where: Callable[[Body], bool] | None = None
    ) -> Push | Broadcast:
        def look() -> Push | Broadcast | None:
            for index, envelope in enumerate(self.unread):
                if envelope.event == event and (where is None or where(envelope.payload)):
                    return self.unread.pop(index)
            return None

        return await self._socket.patience.until(
            look, lambda: f"{event} did not come; {self._arrived()}"
        )

    def _arrived(self) -> str:
        if not self.unread:
            return "nothing is unread"
        unread = "".join(f"\n  {one.event} {one.payload!r}" for one in self.unread)
        return f"unread:{unread}"
