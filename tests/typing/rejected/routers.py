"""Routers of channels that do not belong together, and topics that take something else."""

from __future__ import annotations

from channelkit import Channel, Endpoint, Message, Router, channel
from tests.typing.accepted.design import Posted, connect
from tests.typing.accepted.routers import Audit, Free, Room, admin, endpoint


class Unknown(Message):
    pass


@channel("guests")
class Guests(Channel[int, Posted]): ...


# mypy> Cannot infer value of type parameter "Assigns" of "Router"
# pyright> "type[Guests]" is not assignable to "type[Channel[User, Any]]"
Router("mixed:", Audit, Guests)
# mypy> Argument 1 to "Router" has incompatible type "int"; expected "str"
# pyright> "Literal[1]" cannot be assigned to parameter "prefix"
Router(1, Audit)
# mypy> List item 0 has incompatible type "Router[User]"
# pyright> "Router[User]" is not assignable to "Router[None]"
Endpoint("/without", channels=[admin])
# mypy> Cannot infer value of type parameter "Assigns" of "Endpoint"
# pyright> "CoroutineType[Any, Any, User | Unknown]" is not assignable to "Awaitable[Refusal | None]"
Endpoint("/free", channels=[Router("free:", Free)], connect=connect)


async def broadcast() -> None:
    # mypy> Cannot infer value of type parameter "DeclaredPush" of "broadcast" of "Endpoint"
    # pyright> "Unknown" cannot be assigned to parameter "message"
    await endpoint.broadcast(admin.topic(Room.topic_for(room_id=1)), Unknown())
    # mypy> Argument 1 to "topic" of "Router" has incompatible type "str"
    # pyright> "Literal['room:1']" cannot be assigned to parameter "topic"
    admin.topic("room:1")
