"""Endpoints whose parts do not fit."""

from __future__ import annotations

from pydantic import BaseModel

from channelkit import Channel, Endpoint, channel
from tests.typing.accepted.design import Lobby, Login, Room, User, connect


class Guest(BaseModel):
    pass


@channel("guests")
class Guests(Channel[Guest]): ...


@channel("free")
class Free(Channel[None]): ...


def sync_connect(params: Login) -> User:
    raise NotImplementedError


async def connect_by_dict(params: dict[str, str]) -> User:
    raise NotImplementedError


async def connect_without_parameter() -> User:
    raise NotImplementedError


async def connect_with_wrong_info(params: Login, info: str) -> User:
    raise NotImplementedError


async def connect_nobody(params: Login) -> None: ...


def identify_guest(guest: Guest) -> str:
    raise NotImplementedError


def identify_by_number(user: User) -> int:
    raise NotImplementedError


async def identify_slowly(user: User) -> str:
    raise NotImplementedError


# mypy> Argument "connect" to "Endpoint" has incompatible type "Callable[[Login], Coroutine[Any, Any, User | Unknown]]"
# pyright> Function return type "CoroutineType[Any, Any, User | Unknown]" is incompatible with type "Awaitable[Guest | Refusal]"
Endpoint("/assigns", channels=[Guests], connect=connect)
# mypy> List item 1 has incompatible type "type[Guests]"; expected "type[Channel[User, Any]] | Router[User]"
# pyright> "list[type[Room] | type[Guests]]" cannot be assigned to parameter "channels" … "type[Room]" is not assignable to "type[Channel[Guest, Any]]"
Endpoint("/assigns", channels=[Room, Guests], connect=connect)
# mypy> Cannot infer value of type parameter "Assigns" of "Endpoint"
# pyright> Function return type "CoroutineType[Any, Any, User | Unknown]" is incompatible with type "Awaitable[Refusal | None]"
Endpoint("/none", channels=[Free], connect=connect)
# mypy> Argument "connect" to "Endpoint" has incompatible type "Callable[[Login], Coroutine[Any, Any, None]]"
# pyright> Function return type "CoroutineType[Any, Any, None]" is incompatible with type "Awaitable[User | Refusal]"
Endpoint("/nobody", channels=[Lobby], connect=connect_nobody)
# mypy> List item 0 has incompatible type "type[Lobby]"; expected "type[Channel[None, Any]] | Router[None]"
# pyright> "list[type[Lobby]]" cannot be assigned to parameter "channels" … "type[Lobby]" is not assignable to "type[Channel[None, Any]]"
Endpoint("/without", channels=[Lobby])
# mypy> List item 1 has incompatible type "type[Lobby]"; expected "type[Channel[None, Any]] | Router[None]"
# pyright> "list[type[Free] | type[Lobby]]" cannot be assigned to parameter "channels" … "type[Lobby]" is not assignable to "type[Channel[None, Any]]"
Endpoint("/without", channels=[Free, Lobby])
# mypy> Argument "connect" to "Endpoint" has incompatible type "Callable[[Login], User]"
# pyright> Function return type "User" is incompatible with type "Awaitable[User | Refusal]"
Endpoint("/sync", channels=[Lobby], connect=sync_connect)
# mypy> Value of type variable "ConnectParams" of "Endpoint" cannot be "dict[str, str]"
# pyright> "Message*" is not assignable to "dict[str, str]"
Endpoint("/dict", channels=[Lobby], connect=connect_by_dict)
# mypy> Argument "connect" to "Endpoint" has incompatible type "Callable[[], Coroutine[Any, Any, User]]"
# pyright> Function accepts too few positional parameters; expected 1 but received 0
Endpoint("/bare", channels=[Lobby], connect=connect_without_parameter)
# mypy> Argument "connect" to "Endpoint" has incompatible type "Callable[[Login, str], Coroutine[Any, Any, User]]"
# pyright> Extra parameter "info"
Endpoint("/info", channels=[Lobby], connect=connect_with_wrong_info)
# mypy> Argument "identify" to "Endpoint" has incompatible type "Callable[[Guest], str]"
# pyright> "User" is not assignable to "Guest"
Endpoint("/identify", channels=[Lobby], connect=connect, identify=identify_guest)
# mypy> Argument "identify" to "Endpoint" has incompatible type "Callable[[User], int]"
# pyright> Function return type "int" is incompatible … Type "int" is not assignable to type "str | None"
Endpoint("/identify", channels=[Lobby], connect=connect, identify=identify_by_number)
# mypy> Argument "identify" to "Endpoint" has incompatible type "Callable[[User], Coroutine[Any, Any, str]]"
# pyright> Function return type "CoroutineType[Any, Any, str]" is incompatible with type "str | None"
Endpoint("/identify", channels=[Lobby], connect=connect, identify=identify_slowly)
# mypy> "User" has no attribute "id"
# pyright> Cannot access attribute "id" for class "User"
Endpoint("/identify", channels=[Lobby], connect=connect, identify=lambda user: user.id)
# mypy> No overload variant of "Endpoint" matches argument types "str", "list[type[Free]]"
# pyright> No overloads for "__init__" match the provided arguments
Endpoint("/identify", channels=[Free], identify=identify_guest)
# mypy> List item 0 has incompatible type "User"; expected "type[Channel[User, Any]] | Router[User]"
# pyright> "list[User]" cannot be assigned to parameter "channels" … Type "User" is not assignable to type "type[Channel[Unknown | User, Any]]"
Endpoint("/instance", channels=[User(name="ann")], connect=connect)
# mypy> No overload variant of "Endpoint" matches argument types "str", "type[Lobby]"
# pyright> "type[Lobby]" cannot be assigned to parameter "channels" … Type "type[Lobby]" is not assignable to type "Sequence[type[Channel[Unknown | User, Any]] | Router[Unknown | User]]"
Endpoint("/one", channels=Lobby, connect=connect)
# mypy> No overload variant of "Endpoint" matches argument types "str", "list[type[Lobby]]"
# pyright> "dict[str, int]" cannot be assigned to parameter "limits"
Endpoint("/limits", channels=[Lobby], connect=connect, limits={"idle": 1})
