"""What a channel instance speaks through: its member's way out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, final

from ..errors import LocalProtocolError
from ..exits import Stopped
from ..mailbox import Mailbox
from ..payloads import pushable
from ..wire import Broadcast, Push
from .facade import Facade

if TYPE_CHECKING:
    from datetime import datetime

    from ..here import Here
    from ..messages import Message
    from .channel_task import ChannelTask
    from .connection import Connection

__all__ = ["ChannelPort"]


@final
class ChannelPort:
    """Implements `channel.Port` for one channel task."""

    __slots__ = ("_connection", "_mailbox", "_task")

    def __init__(self, connection: Connection, task: ChannelTask) -> None:
        self._connection = connection
        self._task = task
        self._mailbox: Mailbox | None = None

    @property
    def topic(self) -> str:
        return self._task.member.topic

    @property
    def assigns(self) -> object:
        return self._connection.assigns

    @property
    def socket(self) -> Facade:
        return Facade(self._connection, self._task.disconnect)

    @property
    def here(self) -> Here[Any]:
        here = self._task.here
        if here is None:
            raise LocalProtocolError("the channel declares no presence; add  here = Presence(Meta)")
        return here

    def push_nowait(self, message: Message) -> None:
        event, declared = self._outgoing(message, "push")
        member = self._task.member
        if not self._task.over:
            content = pushable(declared)
            self._connection.push(Push(member.join_ref, None, member.topic, event, content))

    async def push(self, message: Message) -> None:
        self.push_nowait(message)
        if self._connection.outbox.paused:
            await self._connection.outbox.wait_writable()

    def broadcast_nowait(self, message: Message, *, to_self: bool) -> None:
        event, declared = self._outgoing(message, "broadcast")
        self._connection.hub.pubsub.publish(
            Broadcast(self.topic, event, pushable(declared)),
            omit=None if to_self else self._task,
        )

    async def broadcast(self, message: Message, *, to_self: bool) -> None:
        self.broadcast_nowait(message, to_self=to_self)

    def inform(self, info: object) -> None:
        self._task.inform(info)

    @property
    def mailbox(self) -> Mailbox:
        if self._mailbox is None:
            self._mailbox = Mailbox(self.topic, self._task)
        return self._mailbox

    def stop(self, error: str | None) -> None:
        self._task.stop(Stopped(error))

    def expire(self, when: datetime | None) -> None:
        if not self._task.over:  # else there is nothing left to end
            self._connection.expiry.set(when, self._task)

    def _outgoing(self, message: Message, verb: str) -> tuple[str, Message]:
        if self._task.grant is None:
            raise LocalProtocolError(
                f"{verb} before the join is done; do it in the channel's @after_join"
            )
        return self._task.member.match.route.outgoing(message)
