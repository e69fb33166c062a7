"""What may not stand as `allow`, or as `rate`."""

from __future__ import annotations

from typing import Any

from channelkit import Channel, Ok, channel, on_event
from tests.typing.accepted.design import Kick, Lobby, Posted, User


def of_the_lobby(lobby: Lobby) -> bool:
    raise NotImplementedError


async def asked_slowly(room: Room) -> bool:
    raise NotImplementedError


def answers_in_words(room: Room) -> str:
    raise NotImplementedError


def takes_two(room: Room, message: Kick) -> bool:
    raise NotImplementedError


def of_users(user: User) -> bool:
    raise NotImplementedError


def looks_too_far(channel: Channel[User, Any]) -> bool:
    # mypy> "Channel[User, Any]" has no attribute "room_id"
    # pyright> Cannot access attribute "room_id" for class "Channel[User, Any]"
    return bool(channel.room_id == 1)


@channel("room:{room_id}")
class Room(Channel[User, Posted]):
    room_id: int

    # mypy> Argument 1 to "__call__" of "OnEventFor" … expected "Callable[[Lobby, Kick]
    # pyright> "Lobby" is not assignable to "Room"
    @on_event("lobby", allow=of_the_lobby)
    async def lobby(self, message: Kick) -> Ok:
        raise NotImplementedError

    # mypy> Argument "allow" to "on_event" has incompatible type "Callable[[Room], Coroutine[Any, Any, bool]]"
    # pyright> Function return type "CoroutineType[Any, Any, bool]" is incompatible with type "bool"
    @on_event("slow", allow=asked_slowly)
    async def slow(self, message: Kick) -> Ok:
        raise NotImplementedError

    # mypy> Argument "allow" to "on_event" has incompatible type "Callable[[Room], str]"; expected "Callable[[Room], bool]"
    # pyright> Function return type "str" is incompatible … "str" is not assignable to "bool"
    @on_event("words", allow=answers_in_words)
    async def words(self, message: Kick) -> Ok:
        raise NotImplementedError

    # mypy> Argument "allow" to "on_event" has incompatible type "Callable[[Room, Kick], bool]"; expected "Callable[[Room], bool]"
    # pyright> Extra parameter "message"
    @on_event("two", allow=takes_two)
    async def two(self, message: Kick) -> Ok:
        raise NotImplementedError

    # mypy> Value of type variable "ChannelT" of "on_event" cannot be "User"
    # pyright> "Channel[Any, Any]*" is not assignable to "User"
    @on_event("users", allow=of_users)
    async def users(self, message: Kick) -> Ok:
        raise NotImplementedError

    # mypy> No overload variant of "on_event" matches argument types "str", "bool"
    # pyright> "Literal[True]" cannot be assigned to parameter "allow"
    @on_event("yes", allow=True)
    async def yes(self, message: Kick) -> Ok:
        raise NotImplementedError

    # mypy> No overload variant of "on_event" matches argument types "str", "int"
    # pyright> "Literal[10]" cannot be assigned to parameter "rate" … "Literal[10]" is not assignable to "str"
    @on_event("rate", rate=10)
    async def rate(self, message: Kick) -> Ok:
        raise NotImplementedError

    # mypy> Value of type variable "MessageIn" of "__call__" of "OnEventFor" cannot be "int"
    # pyright> Type "Message* | bytes*" is not assignable to type "int"
    @on_event("guarded", allow=lambda room: True)
    async def guarded_parameter(self, message: int) -> Ok:
        raise NotImplementedError

    # mypy> Value of type variable "Answer" of "__call__" of "OnEventFor" cannot be "int"
    # pyright> Function return type "CoroutineType[Any, Any, int]" is incompatible … Type "int" is not assignable to type "Message | bytes | Refusal | Ok | None"
    @on_event("guarded", allow=lambda room: True)
    async def guarded_return(self, message: Kick) -> int:
        raise NotImplementedError
