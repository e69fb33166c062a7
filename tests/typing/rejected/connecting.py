"""Endpoints whose functions do not fit, moments that are none, and revocations of nothing."""

from __future__ import annotations

from datetime import UTC, datetime

from channelkit import Channel, Endpoint, Exit, Origin, channel
from tests.typing.accepted.connecting import Enter, Room, User, connect


class Guest:
    pass


def in_seconds(user: User) -> float:
    raise NotImplementedError


def of_guest(guest: Guest) -> datetime:
    raise NotImplementedError


async def slowly(user: User) -> datetime:
    raise NotImplementedError


def at_once(user: User, reason: Exit) -> None:
    raise NotImplementedError


async def without_reason(user: User) -> None:
    raise NotImplementedError


async def of_guest_gone(guest: Guest, reason: Exit) -> None:
    raise NotImplementedError


async def slow_policy(origin: Origin) -> bool:
    raise NotImplementedError


def text_policy(origin: str) -> bool:
    raise NotImplementedError


# mypy> Argument "expires_at" to "Endpoint" has incompatible type "Callable[[User], float]"
# pyright> Function return type "float" is incompatible with type "datetime | None"
Endpoint("/seconds", channels=[Room], connect=connect, expires_at=in_seconds)
# mypy> Argument "expires_at" to "Endpoint" has incompatible type "Callable[[Guest], datetime]"
# pyright> "User" is not assignable to "Guest"
Endpoint("/guest", channels=[Room], connect=connect, expires_at=of_guest)
# mypy> Argument "expires_at" to "Endpoint" has incompatible type "Callable[[User], Coroutine[Any, Any, datetime]]"
# pyright> Function return type "CoroutineType[Any, Any, datetime]" is incompatible with type "datetime | None"
Endpoint("/slowly", channels=[Room], connect=connect, expires_at=slowly)
# mypy> Argument "on_disconnect" to "Endpoint" has incompatible type
# pyright> Function return type "None" is incompatible with type "Awaitable[None]"
Endpoint("/once", channels=[Room], connect=connect, on_disconnect=at_once)
# mypy> Argument "on_disconnect" to "Endpoint" has incompatible type "Callable[[User], Coroutine[Any, Any, None]]"
# pyright> Function accepts too few positional parameters; expected 2 but received 1
Endpoint("/reason", channels=[Room], connect=connect, on_disconnect=without_reason)
# mypy> Argument "on_disconnect" to "Endpoint" has incompatible type "Callable[[Guest
# pyright> "User" is not assignable to "Guest"
Endpoint("/gone", channels=[Room], connect=connect, on_disconnect=of_guest_gone)
# mypy> Argument "origins" to "Endpoint" has incompatible type "Callable[[Origin], Coroutine[Any, Any, bool]]"
# pyright> Function return type "CoroutineType[Any, Any, bool]" is incompatible with type "bool"
Endpoint("/slow", channels=[Room], connect=connect, origins=slow_policy)
# mypy> Argument "origins" to "Endpoint" has incompatible type "Callable[[str], bool]"
# pyright> "Origin" is not assignable to "str"
Endpoint("/text", channels=[Room], connect=connect, origins=text_policy)
# mypy> List item 0 has incompatible type "int"; expected "str"
# pyright> "list[int]" cannot be assigned to parameter "subprotocols"
Endpoint("/soap", channels=[Room], connect=connect, subprotocols=[1])

endpoint = Endpoint("/socket", channels=[Room], connect=connect)

# mypy> All overload variants of "revoke" of "Endpoint" require at least one argument
# pyright> No overloads for "revoke" match the provided arguments
endpoint.revoke()
# mypy> No overload variant of "revoke" of "Endpoint" matches argument type "str"
# pyright> No overloads for "revoke" match the provided arguments
endpoint.revoke("user:ann")
# mypy> No overload variant of "revoke" of "Endpoint" matches argument type "int"
# pyright> "Literal[1]" cannot be assigned to parameter "id" of type "str"
endpoint.revoke(id=1)


@channel("hall")
class Hall(Channel[User]):
    async def renew(self, message: Enter) -> None:
        self.expire_at(datetime.now(UTC))
        # mypy> Argument 1 to "expire_at" of "Channel" has incompatible type "int"; expected "datetime | None"
        # pyright> "Literal[60]" cannot be assigned to parameter "when" of type "datetime | None"
        self.expire_at(60)
        # mypy> Argument 1 to "expire_at" of "Socket" has incompatible type "str"; expected "datetime | None"
        # pyright> "Literal['tomorrow']" cannot be assigned to parameter "when" of type "datetime | None"
        self.socket.expire_at("tomorrow")
