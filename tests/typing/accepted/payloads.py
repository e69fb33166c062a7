"""What an event may take and answer: messages, unions, bytes, anything."""

from __future__ import annotations

from typing import Generic, TypeAlias, assert_type

from typing_extensions import TypeVar

from channelkit import (
    Channel,
    Endpoint,
    Event,
    Join,
    Message,
    Ok,
    Open,
    Refusal,
    Refused,
    channel,
    on_event,
    on_join,
)
from channelkit.testing import connect as connect_to


class Draft(Message):
    text: str


class Drawing(Message):
    strokes: int


class Saved(Message):
    size: int


class LongDraft(Draft):
    pages: int


class TooLong(Refusal):
    limit: int


class Locked(Refusal, reason=None):
    pass


class Seen(Open, event="seen"):
    """Any JSON object, or bytes."""


T = TypeVar("T")


class Page(Message, Generic[T]):
    items: list[T]


Either: TypeAlias = Draft | Drawing


@channel("desk")
class Desk(Channel[None, Saved | Seen | Page[str]]):
    @on_join
    async def join(self, params: Draft | bytes) -> Saved | bytes | TooLong | None:
        return params if isinstance(params, bytes) else None

    @on_event("either")
    async def either(self, message: Either) -> Saved | Ok | TooLong | Locked:
        match message:
            case Draft():
                return Saved(size=len(message.text))
            case Drawing():
                return Ok()

    @on_event("bytes")
    async def bytes_too(self, message: bytes | Draft) -> bytes | Saved:
        return message if isinstance(message, bytes) else Saved(size=len(message.text))

    @on_event("echo")
    async def echo(self, message: Open) -> Open:
        await self.push(Seen(payload={"got": "it"}))
        return message

    @on_event("page")
    async def page(self, message: Page[int]) -> Page[str]:
        page = Page[str](items=list(map(str, message.items)))
        await self.push(page)
        return page

    @on_event("refuse")
    async def refuse(self, message: Draft) -> TooLong:
        raise Refused(TooLong(limit=1))

    @on_event("sometimes")
    async def sometimes(self, message: Draft) -> Saved | None:
        return Saved(size=1) if message.text else None

    @on_event("own")
    async def own(self, message: Draft) -> None:
        await self.either(message)
        await self.push(Saved(size=1))
        self.push_nowait(Saved(size=2))

    async def save(self, saved: Saved | Seen) -> None:
        await self.push(saved)
        await self.broadcast(saved)
        self.broadcast_nowait(saved)
        self.broadcast_from_nowait(saved)


endpoint = Endpoint("/socket", channels=[Desk])

assert_type(endpoint, Endpoint[None])
assert_type(Desk.join, Join[Desk, Draft | bytes, Saved | bytes | TooLong | None])
assert_type(Desk.either, Event[Desk, Draft | Drawing, Saved | Ok | TooLong | Locked])
assert_type(Desk.bytes_too, Event[Desk, bytes | Draft, bytes | Saved])
assert_type(Desk.echo, Event[Desk, Open, Open])


async def main() -> None:
    async with connect_to(endpoint) as socket:
        desk, verdict = await socket.join(Desk.topic_for(), Desk.join, b"in")
        assert_type(verdict, Saved | bytes | TooLong | None)
        assert verdict == b"in"

        answer = await desk.call(Desk.either, Draft(text="four"))
        assert_type(answer, Saved | Ok | TooLong | Locked)
        assert answer == Saved(size=4)
        message: Draft | Drawing = Drawing(strokes=3)
        assert await desk.call(Desk.either, message) == Ok()
        assert await desk.call(Desk.either, LongDraft(text="two", pages=9)) == Saved(size=3)

        assert await desk.call(Desk.bytes_too, b"raw") == b"raw"
        assert await desk.call(Desk.echo, Open(payload=[1, 2])) == Open(payload=[1, 2])
        assert (await desk.expect(Seen)).payload == {"got": "it"}
        assert await desk.call(Desk.page, Page[int](items=[1])) == Page[str](items=["1"])
        assert await desk.expect(Page[str]) == Page[str](items=["1"])
        assert await desk.call(Desk.refuse, Draft(text="x")) == TooLong(limit=1)
        await desk.send(Desk.sometimes, Draft(text=""))
        await desk.send(Desk.own, Draft(text=""))
        assert await desk.expect(Saved) == Saved(size=1)
