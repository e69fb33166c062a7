"""Raw sockets: typed assigns, callbacks that take and answer less than they may, the client."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_type

from channelkit import (
    ConnectInfo,
    Exit,
    Message,
    Ping,
    Pong,
    RawEndpoint,
    RawSocket,
    Refusal,
    Server,
)
from channelkit.testing import connect_raw

if TYPE_CHECKING:
    from channelkit import Socket


class User(Message):
    name: str


class Login(Message):
    name: str = "ann"


class Denied(Refusal):
    pass


class Echo(RawSocket[None]):
    async def on_frame(self, frame: str | bytes) -> str | bytes:
        assert_type(self.assigns, None)
        return frame


class Talk(RawSocket[User]):
    async def on_open(self) -> str:
        assert_type(self.assigns, User)
        return self.assigns.name

    async def on_frame(self, frame: str | bytes) -> None:
        await self.send(frame)
        self.send_nowait(b"x")
        self.socket.ping(b"x")
        self.socket.idle_timeout = None
        self.inform(7)

    async def on_control(self, frame: Ping | Pong) -> None:
        assert_type(frame.payload, bytes)

    async def on_info(self, info: int) -> bytes | None:
        return bytes([info])

    async def on_terminate(self, reason: Exit) -> None:
        self.close(1000)


async def login(params: Login, info: ConnectInfo) -> User | Denied:
    return User(name=params.name)


echo = RawEndpoint("/echo", Echo)
talk = RawEndpoint("/talk/{name}", Talk, login, identify=lambda user: user.name)
server = Server(echo, talk)

assert_type(echo, RawEndpoint[None])
assert_type(talk, RawEndpoint[User])


async def main() -> None:
    async with connect_raw(talk, Login(name="bob")) as client:
        sockets: tuple[Socket, ...] = talk.sockets("bob")
        for socket in sockets:
            await socket.send_frame("hi")
        assert_type(talk.inform("bob", 7), int)
        await client.send(Pong(b"x"))
        assert_type(await client.expect(), str | bytes | Ping | Pong)
