"""What an endpoint may ask and be told of a connection, and grants that end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, assert_type

import anyio.to_thread

from channelkit import (
    Certificate,
    Channel,
    ConnectInfo,
    Endpoint,
    Exit,
    Message,
    Ok,
    Origin,
    Peer,
    Uri,
    channel,
    on_event,
    on_join,
    on_leave,
)
from channelkit.exits import Expired, Revoked
from channelkit.testing import connect as connect_to


@dataclass(frozen=True)
class User:
    name: str
    expires: datetime


@dataclass(frozen=True)
class Admin(User):
    level: int = 0


class Enter(Message):
    minutes: float | None = None


@channel("room:{room_id}")
class Room(Channel[User]):
    room_id: int

    @on_join
    async def join(self, params: Enter) -> None:
        self.expire_at(self.assigns.expires)

    @on_event("renew")
    async def renew(self, message: Enter) -> Ok:
        self.expire_at(None)
        self.socket.expire_at(datetime.now(UTC) + timedelta(minutes=message.minutes or 60))
        return Ok()

    @on_leave
    async def left(self, reason: Exit) -> None:
        match reason:
            case Revoked(why):
                assert_type(why, str)
            case Expired():
                pass
            case _:
                pass


async def connect(params: Enter, info: ConnectInfo) -> Admin:
    assert_type(info.peer, Peer | None)
    assert_type(info.uri, Uri)
    assert_type(info.uri.port, int)
    assert_type(info.headers, Mapping[str, str])
    assert_type(info.x_headers, Mapping[str, str])
    assert_type(info.trace_context_headers, Mapping[str, str])
    assert_type(info.cookies, Mapping[str, str])
    assert_type(info.auth_token, str | None)
    if info.peer is not None:
        assert_type(info.peer.certificate, Certificate | None)
    return Admin("ann", datetime.now(UTC) + timedelta(hours=1))


def until(user: User) -> datetime | None:
    return user.expires


async def over(user: User, reason: Exit) -> None:
    pass


async def nobody_is_gone(assigns: None, reason: Exit) -> None:
    pass


def partner(origin: Origin) -> bool:
    assert_type(origin.host, str | None)
    return origin.scheme == "https"


def one_of(hosts: list[str], origin: Origin) -> bool:
    return origin.host in hosts


endpoint = Endpoint(
    "/socket",
    channels=[Room],
    connect=connect,
    identify=lambda user: user.name,
    origins=partner,
    subprotocols=["chat.v2", "chat.v1"],
    expires_at=lambda user: user.expires,
    on_disconnect=over,
)
with_functions = Endpoint("/functions", [Room], connect, expires_at=until, on_disconnect=over)
by_connection = Endpoint("/connection", channels=[Room], connect=connect, origins="conn")
by_list = Endpoint("/list", channels=[Room], connect=connect, origins=("//example.com",))
by_partial = Endpoint("/part", channels=[Room], connect=connect, origins=partial(one_of, ["a"]))
without = Endpoint(
    "/without", channels=list[type[Channel[None, Any]]](), on_disconnect=nobody_is_gone
)

assert_type(endpoint, Endpoint[User])


async def main() -> None:
    info = ConnectInfo(auth_token="token", headers={"cookie": "a=b"})
    async with connect_to(endpoint, info=info) as socket:
        room, _ = await socket.join(Room.topic_for(room_id=1), Room.join, Enter())
        assert await room.call(Room.renew, Enter(minutes=5)) == Ok()
        assert_type(endpoint.revoke(id="bob"), int)
        assert_type(endpoint.revoke(topic="room:2", reason="why"), int)
        assert endpoint.revoke(id="ann", topic=Room.topic_for(room_id=1)) == 1
        revoke = partial(endpoint.from_thread.revoke, id="ann")
        assert_type(await anyio.to_thread.run_sync(revoke), int)
        await room.expect_ended()
