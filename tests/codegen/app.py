"""A server with one of everything that a client can be written for, well behaved and odd."""

from __future__ import annotations

import argparse
from collections.abc import AsyncIterator
from datetime import date
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from channelkit import (
    Channel,
    Endpoint,
    Message,
    Ok,
    Open,
    Presence,
    Refusal,
    Router,
    Secret,
    Server,
    after_join,
    channel,
    on_event,
    on_join,
)

from .models import Everything

if TYPE_CHECKING:
    from collections.abc import Sequence

    from channelkit.transports.listener import Listening


class Color(StrEnum):
    """What it looks like."""

    RED = "red"
    BLUE = "blue"


class Level(IntEnum):
    LOW = 1
    HIGH = 2


# Connecting.


class Login(Message):
    """Who connects. A */ ends no comment, and neither does \u2028 a line."""

    name: str
    pin: Annotated[str, Secret()] = ""
    filters: dict[str, str] = Field(default_factory=dict[str, str])


class Banned(Refusal, status=451):
    """This name may not come in."""


class User(BaseModel):
    name: str


# A hall: what clients mostly do.


class Enter(Message):
    token: str
    color: Color = Color.RED


class Wall(BaseModel):
    """A wall, which goes both ways and has a default."""

    height: int = 3


class Welcome(Message):
    """What is to be seen."""

    name: str
    walls: list[Wall]
    colors: dict[Color, int] = Field(default_factory=dict[Color, int])


class WrongToken(Refusal):
    """The token is not right."""

    hint: str


class Forbidden(Refusal):
    """It has the reason of one of the framework's own."""

    by: str


class Bare(Refusal, reason=None):
    """It has no reason."""

    code: int


class NewMsg(Message):
    """Say something.

    @ts-expect-error
    """

    body: Annotated[str, Field(min_length=1, max_length=20)]
    walls: list[Wall] = Field(default_factory=list[Wall])


class Posted(Message, event="room:posted"):
    """Somebody said something.

    </script> `backticks` ${1} \"\"\"quotes\"\"\" | and */ a comment's end
    """

    user: str
    body: str
    at: date | None = None


class Counted(Message):
    number: int


class Blob(Open, event="blob"):
    """Something, or bytes."""


class Accepted(Message):
    id: int
    extra: str = "none"


class Count(Message):
    to: int


class Nothing(Message):
    """Nothing at all."""


class Online(BaseModel):
    status: str = "online"


class Profile(BaseModel):
    full_name: str


async def profiles(_: str, metas: dict[str, list[Online]]) -> dict[str, Profile]:
    return {key: Profile(full_name=key.title()) for key in metas}


def may_close(hall: Hall) -> bool:
    return hall.assigns.name == "ann"


