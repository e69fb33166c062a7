"""The client's side of an event that is answered by a stream."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Generic, Self, cast, final

from typing_extensions import TypeVar

from ..messages import Message, Ok, Refusal
from ..payloads import Accepts, Invalid
from .answers import answered

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..dispatch import EventPlan, StreamPlan
    from ..errors import CallFailed
    from ..wire import Broadcast, Push, Reply
    from .waiting import Patience

__all__ = ["ClientStream"]

StreamItem = TypeVar("StreamItem", bound=Message | Refusal)


@final
class ClientStream(Generic[StreamItem]):
    """What a stream brings, item by item; made by `ClientRoom.stream`.

    Iterate it once. A declared refusal that breaks the stream off is its last
    item; an ok reply ends it.

    Args:
        replied: The reply to the push that asked, None before it came.
        ended: Why none will come any more, None while one may.
    """

    def __init__(
        self,
        plan: EventPlan,
        stream: StreamPlan,
        patience: Patience,
        replied: Callable[[], Reply | None],
        ended: Callable[[], CallFailed | None],
    ) -> None:
        self._plan = plan
        self._models = {event: model for model, event in stream.items.items()}
        self._patience = patience
        self._replied = replied
        self._ended = ended
        self._items: deque[Push | Broadcast] = deque()
        self._done = False

    def takes(self, push: Push) -> bool:
        """Whether a push with the ref of this stream is one of its items."""
        return not self._done and push.event in self._models

    def arrived(self, push: Push | Broadcast) -> None:
        """Take one of its items."""
        self._items.append(push)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> StreamItem:
        """The next item.

        Raises:
            CallFailed: The framework broke the stream off: invalid payload,
                forbidden, rate_limited, overloaded, channel closed, a crash.
            AssertionError: No item came, and none can come any more.
        """
        if self._done:
            raise StopAsyncIteration
        item = await self._patience.until(self._look, self._missing)
        if isinstance(item, Ok):
            raise StopAsyncIteration
        return cast("StreamItem", item)

    def _look(self) -> Message | Refusal | Ok | None:
        if self._items:
            return self._read(self._items.popleft())
        reply = self._replied()
        if reply is not None:
            self._done = True
            return cast("Refusal | Ok", answered(self._plan.answers, reply))
        ended = self._ended()
        if ended is not None:
            self._done = True
            raise ended
        return None

    def _read(self, push: Push | Broadcast) -> Message:
        model = self._models[push.event]
        item = Accepts((model,)).decode(push.payload)
        if isinstance(item, Invalid):
            raise AssertionError(f"{push.payload!r} is no {model.__name__}: {item.errors}")  # noqa: TRY004
        return cast("Message", item)

    def _missing(self) -> str:
        return f"{self._plan.event} brought nothing more and did not end"
