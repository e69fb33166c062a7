"""Streams that are none, and what may not be done with one."""

from __future__ import annotations

from collections.abc import AsyncIterator

from channelkit import Channel, Message, Ok, Refusal, channel, on_broadcast, on_event, on_join
from channelkit.testing import ClientRoom


class Draft(Message):
    text: str


class Saved(Message):
    size: int


class Full(Refusal):
    limit: int


@channel("streams")
class Streams(Channel[None, Saved]):
    @on_join
    async def join(self, params: Draft) -> None: ...

    @on_event("saved")
    async def saved(self, message: Draft) -> AsyncIterator[Saved | Full]:
        yield Saved(size=1)
        # mypy> Incompatible types in "yield" (actual type "Draft", expected type "Saved | Full")
        # pyright> Return type of async generator function must be compatible … Type "Draft" is not assignable to type "Saved | Full"
        yield Draft(text="")

    @on_event("one")
    async def one(self, message: Draft) -> Ok:
        return Ok()

    # mypy> Argument 1 to "__call__" of "OnEvent" has incompatible type "Callable[[Streams, Draft], AsyncIterator[int]]"
    # pyright> "AsyncIterator[int]" is not assignable to "Coroutine[
    @on_event("numbers")
    async def numbers(self, message: Draft) -> AsyncIterator[int]:
        yield 1

    # mypy> Value of type variable "MessageIn" of "__call__" of "OnEvent" cannot be "int"
    # pyright> Type "Message* | bytes*" is not assignable to type "int"
    @on_event("number")
    async def number(self, message: int) -> AsyncIterator[Saved]:
        yield Saved(size=1)

    # mypy> Argument 1 to "__call__" of "OnEvent" has incompatible type "Callable[[Streams, Draft], Saved]"
    @on_event("annotated")
    # mypy> The return type of an async generator function should be "AsyncGenerator" or one of its supertypes
    # pyright> Return type of async generator function must be compatible with "AsyncGenerator[Any, Any]"
    async def annotated(self, message: Draft) -> Saved:
        # pyright> "AsyncGenerator[Saved, Unknown, Unknown]" is not assignable to "Saved"
        yield Saved(size=1)

    # mypy> Value of type variable "Answer" of "__call__" of "OnEvent" cannot be "AsyncIterator[Saved]"
    # pyright> Type "AsyncIterator[Saved]" is not assignable to type "Message | bytes | Refusal | Ok | None"
    @on_event("returned")
    async def returned(self, message: Draft) -> AsyncIterator[Saved]:
        return self.saved_ones()

    # mypy> Argument 1 to "on_broadcast" has incompatible type "Callable[[Streams, Saved], AsyncIterator[Saved]]"
    # pyright> "AsyncIterator[Saved]" is not assignable to "Coroutine[
    @on_broadcast
    async def twice(self, message: Saved) -> AsyncIterator[Saved]:
        yield message

    async def saved_ones(self) -> AsyncIterator[Saved]:
        yield Saved(size=1)


async def call(room: ClientRoom[Streams]) -> None:
    # mypy> Value of type variable "TypedReply" of "call" of "ClientRoom" cannot be "Stream[Saved | Full]"
    # pyright> Type "Stream[Saved | Full]" is not assignable to type "Message | bytes | Refusal | Ok"
    await room.call(Streams.saved, Draft(text=""))
    # mypy> Argument 1 to "stream" of "ClientRoom" has incompatible type "Event[Streams, Draft, Ok]"
    # pyright> "Event[Streams, Draft, Ok]" cannot be assigned to parameter "event"
    room.stream(Streams.one, Draft(text=""))
    # mypy> Cannot infer value of type parameter "EventMessage" of "stream" of "ClientRoom"
    # pyright> "Saved" cannot be assigned to parameter "message" … "Saved" is not assignable to "Draft"
    room.stream(Streams.saved, Saved(size=1))
    async for item in room.stream(Streams.saved, Draft(text="")):
        # mypy> Item "Saved" of "Saved | Full" has no attribute "limit"
        # pyright> Cannot access attribute "limit" for class "Saved"
        item.limit