@channel("hall:{hall_id}")
class Hall(Channel[User, Posted | Counted | Blob]):
    """A hall to talk in.

    It echoes.
    """

    hall_id: int

    here = Presence(Online, fetch=profiles)

    @on_join
    async def join(self, params: Enter) -> Welcome | WrongToken:
        """Come in, with a token."""
        if params.token != "ok":
            return WrongToken(hint=f"not {params.token}")
        return Welcome(name=f"{self.assigns.name} in {self.hall_id}", walls=[Wall()])

    @after_join
    async def arrived(self) -> None:
        self.here.track(self.assigns.name, Online())
        await self.here.push_state()
        await self.push(Posted(user="hall", body=f"hello {self.assigns.name}"))

    @on_event("new_msg", rate="100/s")
    async def new_msg(self, message: NewMsg) -> Accepted | WrongToken | Bare | Forbidden:
        """Say something to everybody."""
        match message.body:
            case "refuse":
                return WrongToken(hint="no")
            case "bare":
                return Bare(code=7)
            case "forbid":
                return Forbidden(by="me")
            case "crash":
                raise LookupError("on purpose")
            case _:
                await self.broadcast(Posted(user=self.assigns.name, body=message.body))
                return Accepted(id=len(message.walls))

    @on_event("typing")
    async def typing(self, message: Nothing) -> None:
        """Say that you are typing."""
        await self.broadcast_from(Posted(user=self.assigns.name, body="…"))

    @on_event("whisper")
    async def whisper(self, message: NewMsg) -> WrongToken | None:
        return WrongToken(hint="psst") if message.body == "refuse" else None

    @on_event("perhaps")
    async def perhaps(self, message: Nothing) -> Accepted | None:
        return None

    @on_event("count")
    async def count(self, message: Count) -> AsyncIterator[Counted | Posted | WrongToken]:
        """Count."""
        for number in range(message.to):
            yield Counted(number=number)
        if message.to == 2:
            yield WrongToken(hint="two is too few")
        if message.to == 3:
            raise LookupError("on purpose")

    @on_event("bytes")
    async def turn(self, message: bytes | Nothing) -> bytes | Ok:
        """Turn bytes round."""
        return message[::-1] if isinstance(message, bytes) else Ok()

    @on_event("open")
    async def open(self, message: Open) -> Open:
        await self.push(Blob(payload=b"\x01\x02"))
        return message

    @on_event("close", allow=may_close)
    async def close(self, message: Nothing) -> Ok:
        """Close the connection; clients come back."""
        self.socket.close(1012, "on purpose")
        return Ok()

    @on_event("stop")
    async def stop_it(self, message: Nothing) -> Ok:
        self.stop()
        return Ok()


# Odd names and odd topics.


class Empty(Message):
    """A message called as a type of the module."""


class Promise(Message):
    """A message called as a global of JavaScript."""

    result: Empty
    ok: bool = True


class One:
    class Msg(Message):
        one: int


class Two:
    class Msg(Message):
        two: str


class Corner(Message):
    """A message called as a channel."""

    everything: Everything


@channel("corner:{color}:{level}:{kind}:{id}:{day}:{quiet}:{end*}")
class Corners(Channel[User, Promise | Corner]):
    color: Color
    level: Level
    kind: Literal["a", 1]
    id: UUID
    day: date
    quiet: bool
    end: str

    @on_join
    async def join(self, params: Open) -> None: ...

    @on_event("new-msg")
    async def first(self, message: One.Msg) -> Two.Msg:
        return Two.Msg(two=str(message.one))

    @on_event("newMsg")
    async def second(self, message: Two.Msg) -> One.Msg:
        return One.Msg(one=len(message.two))

    @on_event("kick!")
    async def third(self, message: Empty) -> Promise:
        return Promise(result=message)

    @on_event("delete")
    async def fourth(self, message: Nothing) -> Ok:
        return Ok()

    @on_event("then")
    async def fifth(self, message: Nothing) -> Ok:
        return Ok()

    @on_event("2fa")
    async def sixth(self, message: Nothing) -> Ok:
        return Ok()

    @on_event("größe '\"\\ \u202e*/")
    async def seventh(self, message: Nothing) -> Ok:
        return Ok()

    @on_event("👋")
    async def eighth(self, message: Corner) -> Corner:
        return message


@channel("quiet")
class Quiet(Channel[User]):
    @on_join
    async def join(self, params: Nothing | bytes) -> None: ...


@channel("plain")
class Plain(Channel[None]):
    @on_join
    async def join(self, params: Nothing) -> None: ...


async def connect(params: Login) -> User | Banned:
    """Only with a name.

    */ alert(1) /*
    """
    return User(name=params.name) if params.name else Banned()


endpoint = Endpoint(
    "/socket",
    [Hall, Corners, Quiet, Router("admin:", Quiet)],
    connect,
    origins=False,
    longpoll=True,
)


class Where(Message):
    id: str
    since: int = 0


async def connect_where(params: Where) -> User:
    return User(name=params.id)


lobby = Endpoint("/rooms/{id}/socket", [Quiet], connect_where)
bare = Endpoint("/bare", [Plain])


def announce(listening: Sequence[Listening]) -> None:
    print(listening[0].address, flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int)
    Server(endpoint, port=parser.parse_args().port).run(ready=announce)
