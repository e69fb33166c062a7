"""A small program with one of everything that a contract tells."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from pydantic import BaseModel, Field

from channelkit import (
    Channel,
    ConnectInfo,
    Endpoint,
    Limits,
    Message,
    Ok,
    Open,
    Presence,
    Refusal,
    Secret,
    channel,
    on_broadcast,
    on_event,
    on_join,
)


class Login(Message):
    """Who connects."""

    name: str
    password: Annotated[str, Secret()]


class Banned(Refusal, status=451):
    """This name may not come in.

    Ask the office.
    """

    until: int


class User(BaseModel):
    name: str


class JoinRoom(Message):
    color: Annotated[str, Field(pattern="^#[0-9a-f]{6}$", examples=["#00ff00"])] = "#000000"


class Size(BaseModel):
    width: int
    height: int


class Welcome(Message):
    members: int
    canvas: Size


class Full(Refusal):
    limit: int


class Bare(Refusal, reason=None):
    pass


class Stroke(Message):
    points: Annotated[list[Size], Field(max_length=100)]


class Drawn(Message):
    """Somebody drew."""

    by: str
    stroke: Stroke


class Image(Open, event="canvas:image"):
    pass


class Online(BaseModel):
    status: str


class Profile(BaseModel):
    full_name: str


async def profiles(_: str, metas: dict[str, list[Online]]) -> dict[str, Profile]:
    return {key: Profile(full_name=key) for key in metas}


def may_draw(member: Canvas) -> bool:
    return member.canvas > 0


@channel("canvas:{canvas}:{layer*}")
class Canvas(Channel[User, Drawn | Image]):
    """A canvas that everybody draws on."""

    canvas: Annotated[int, Field(ge=0)]
    layer: str

    here = Presence(Online, fetch=profiles)

    @on_join
    async def join(self, params: JoinRoom) -> Welcome | Full | None:
        """Come in."""

    @on_event("draw", allow=may_draw, rate="10/s")
    async def draw(self, message: Stroke) -> Ok | Bare:
        """Draw a stroke."""
        return Ok()

    @on_event("image", concurrent=True)
    async def image(self, message: JoinRoom | bytes) -> bytes:
        return b""

    @on_event("any")
    async def any(self, message: Open) -> Open | None:
        return message

    @on_event("replay")
    async def replay(self, message: Open) -> AsyncIterator[Drawn | Full]:
        """Everything that was drawn."""
        yield Full(limit=0)

    @on_broadcast
    async def hide(self, message: Drawn) -> Drawn | None:
        return message


@channel("lobby")
class Lobby(Channel[None]):
    @on_join
    async def join(self, params: Open) -> None: ...


async def connect(params: Login, info: ConnectInfo) -> User | Banned:
    """Only people with a name."""
    return User(name=params.name)


endpoint = Endpoint(
    "/draw",
    [Canvas],
    connect,
    limits=Limits(topics=5),
    subprotocols=["draw.v1"],
    longpoll=True,
    rate="100/s",
)
lobby = Endpoint("/lobby", [Lobby])
