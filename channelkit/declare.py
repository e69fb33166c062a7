"""The decorators: each leaves a mark that the compiler reads, and does nothing else. Pure.

Seen from the class a mark is a typed value (`Room.new_msg` is an
`Event[Room, NewMsg, Accepted]`), from an instance the bound handler.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine
from typing import TYPE_CHECKING, Any, Generic, Self, TypeAlias, overload

from typing_extensions import TypeVar

from .channel import AnyChannel, Channel
from .exits import Exit
from .messages import Message, Ok, Refusal

__all__ = [
    "AfterJoin",
    "Event",
    "Join",
    "OnBroadcast",
    "OnDrain",
    "OnEvent",
    "OnEventFor",
    "OnInfo",
    "OnLeave",
    "Stream",
    "after_join",
    "channel",
    "on_broadcast",
    "on_drain",
    "on_event",
    "on_info",
    "on_join",
    "on_leave",
]

# The type checkers' messages name these variables.
T = TypeVar("T")
Assigns = TypeVar("Assigns")
ChannelT = TypeVar("ChannelT", bound=AnyChannel)
ChannelT_contra = TypeVar("ChannelT_contra", bound=AnyChannel, contravariant=True)
MessageIn = TypeVar("MessageIn", bound=Message | bytes)
MessageIn_contra = TypeVar("MessageIn_contra", bound=Message | bytes, contravariant=True)
Answer = TypeVar("Answer", bound=Message | bytes | Refusal | Ok | None)
Item = TypeVar("Item", bound=Message | Refusal)
Item_co = TypeVar("Item_co", bound=Message | Refusal, covariant=True)
Answer_co = TypeVar(
    "Answer_co", bound="Message | bytes | Refusal | Ok | Stream[Any] | None", covariant=True
)
Verdict = TypeVar("Verdict", bound=Message | bytes | Refusal | None)
Verdict_co = TypeVar("Verdict_co", bound=Message | bytes | Refusal | None, covariant=True)
M = TypeVar("M", bound=Message)
SameMessage = TypeVar("SameMessage", bound=Message)
Info = TypeVar("Info")

Async: TypeAlias = Coroutine[Any, Any, T]


def channel(pattern: str, *, declared: bool = False) -> Callable[[type[ChannelT]], type[ChannelT]]:
    """Mark a class as the channel of a topic pattern.

    ``{p}`` in the pattern is one segment, ``{p*}``, only last, the rest; each
    is a topic parameter and an annotation of the class with its type. A class
    that is only *declared* types clients of another program, and is not served.

    Example:
        ```python
        @channel("room:{room_id}")
        class Room(Channel[User, Posted]):
            room_id: int
        ```
    """

    def mark(cls: type[ChannelT]) -> type[ChannelT]:
        cls.__pattern__, cls.__declared__ = pattern, declared
        return cls

    return mark


class Stream(Generic[Item_co]):
    """What the type of an event says where its handler is an async generator.

    There are no values of it: the items come as pushes of their own, then a
    reply ends the stream. `Item_co` is the union of what the handler yields.
    """

    if TYPE_CHECKING:

        def items(self) -> AsyncIterator[Item_co]: ...


class Event(Generic[ChannelT_contra, MessageIn_contra, Answer_co]):
    """An event of a channel: what it takes, what it answers."""

    def __init__(
        self,
        name: str,
        handler: Callable[[Any, Any], Async[Answer_co] | AsyncIterator[Any]],
        *,
        allow: Callable[[Any], bool] | None = None,
        concurrent: bool = False,
        rate: str | None = None,
    ) -> None:
        self.name = name
        self.handler: Callable[[Any, Any], Any] = handler
        self.allow = allow
        self.concurrent = concurrent
        self.rate = rate

    # Only here does a type checker learn the channel: an inherited event is the subclass's, and an
    # override is compared by what it takes and answers alone.
    @overload
    def __get__(
        self, instance: None, owner: type[ChannelT]
    ) -> Event[ChannelT, MessageIn_contra, Answer_co]: ...
    @overload
    def __get__(
        self: Event[Any, MessageIn, Stream[Item]], instance: AnyChannel, owner: object
    ) -> Callable[[MessageIn], AsyncIterator[Item]]: ...
    @overload
    def __get__(
        self, instance: AnyChannel, owner: object
    ) -> Callable[[MessageIn_contra], Async[Answer_co]]: ...
    def __get__(self, instance: AnyChannel | None, owner: object) -> object:
        return self if instance is None else self.handler.__get__(instance)


class Join(Generic[ChannelT_contra, MessageIn_contra, Verdict_co]):
    """The join of a channel: what it takes, and its verdicts."""

    def __init__(self, handler: Callable[[Any, Any], Async[Verdict_co]]) -> None:
        self.handler = handler

    @overload
    def __get__(
        self, instance: None, owner: type[ChannelT]
    ) -> Join[ChannelT, MessageIn_contra, Verdict_co]: ...
    @overload
    def __get__(
        self, instance: AnyChannel, owner: object
    ) -> Callable[[MessageIn_contra], Async[Verdict_co]]: ...
    def __get__(self, instance: AnyChannel | None, owner: object) -> object:
        return self if instance is None else self.handler.__get__(instance)


class _Mark(Generic[T]):
    """A marked method; from an instance, the method itself."""

    def __init__(self, handler: Callable[..., Async[Any]]) -> None:
        self.handler = handler

    @overload
    def __get__(self, instance: None, owner: object) -> Self: ...
    @overload
    def __get__(self, instance: AnyChannel, owner: object) -> T: ...
    def __get__(self, instance: AnyChannel | None, owner: object) -> object:
        return self if instance is None else self.handler.__get__(instance)


class AfterJoin(_Mark[Callable[[], Async[None]]]):
    """Runs once the join's reply has left."""


