"""Endpoints with and without `connect`, and what the program says to them."""

from __future__ import annotations

from functools import partial
from typing import Any, assert_type

import anyio.to_thread
from pydantic import BaseModel

from channelkit import (
    Channel,
    ConnectInfo,
    Endpoint,
    Limits,
    Message,
    Open,
    Refusal,
    Refused,
    channel,
    on_join,
)
from channelkit.testing import ClientRoom
from channelkit.testing import connect as connect_to


class User(BaseModel):
    name: str


class Admin(User):
    pass


class Login(Message):
    name: str = "ann"


class Denied(Refusal, status=401):
    pass


class Posted(Message):
    body: str


class Typing(Message):
    body: str


@channel("room:{room_id}")
class Room(Channel[User, Posted | Typing]):
    room_id: int

    @on_join
    async def join(self, params: Login) -> None:
        pass


@channel("lobby")
class Lobby(Channel[User]):
    @on_join
    async def join(self, params: Login) -> None:
        pass


@channel("open")
class Free(Channel[None, Posted]):
    @on_join
    async def join(self, params: Open) -> None:
        pass


@channel("staff")
class Staff(Channel[User | Admin]):
    @on_join
    async def join(self, params: Login) -> None:
        pass


async def connect(params: Login) -> User | Denied:
    return User(name=params.name) if params.name else Denied()


async def never_refuse(params: Login) -> User:
    return User(name=params.name)


async def refuse_by_raising(params: Login) -> User | Denied:
    raise Refused(Denied())


async def look_at_the_request(params: Open, info: ConnectInfo) -> User | Denied:
    return Denied() if info.user_agent is None else User(name=info.headers["x-name"])


async def two_kinds(params: Login) -> User | Admin | Denied:
    return Admin(name=params.name) if params.name == "ann" else User(name=params.name)


async def nobody_in_particular(params: Login) -> None:
    pass


class Gate:
    """Knows who may come in."""

    async def connect(self, params: Login) -> User | Denied:
        return User(name=params.name)

    def identify(self, user: User) -> str | None:
        return user.name


def identify(user: User) -> str:
    return f"user:{user.name}"


gate = Gate()
without = Endpoint("/without", channels=[Free])
by_position = Endpoint("/position", [Room, Lobby], connect)
with_lambda = Endpoint(
    "/lambda", channels=[Room], connect=connect, identify=lambda user: f"user:{user.name}"
)
with_function = Endpoint("/function", channels=[Room], connect=connect, identify=identify)
with_methods = Endpoint("/methods", channels=[Lobby], connect=gate.connect, identify=gate.identify)
with_info = Endpoint(
    "/info",
    channels=(Room, Lobby),
    connect=look_at_the_request,
    identify=identify,
    limits=Limits(idle=5),
    origins=["https://example.com"],
    deflate=True,
    vsn="0.x",
)
with_raising = Endpoint("/raising", channels=[Room], connect=refuse_by_raising, origins=False)
with_trust = Endpoint("/trust", channels=[Room], connect=never_refuse)
with_two = Endpoint("/two", channels=[Staff], connect=two_kinds)
with_nobody = Endpoint("/nobody", channels=[Free], connect=nobody_in_particular)

assert_type(without, Endpoint[None])
assert_type(by_position, Endpoint[User])
assert_type(with_lambda, Endpoint[User])
assert_type(with_methods, Endpoint[User])
assert_type(with_info, Endpoint[User])
assert_type(with_two, Endpoint[User | Admin])
assert_type(with_nobody, Endpoint[None])


listed: list[type[Channel[User, Any]]] = [Room, Lobby]
with_list = Endpoint("/list", listed, connect)
assert_type(with_list, Endpoint[User])


def lobbies(*more: type[Channel[User]]) -> Endpoint[User]:
    """Channels may be gathered by a program."""
    return Endpoint("/gathered", channels=[Lobby, *more], connect=connect)


async def main() -> None:
    topic = Room.topic_for(room_id=1)
    message: Posted | Typing = Posted(body="hi")
    async with connect_to(with_lambda, Login(name="ann")) as socket:
        room, _ = await socket.join(topic, Room.join, Login())
        await with_lambda.broadcast(topic, Posted(body="hi"))
        await with_lambda.broadcast(topic, message)
        with_lambda.broadcast_nowait(topic, Typing(body="hi"))
        await with_lambda.broadcast_raw("room:1", "posted", {"body": "raw"})
        with_lambda.inform(topic, "an info")
        with_lambda.inform("user:ann", "an info")
        assert_type(with_lambda.inform(topic, "an info"), int)
        for _ in range(3):
            assert (await room.expect(Posted)).body in ("hi", "raw")

        broadcast = partial(with_lambda.from_thread.broadcast, topic, Posted(body="thread"))
        await anyio.to_thread.run_sync(broadcast)
        await anyio.to_thread.run_sync(with_lambda.from_thread.broadcast, topic, message)
        assert await room.expect(Posted) == Posted(body="thread")
        assert_type(with_lambda.disconnect("user:ann"), int)
    async with connect_to(with_lambda, Login(name="bob"), vsn="0.x") as first:
        assert_type(first.join_nowait(topic, Room.join, Login()), ClientRoom[Room])
    assert lobbies(Lobby).channels == (Lobby, Lobby)
