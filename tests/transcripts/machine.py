"""One link without a runtime: serializer and session, and channels that answer at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never, final

from channelkit.actions import Close, Deliver, Send, Start, Stop
from channelkit.errors import RemoteProtocolError
from channelkit.exits import Crashed, Left, Stopped, close_code
from channelkit.limits import Limits
from channelkit.session import Session
from channelkit.wire import UNKNOWN_EVENT, Broadcast, Push, Reply, refused

from .speech import Frame, heard

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from pydantic import JsonValue

    from channelkit.actions import Action
    from channelkit.dispatch import DispatchTable
    from channelkit.exits import Exit
    from channelkit.member import Member
    from channelkit.serializers import Serializer
    from channelkit.wire import Body, Envelope, Status
    from channelkit.wire import Frame as WireFrame

__all__ = ["Machine"]


@final
class Machine:
    """What the runtime does to a session, one input after another.

    Its channels behave as those of `examples/conformance.py`: the session
    sees only joins, replies, pushes and ends, so these are written down here.

    Args:
        others: Every link, this one included, for broadcasts.
    """

    def __init__(
        self, serializer: Serializer, table: DispatchTable, others: Collection[Machine]
    ) -> None:
        self._heard: list[JsonValue] = []
        self._serializer = serializer
        self._session = Session(table, Limits())
        self._others = others
        self._pending: list[Member] = []

    def receive(self, frames: Sequence[Frame]) -> None:
        """Take what comes in one read; then the joins that take their time are granted."""
        for frame in frames:
            self._perform(self._received(frame))
        pending, self._pending = self._pending, []
        for member in pending:
            self._perform(self._session.granted(member, {}))

    def take(self) -> list[JsonValue]:
        """What it has sent since the last time."""
        taken, self._heard = self._heard, []
        return taken

    def publish(self, broadcast: Broadcast) -> None:
        """Send a broadcast, if somebody here has joined its topic."""
        if any(member.topic == broadcast.topic for member in self._session.members):
            self._send(broadcast)

    def _received(self, frame: Frame) -> list[Action]:
        serializer = self._serializer
        decode = serializer.decode_binary if frame.binary else serializer.decode
        try:
            return self._session.receive(decode(frame.data))
        except RemoteProtocolError as error:
            return self._session.violated(error)

    def _perform(self, actions: list[Action]) -> None:
        for action in actions:
            match action:
                case Send(envelope):
                    self._send(envelope)
                case Start(member) if member.topic.startswith("slow:"):
                    self._pending.append(member)
                case Start(member):
                    if not self.refuse(member):
                        self._perform(self._session.granted(member, {}))
                case Deliver(member, push):
                    self._session.taken(member)
                    self._handle(member, push)
                case Stop(member, reason):
                    self.end(member, reason)
                case Close(reason):
                    self.close(reason)
                case _:
                    assert_never(action)

    def _handle(self, member: Member, push: Push) -> None:
        handler = HANDLERS.get(push.event)
        if handler is None:
            self.reply(member, push, refused(UNKNOWN_EVENT), "error")
        else:
            handler(self, member, push)

    # What channels do.

    def reply(self, member: Member, push: Push, response: Body, status: Status = "ok") -> None:
        """Answer a push."""
        self._send(Reply(member.join_ref, push.ref, member.topic, status, response))

    def push(self, member: Member, push: Push, event: str) -> None:
        """Push what came, and answer."""
        self._send(Push(member.join_ref, None, member.topic, event, push.payload))
        self.reply(member, push, {})

    def broadcast(self, member: Member, push: Push) -> None:
        """Broadcast what came under its own event, and answer."""
        for other in self._others:
            other.publish(Broadcast(member.topic, push.event, push.payload))
        self.reply(member, push, {})

    def broadcast_from(self, member: Member, push: Push) -> None:
        """Broadcast what came as "new_msg" to the other links, and answer."""
        for other in self._others:
            if other is not self:
                other.publish(Broadcast(member.topic, "new_msg", push.payload))
        self.reply(member, push, {})

    def refuse(self, member: Member) -> bool:
        """Whether a room's token is not "ok", and the join was refused for it."""
        payload = member.join.payload
        refuses = member.topic.startswith("room:") and not (
            isinstance(payload, dict) and payload.get("token") == "ok"
        )
        if refuses:
            self._perform(self._session.refused(member, refused("unauthorized")))
        return refuses

    def leave(self, member: Member, _: Push) -> None:
        """Confirm a leave, and end."""
        self._perform(self._session.left(member))
        self.end(member, Left())

    def end(self, member: Member, reason: Exit) -> None:
        """End for a reason."""
        self._perform(self._session.ended(member, reason))

    def close(self, reason: Exit) -> None:
        """End the link."""
        code = close_code(reason)
        self._heard.append({"close": None if code is None else code[0]})
        self._perform(self._session.closed(reason))

    def _send(self, envelope: Envelope) -> None:
        frame = self._encoded(envelope)
        if frame is not None:
            self._heard.append(heard(Frame(frame.data, frame.binary)))

    def _encoded(self, envelope: Envelope) -> WireFrame | None:
        match envelope:
            case Push():
                return self._serializer.push(envelope)
            case Reply():
                return self._serializer.reply(envelope)
            case Broadcast():
                return self._serializer.broadcast(envelope)
            case _:
                assert_never(envelope)


HANDLERS: Mapping[str, Callable[[Machine, Member, Push], None]] = {
    "phx_leave": Machine.leave,
    "echo": lambda machine, member, push: machine.reply(member, push, push.payload),
    "async": lambda machine, member, push: machine.reply(member, push, push.payload),
    "bin": lambda machine, member, push: machine.reply(member, push, push.payload),
    "noreply": lambda machine, member, push: None,
    "error": lambda machine, member, push: machine.reply(member, push, refused("bad"), "error"),
    "error_bare": lambda machine, member, push: machine.reply(member, push, {}, "error"),
    "push_me": lambda machine, member, push: machine.push(member, push, "pushed"),
    "push_bin": lambda machine, member, push: machine.push(member, push, "pushed_bin"),
    "bcast": Machine.broadcast,
    "bcast_bin": Machine.broadcast,
    "new_msg": Machine.broadcast,
    "new_msg_from": Machine.broadcast_from,
    "set_status": lambda machine, member, push: machine.reply(member, push, {}),
    "stop": lambda machine, member, push: machine.end(member, Stopped()),
    "stop_shutdown": lambda machine, member, push: machine.end(member, Stopped()),
    "stop_error": lambda machine, member, push: machine.end(member, Stopped(error="asked")),
    "crash": lambda machine, member, push: machine.end(member, Crashed(RuntimeError("asked"))),
}
"""What the channels of `examples/conformance.py` do, event by event."""