class OnDrain(_Mark[Callable[[], Async[None]]]):
    """A method marked by `on_drain`."""


class OnLeave(_Mark[Callable[[Exit], Async[None]]]):
    """Runs exactly once for every granted join."""


class OnInfo(_Mark[Callable[[Info], Async[None]]], Generic[Info]):
    """Takes infos of one type, or of a union."""


class OnBroadcast(_Mark[Callable[[M], Async[Message | None]]], Generic[M]):
    """Changes, or drops, a broadcast for this member."""


class OnEvent:
    """`on_event(name)`, not yet over a method."""

    def __init__(self, name: str, *, concurrent: bool, rate: str | None) -> None:
        self._name = name
        self._concurrent = concurrent
        self._rate = rate

    # The first and the last are one: mypy explains a handler that fits none by the first, pyright
    # by the last, and most handlers are no generators.
    @overload
    def __call__(
        self, handler: Callable[[ChannelT, MessageIn], Async[Answer]]
    ) -> Event[Any, MessageIn, Answer]: ...
    @overload
    def __call__(
        self, handler: Callable[[ChannelT, MessageIn], AsyncIterator[Item]]
    ) -> Event[Any, MessageIn, Stream[Item]]: ...
    @overload
    def __call__(
        self, handler: Callable[[ChannelT, MessageIn], Async[Answer]]
    ) -> Event[Any, MessageIn, Answer]: ...
    def __call__(
        self, handler: Callable[[Any, MessageIn], Async[Any] | AsyncIterator[Any]]
    ) -> Event[Any, MessageIn, Any]:
        return Event(self._name, handler, concurrent=self._concurrent, rate=self._rate)


class OnEventFor(Generic[ChannelT_contra]):
    """`on_event(name, allow=...)`, not yet over a method."""

    def __init__(
        self,
        name: str,
        allow: Callable[[ChannelT_contra], bool],
        *,
        concurrent: bool,
        rate: str | None,
    ) -> None:
        self._name = name
        self._allow = allow
        self._concurrent = concurrent
        self._rate = rate

    # A permission of many channels fits each; otherwise it must be the handler's own channel's.
    @overload
    def __call__(
        self: OnEventFor[Channel[Assigns, Any]],
        handler: Callable[[ChannelT, MessageIn], Async[Answer]],
    ) -> Event[Any, MessageIn, Answer]: ...
    @overload
    def __call__(
        self: OnEventFor[ChannelT], handler: Callable[[ChannelT, MessageIn], Async[Answer]]
    ) -> Event[Any, MessageIn, Answer]: ...
    @overload
    def __call__(
        self: OnEventFor[Channel[Assigns, Any]],
        handler: Callable[[ChannelT, MessageIn], AsyncIterator[Item]],
    ) -> Event[Any, MessageIn, Stream[Item]]: ...
    @overload
    def __call__(
        self: OnEventFor[ChannelT], handler: Callable[[ChannelT, MessageIn], AsyncIterator[Item]]
    ) -> Event[Any, MessageIn, Stream[Item]]: ...
    @overload
    def __call__(
        self: OnEventFor[ChannelT], handler: Callable[[ChannelT, MessageIn], Async[Answer]]
    ) -> Event[Any, MessageIn, Answer]: ...
    def __call__(
        self, handler: Callable[[Any, MessageIn], Async[Any] | AsyncIterator[Any]]
    ) -> Event[Any, MessageIn, Any]:
        return Event(
            self._name, handler, allow=self._allow, concurrent=self._concurrent, rate=self._rate
        )


