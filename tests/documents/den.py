"""A small program that does something with all that its contract tells: snippets run against it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from channelkit import (
    Channel,
    Endpoint,
    Message,
    Ok,
    Open,
    Presence,
    Refusal,
    Server,
    after_join,
    channel,
    on_event,
    on_join,
)

__all__ = ["endpoint", "server"]


class Login(Message):
    name: str


class Banned(Refusal):
    """This name may not come in."""


class User(BaseModel):
    name: str


class Enter(Message):
    """Come in."""

    code: Annotated[str, Field(pattern="^[0-9]{4}$")]


class Entered(Message):
    seats: int


class Full(Refusal):
    """There is no seat."""

    limit: int


class Point(BaseModel):
    x: int
    y: int


class Draw(Message):
    points: Annotated[list[Point], Field(min_length=1)]
    at: datetime | None = None
    color: Annotated[str, Field(examples=["#ff0000"])] = "#000000"


class Drawn(Message):
    """Somebody drew."""

    points: list[Point]


class Schedule(Message):
    """When to come."""

    at: datetime


class Scheduled(Message):
    at: datetime


class Nothing(Message):
    pass


class Anything(Open, event="den:anything"):
    """Whatever there is."""


DenAnything = Anything
"""As the generated module calls it: a contract does not know the class of an open push."""


class Online(BaseModel):
    status: str


@channel("den:{den_id}:{corner*}")
class Den(Channel[User, Drawn | Anything]):
    """A den with one of everything.

    It answers all that it is asked.
    """

    den_id: Annotated[int, Field(ge=1)]
    corner: str

    here = Presence(Online)

    @on_join
    async def join(self, params: Enter) -> Entered | Full:
        """Take a seat."""
        return Entered(seats=3)

    @after_join
    async def arrived(self) -> None:
        self.here.track(self.assigns.name, Online(status="here"))
        await self.here.push_state()
        await self.push(Drawn(points=[]))
        await self.push(Anything(payload={"any": "thing"}))

    @on_event("draw", rate="10/s")
    async def draw(self, message: Draw) -> Ok | Full:
        """Draw a line through these points."""
        return Ok() if len(message.points) < 9 else Full(limit=9)

    @on_event("schedule")
    async def schedule(self, message: Schedule) -> Scheduled:
        return Scheduled(at=message.at)

    @on_event("wave")
    async def wave(self, message: Nothing) -> None:
        """Nobody answers."""

    @on_event("image")
    async def image(self, message: bytes) -> bytes:
        return message[::-1]

    @on_event("echo")
    async def echo(self, message: Open) -> Open:
        return message

    @on_event("replay")
    async def replay(self, message: Nothing) -> AsyncIterator[Drawn]:
        """All that was drawn."""
        yield Drawn(points=[Point(x=1, y=1)])


async def connect(params: Login) -> User | Banned:
    return User(name=params.name)


endpoint: Endpoint[User] = Endpoint("/dens", [Den], connect)
server = Server(endpoint)
