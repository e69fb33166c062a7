"""The client's side of an event that is answered by a stream."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, Self, cast, final

from typing_extensions import TypeVar

from ..errors import CallFailed, Overrun, RemoteProtocolError
from ..messages import Message, Refusal
from ..wire import Push
from .inbox import Inbox
from .reading import answered, read

if TYPE_CHECKING:
    from types import TracebackType

    from ..dispatch import EventPlan, StreamPlan
    from ..wire import Reply
    from .actions import Call
    from .driver import Driver

__all__ = ["ClientStream"]

StreamItem = TypeVar("StreamItem", bound=Message | Refusal)


@final
class ClientStream(Generic[StreamItem]):
    """What a stream brings, item by item; made by `ClientRoom.stream`.

    Iterate it once. A declared refusal that breaks the stream off is its last
    item; an ok reply ends it. If you stop before its end, close it, or use
    ``async with``: the server goes on, and what still comes is dropped.
    """

    def __init__(self, driver: Driver, plan: EventPlan, stream: StreamPlan, unread: int) -> None:
        self._driver = driver
        self._plan = plan
        self._models = {event: model for model, event in stream.items.items()}
        self._inbox = Inbox[Push | Refusal](unread)
        self._call: Call | None = None

    def ask(self, call: Call) -> None:
        """Push what asks for the stream."""
        self._call = call
        self._driver.push(call, self)

    def close(self) -> None:
        """Read no more of it."""
        if self._call is not None:
            self._driver.abandon(self._call)
            self._call = None
        self._inbox.drop()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> StreamItem:
        """The next item.

        Raises:
            CallFailed: The framework broke the stream off: invalid payload, forbidden,
                rate_limited, overloaded, a crash; or "timeout", "disconnected", "left".
            Overrun: Items came faster than they were read; the stream is closed.
            RemoteProtocolError: An item is not what the channel declares; as above.
        """
        try:
            item = await anext(self._inbox)
            if isinstance(item, Push):
                return cast("StreamItem", read(self._models[item.event], item.payload))
        except (Overrun, RemoteProtocolError):
            self.close()
            raise
        return cast("StreamItem", item)

    # From the driver: `Answer`.

    def item(self, push: Push) -> None:
        """See `Answer.item`; what the stream does not declare is dropped."""
        if push.event in self._models:
            self._inbox.put(push)

    def replied(self, reply: Reply | None) -> None:
        """See `Answer.replied`."""
        assert reply is not None, "a stream expects a reply"
        self._call = None
        try:
            said = answered(self._plan.answers, reply)
        except CallFailed as failure:
            self._inbox.end(failure)
            return
        if isinstance(said, Refusal):
            self._inbox.put(said)
        self._inbox.end()

    def failed(self, reason: str) -> None:
        """See `Answer.failed`."""
        self._call = None
        self._inbox.end(CallFailed(reason))