@overload
def on_event(name: str, *, concurrent: bool = ..., rate: str | None = ...) -> OnEvent: ...
@overload
def on_event(
    name: str,
    *,
    allow: Callable[[ChannelT], bool],
    concurrent: bool = ...,
    rate: str | None = ...,
) -> OnEventFor[ChannelT]: ...
def on_event(
    name: str,
    *,
    allow: Callable[[ChannelT], bool] | None = None,
    concurrent: bool = False,
    rate: str | None = None,
) -> OnEvent | OnEventFor[ChannelT]:
    """Mark the handler of an event.

    The handler is async and takes one `Message` or `bytes` (unions allowed).
    It returns a `Message`, `bytes` or `Ok()` for an ok reply, a `Refusal` for
    an error reply, `None` for no reply; the annotation declares which.

    Or it is an async generator, ``-> AsyncIterator[Posted | Gone]``: each
    message that it yields, a declared push, goes out under its own event with
    the ref of the push that asked. Its return is the ok reply ``{}``; a
    `Refusal`, yielded or raised in `Refused`, is the error reply that breaks
    it off. It always runs beside the member's other events, at most
    `Limits.streams` at once, waits where `push` would, and is closed when its
    member leaves or ends.

    Args:
        name: The event on the wire; not one of the reserved `phx_*` events.
        allow: Asked with the channel instance before the payload is read;
            False answers error "forbidden".
        concurrent: Run beside the member's other events, at most
            `Limits.concurrent` at once; replies go out as they come.
        rate: How often, as in ``"10/s"``, ``"600/m"`` or ``"1000/h burst 50"``
            (see `Rate.parse`). What comes sooner is answered error
            "rate_limited" with the milliseconds to wait as ``retry_after``.
            Counted for each socket, over all topics of this channel's pattern:
            to leave and join again refills nothing.
    """
    if allow is None:
        return OnEvent(name, concurrent=concurrent, rate=rate)
    return OnEventFor(name, allow, concurrent=concurrent, rate=rate)


def on_join(
    handler: Callable[[ChannelT, MessageIn], Async[Verdict]],
) -> Join[Any, MessageIn, Verdict]:
    """Mark the handler that decides a join.

    A `Message`, `bytes` or `None` grants (its fields are the response), a
    `Refusal` refuses. Every channel has exactly one.
    """
    return Join(handler)


def after_join(handler: Callable[[ChannelT], Async[None]]) -> AfterJoin:
    """Mark what runs after the join's reply has left; it may push and broadcast."""
    return AfterJoin(handler)


def on_drain(handler: Callable[[ChannelT], Async[None]]) -> OnDrain:
    """Mark what runs when the server drains, before the socket is closed with 1012.

    It may push. All of a socket's have `Limits.drain` seconds together.
    """
    return OnDrain(handler)


def on_leave(handler: Callable[[ChannelT, Exit], Async[None]]) -> OnLeave:
    """Mark what runs exactly once for every granted join, whatever ended it.

    It has `Limits.leave` seconds, shielded from cancellation.
    """
    return OnLeave(handler)


def on_info(handler: Callable[[ChannelT, Info], Async[None]]) -> OnInfo[Info]:
    """Mark a handler of infos: values of any class, sent from this program only."""
    return OnInfo(handler)


def on_broadcast(
    handler: Callable[[ChannelT, SameMessage], Async[SameMessage | None]],
) -> OnBroadcast[SameMessage]:
    """Mark a handler through which a broadcast passes on its way to this member's client.

    What it returns goes out as a push in its place; None drops it.
    """
    return OnBroadcast(handler)
