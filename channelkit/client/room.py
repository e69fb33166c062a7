"""The client's side of one topic, typed by its channel class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, Self, cast, final

import anyio
import anyio.lowlevel
from pydantic import BaseModel
from typing_extensions import TypeVar

from ..channel import AnyChannel
from ..errors import CallFailed, LocalProtocolError, RoomClosed
from ..messages import Message, Ok, Refusal
from ..payloads import body
from .actions import Call, Expects
from .changes import RoomChange, Watched
from .codec import snapshot
from .inbox import Inbox
from .presences import Followed, Presences
from .reading import answered, read
from .room_machine import CLOSED, LEFT, REPLACED
from .stream import ClientStream
from .transitions import RoomState, SocketState

if TYPE_CHECKING:
    from ..declare import Event, Stream
    from ..dispatch import EventPlan, Route
    from ..payloads import Verdict
    from ..presence import Presence
    from ..wire import Broadcast, Push, Reply
    from .actions import RoomBecame
    from .changes import Changes
    from .driver import Driver
    from .room_machine import RoomMachine
    from .settings import Settings

__all__ = ["ClientRoom"]

# The type checkers' messages name these variables.
C = TypeVar("C", bound=AnyChannel)
Pushes = TypeVar("Pushes", bound=Message)
EventMessage = TypeVar("EventMessage", bound=Message | bytes)
Meta = TypeVar("Meta", bound=BaseModel)
TypedReply = TypeVar("TypedReply", bound=Message | bytes | Refusal | Ok)
StreamItem = TypeVar("StreamItem", bound=Message | Refusal)


@final
class ClientRoom(Generic[C, Pushes]):
    """One join of one topic, made by `ClientSocket.join`.

    It joins again by itself whenever it is lost, until it is left or the
    server closes it. Iterate it for what the server pushes and broadcasts, in
    order: ``async for message in room``. Each message is read once, whoever
    reads it, from the join on.

    Attributes:
        topic: Its name.
    """

    def __init__(
        self, driver: Driver, route: Route, machine: RoomMachine, settings: Settings
    ) -> None:
        self.topic = machine.topic
        self._driver = driver
        self._route = route
        self._machine = machine
        self._settings = settings
        self._models = {event: model for model, event in route.pushes.items()}
        self._unread = Inbox["Push | Broadcast"](settings.unread)
        self._followed = Followed()
        self._changes = Watched[RoomChange]()
        self._first: RoomBecame | None = None
        self._end: RoomClosed | None = None
        self._reason: str | None = None

    # Where it stands.

    @property
    def state(self) -> RoomState:
        """Where it stands: joining, joined, errored (it joins again), leaving or closed."""
        return self._machine.state

    def changes(self) -> Changes[RoomChange]:
        """Each new state from now on, as an async iteration that ends behind "closed".

        A reader that falls a hundred behind misses the oldest.
        """
        return self._changes.changes()

    async def wait_joined(self) -> None:
        """Wait until it is joined, as after a lost connection.

        Raises:
            RoomClosed: It is over.
        """
        await anyio.lowlevel.checkpoint()
        while self.state is not RoomState.JOINED:
            if self.state is RoomState.CLOSED:
                raise self._end or RoomClosed(self._reason or CLOSED)
            await self._changes.next()

    # What the program sends.

    async def call(
        self,
        event: Event[C, EventMessage, TypedReply],
        message: EventMessage,
        *,
        timeout: float | None = None,
    ) -> TypedReply:
        """Push an event and wait for its typed reply; a declared refusal is returned.

        While the room is joined again the push waits, too. It is sent once at
        most: where the connection is lost before the reply, nobody knows
        whether it was handled.

        Args:
            timeout: Seconds, instead of `Settings.timeout`.

        Raises:
            CallFailed: The framework answered: invalid payload, forbidden, rate_limited,
                overloaded, a crash, undeclared reply. Or no reply will come: "timeout",
                "disconnected", "closed", "left"; or "full", and it was not sent.
            ValueError: The message has no form on the wire.
        """
        call = self._call(event, message, timeout, Expects.REPLY)
        reply = cast("Reply", await self._asked(call))
        return cast("TypedReply", answered(self._plan(event).answers, reply))

    async def send(
        self,
        event: Event[C, EventMessage, Any],
        message: EventMessage,
        *,
        timeout: float | None = None,
    ) -> None:
        """Push an event and wait until it is sent, not for a reply. Raises as `call`."""
        await self._asked(self._call(event, message, timeout, Expects.NOTHING))

    def stream(
        self,
        event: Event[C, EventMessage, Stream[StreamItem]],
        message: EventMessage,
        *,
        timeout: float | None = None,
    ) -> ClientStream[StreamItem]:
        """Push an event that is answered by a stream, and give its typed items.

        ``async for item in room.stream(Room.history, Since(id=1))``. Binary
        items carry no ref on the wire (protocol.md B1.8): they are pushes.

        Args:
            timeout: Seconds between two items, instead of `Settings.timeout`.

        Raises:
            LocalProtocolError: The event is none that streams.
            ValueError: The message has no form on the wire.
        """
        plan = self._plan(event)
        if plan.stream is None:
            raise LocalProtocolError(f"{plan.event} is answered by a reply: call it")
        call = self._call(event, message, timeout, Expects.STREAM)
        stream = ClientStream[StreamItem](self._driver, plan, plan.stream, self._settings.unread)
        stream.ask(call)
        return stream

    async def leave(self) -> None:
        """Leave for good, and wait until the server has answered, or cannot."""
        self._driver.do(self._driver.machine.leave(self._machine))
        await anyio.lowlevel.checkpoint()
        while self.state is not RoomState.CLOSED:
            await self._changes.next()

    # What the server sends.

    def pushes(self) -> Self:
        """What the server pushed and nobody has read yet, and all that comes: the room itself."""
        return self

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Pushes:
        """The next push or broadcast. It ends when the program leaves, or closes the socket.

        Raises:
            RoomClosed: The server ended the room, or the socket.
            Overrun: More came than `Settings.unread` while nobody read; the next one is behind
                the gap.
            RemoteProtocolError: The next one is not what the channel declares; it is skipped.
        """
        envelope = await anext(self._unread)
        return cast("Pushes", read(self._models[envelope.event], envelope.payload))

    def presences(self, presence: Presence[Meta]) -> Presences[Meta]:
        """Who is here: await it for the list, iterate it for the list after each change.

        ``here = await room.presences(Room.here)`` waits for the first state,
        which the channel has to push.

        Args:
            presence: As the channel declares it: ``Room.here``.

        Raises:
            LocalProtocolError: It is another channel's.
        """
        plan = self._route.presence
        if plan is None or getattr(self._route.channel, plan.attribute) is not presence:
            raise LocalProtocolError(f"{self._route.channel.__name__} has not this presence")
        return Presences(self._followed, presence.meta)

    # From the driver: `Face`.

    def became(self, action: RoomBecame) -> None:
        """See `Face.became`."""
        last = action.state is RoomState.CLOSED
        if action.state is RoomState.JOINED:
            self._followed.joined()
        if last or action.state is RoomState.JOINED:
            self._first = self._first or action
        verdict, reason = self._told(action)
        change = RoomChange(
            state=action.state, verdict=verdict, reason=reason, retry_in=action.retry_in
        )
        if last:
            self._reason, self._end = reason, self._end_of(reason)
            self._unread.end(self._end)
            self._followed.end(self._end)
        self._changes.tell(change, last=last)

    def arrived(self, envelope: Push | Broadcast) -> None:
        """See `Face.arrived`; what the channel does not declare is dropped."""
        if self._route.presence is not None and self._followed.took(envelope):
            return
        if envelope.event in self._models:
            self._unread.put(envelope)

    # For the socket.

    async def decided(self) -> Verdict:
        """What the first join answered.

        Raises:
            CallFailed: The framework answered, or nobody.
        """
        while self._first is None:
            await self._changes.next()
        if self._first.reply is None:
            raise CallFailed(self._first.reason or CLOSED)
        return answered(self._route.join.answers, self._first.reply)

    # What they share.

    def _plan(self, event: Event[C, Any, Any]) -> EventPlan:
        for plan in self._route.events:
            if plan.event == event.name:
                return plan
        raise LocalProtocolError(f"{self._route.channel.__name__} has no event {event.name!r}")

    def _call(
        self,
        event: Event[C, Any, Any],
        message: Message | bytes,
        timeout: float | None,
        expects: Expects,
    ) -> Call:
        name = self._plan(event).event
        payload = snapshot(self.topic, name, body(message))
        seconds = self._settings.timeout if timeout is None else timeout
        return Call(self._machine, name, payload, timeout=seconds, expects=expects)

    async def _asked(self, call: Call) -> Reply | None:
        await self._driver.clear(call.timeout)
        outcome = _Outcome()
        self._driver.push(call, outcome)
        try:
            return await outcome.settled()
        finally:
            self._driver.abandon(call)  # where it was cancelled; else there is nothing to forget

    def _told(self, action: RoomBecame) -> tuple[Verdict, str | None]:
        """What a new state says to the program: the join's verdict, or why there is none."""
        if action.reply is None:
            return None, action.reason
        try:
            return answered(self._route.join.answers, action.reply), None
        except CallFailed as failure:
            return None, failure.reason

    def _end_of(self, reason: str | None) -> RoomClosed | None:
        """What iterations end with; None where the program itself ended the room."""
        if self._driver.machine.state is SocketState.CLOSED:
            if self._driver.cause is None:
                return None
            failure = RoomClosed(CLOSED)
            failure.__cause__ = self._driver.cause
            return failure
        return None if reason in (None, LEFT, REPLACED) else RoomClosed(reason)


@final
class _Outcome:
    """What becomes of a call. Implements `Answer`."""

    def __init__(self) -> None:
        self._settled = anyio.Event()
        self._reply: Reply | None = None
        self._failure: CallFailed | None = None

    def replied(self, reply: Reply | None) -> None:
        self._reply = reply
        self._settled.set()

    def failed(self, reason: str) -> None:
        self._failure = CallFailed(reason)
        self._settled.set()

    def item(self, push: Push) -> None:
        raise NotImplementedError  # the machine gives items to streams only

    async def settled(self) -> Reply | None:
        await self._settled.wait()
        if self._failure is not None:
            raise self._failure
        return self._reply
