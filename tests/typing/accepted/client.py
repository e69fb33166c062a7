"""The client over the wire, typed by the same classes as the server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, assert_type

import anyio
from pydantic import BaseModel

from channelkit import (
    Channel,
    Endpoint,
    Message,
    Ok,
    Presence,
    Refusal,
    Refused,
    Server,
    after_join,
    channel,
    on_event,
    on_join,
)
from channelkit.client import (
    ClientRoom,
    ClientSocket,
    ClientStream,
    Presences,
    RoomState,
    SocketState,
    connect,
)


class User(BaseModel):
    name: str


class Login(Message):
    name: str


class NoEntry(Refusal):
    why: str


class JoinRoom(Message):
    token: str


class State(Message):
    members: int


class Full(Refusal):
    limit: int


class NewMsg(Message):
    body: str


class Accepted(Message):
    id: int


class Posted(Message):
    body: str


class Typing(Message):
    user: str


class Online(Message):
    status: str


@channel("room:{room_id}")
class Room(Channel[User, Posted | Typing]):
    room_id: int
    here = Presence(Online)

    @on_join
    async def join(self, params: JoinRoom) -> State | Full:
        return State(members=1)

    @after_join
    async def arrived(self) -> None:
        self.here.track(self.assigns.name, Online(status="here"))
        await self.here.push_state()

    @on_event("new_msg")
    async def new_msg(self, message: NewMsg) -> Accepted | Full:
        await self.broadcast(Posted(body=message.body))
        return Accepted(id=1)

    @on_event("typing")
    async def typing(self, message: Typing) -> None: ...

    @on_event("blob")
    async def blob(self, message: bytes) -> bytes:
        return message

    @on_event("history")
    async def history(self, message: Accepted) -> AsyncIterator[Posted | Full]:
        yield Posted(body="old")


@channel("lobby")
class Lobby(Channel[User]):
    @on_join
    async def join(self, params: JoinRoom) -> None: ...

    @on_event("ping")
    async def ping(self, message: Accepted) -> Ok:
        return Ok()


async def let_in(params: Login) -> User | NoEntry:
    return User(name=params.name) if params.name else NoEntry(why="no name")


endpoint = Endpoint("/socket", [Room, Lobby], let_in)


async def talk(socket: ClientSocket) -> None:
    room, verdict = await socket.join(
        Room.topic_for(room_id=1), Room.join, JoinRoom(token="x"), timeout=3
    )
    assert_type(room, ClientRoom[Room, Posted | Typing])
    assert_type(verdict, State | Full)
    reply = await room.call(Room.new_msg, NewMsg(body="hi"), timeout=3)
    assert_type(reply, Accepted | Full)
    assert_type(await room.call(Room.blob, b"x"), bytes)
    await room.send(Room.typing, Typing(user="ann"))
    assert_type(await anext(room), Posted | Typing)
    items = room.stream(Room.history, Accepted(id=1))
    assert_type(items, ClientStream[Posted | Full])
    async for item in items:
        assert_type(item, Posted | Full)
    here = room.presences(Room.here)
    assert_type(here, Presences[Online])
    assert_type(await here, dict[str, list[Online]])
    async for present in here:
        assert_type(present, dict[str, list[Online]])
        break
    assert_type(room.state, RoomState)
    await room.leave()
    async for message in room.pushes():
        assert_type(message, Posted | Typing)


async def wait(socket: ClientSocket) -> None:
    lobby, nothing = await socket.join(Lobby.topic_for(), Lobby.join, JoinRoom(token="x"))
    assert_type(nothing, None)
    assert_type(await lobby.call(Lobby.ping, Accepted(id=1)), Ok)
    await lobby.wait_joined()
    await socket.wait_open()
    assert_type(socket.state, SocketState)


async def main() -> None:
    server = Server(endpoint, port=0)

    async def serve(*, task_status: Any) -> None:
        await server.serve(task_status=task_status)

    async with anyio.create_task_group() as tasks:
        (address,) = await tasks.start(serve)
        url = f"ws://127.0.0.1:{address.port}/socket"
        async with connect(url, Login(name="ann"), refusals=[NoEntry]) as socket:
            await talk(socket)
            await wait(socket)
        assert await refused(url) == NoEntry(why="no name")
        tasks.cancel_scope.cancel()


async def refused(url: str) -> Refusal | None:
    try:
        async with connect(url, lambda: {"name": ""}, refusals=[NoEntry]):
            return None
    except Refused as error:
        return error.refusal
