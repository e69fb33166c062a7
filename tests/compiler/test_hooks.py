"""What an endpoint is given beside `connect`: what fits, and what is told of the rest."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from operator import attrgetter
from typing import Any

import pytest

from channelkit import (
    Channel,
    Endpoint,
    Exit,
    Open,
    RawEndpoint,
    RawSocket,
    channel,
    on_event,
    on_join,
)
from channelkit.compiler import Hooks, compile_connect, compile_endpoint

from .programs import problems


class User:
    name: str = "ann"


class Admin(User): ...


class Guest: ...


@channel("lobby")
class Lobby(Channel[User]):
    @on_join
    async def join(self, params: Open) -> None: ...


async def connect(params: Open) -> Admin: ...  # type: ignore[empty-body]


def by_name(user: User) -> str:
    raise NotImplementedError


def by_admin(user: Admin) -> str | None:
    raise NotImplementedError


def untyped(user):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201  # pyright: ignore
    raise NotImplementedError


def with_more(user: User, prefix: str = "") -> str:
    raise NotImplementedError


def with_rest(*users: User) -> str:
    raise NotImplementedError


def unreadable(user: Nobody) -> str:  # type: ignore[name-defined]  # noqa: F821  # pyright: ignore
    raise NotImplementedError


def prefixed(prefix: str, user: User) -> str:
    raise NotImplementedError


class Ids:
    """Makes ids."""

    def of(self, user: User) -> str:
        raise NotImplementedError

    def __call__(self, user: User) -> str:
        raise NotImplementedError


FITTING: list[Any] = [
    by_name,
    by_admin,
    untyped,
    with_more,
    with_rest,
    unreadable,
    partial(prefixed, "user:"),
    Ids(),
    Ids().of,
    attrgetter("name"),
    lambda user: user.name,  # pyright: ignore
]


@pytest.mark.parametrize("identify", FITTING)
def test_an_identify_that_fits_compiles(identify: Any) -> None:
    assert problems(compile_endpoint, [Lobby], connect, Hooks(identify=identify)) == ()


async def slowly(user: User) -> str: ...  # type: ignore[empty-body]


def of_guest(guest: Guest) -> str: ...  # type: ignore[empty-body]


def number(user: User) -> int: ...  # type: ignore[empty-body]


def of_nobody() -> str: ...  # type: ignore[empty-body]


class Slowly:
    async def __call__(self, user: User) -> str: ...  # type: ignore[empty-body]


@pytest.mark.parametrize(
    ("identify", "got"),
    [
        (slowly, "an async one, whose result would never be looked at"),
        (Slowly(), "an async one, whose result would never be looked at"),
        (of_guest, "one that takes guest: Guest"),
        (number, "one that returns int"),
        (of_nobody, "one that takes () -> str"),
        ("user", "an object of the class str"),
    ],
)
def test_an_identify_that_does_not_fit_is_told(identify: Any, got: str) -> None:
    (problem,) = problems(compile_endpoint, [Lobby], connect, Hooks(identify=identify))

    assert (problem.code, problem.got) == ("CK071", got)


def later(user: User) -> datetime:
    return datetime.now(UTC)


def perhaps(user: User) -> datetime | None:
    raise NotImplementedError


def in_seconds(user: User) -> float:
    raise NotImplementedError


@pytest.mark.parametrize(
    ("expires_at", "codes"),
    [(later, []), (perhaps, []), (in_seconds, ["CK072"]), (by_name, ["CK072"])],
)
def test_an_expiry_is_a_moment(expires_at: Any, codes: list[str]) -> None:
    found = problems(compile_endpoint, [Lobby], connect, Hooks(expires_at=expires_at))

    assert [problem.code for problem in found] == codes


async def goodbye(user: User, reason: Exit) -> None: ...


async def any_goodbye(user: object, reason: object) -> None: ...


async def half(user: User) -> None: ...


async def wrong_reason(user: User, reason: str) -> None: ...


def at_once(user: User, reason: Exit) -> None: ...


@pytest.mark.parametrize(
    ("on_disconnect", "got"),
    [
        (goodbye, None),
        (any_goodbye, None),
        (lambda user, reason: goodbye(user, reason), None),  # pyright: ignore
        (partial(goodbye), None),
        (half, "one that takes (user: channelkit"),
        (wrong_reason, "one that takes reason: str"),
        (at_once, "a plain def, which cannot be awaited"),
    ],
)
def test_a_goodbye_is_awaited_with_the_assigns_and_the_reason(
    on_disconnect: Any, got: str | None
) -> None:
    found = problems(compile_endpoint, [Lobby], connect, Hooks(on_disconnect=on_disconnect))

    assert [problem.code for problem in found] == ([] if got is None else ["CK073"])
    for problem in found:
        assert problem.got.startswith((got or "").partition("channelkit")[0])


def test_without_connect_the_assigns_are_none() -> None:
    async def over(assigns: None, reason: Exit) -> None: ...

    assert problems(compile_endpoint, [], None, Hooks(on_disconnect=over)) == ()
    (problem,) = problems(compile_endpoint, [], None, Hooks(on_disconnect=goodbye))
    assert problem.got == "one that takes user: User"


def test_where_connect_is_wrong_its_assigns_are_not_known() -> None:
    async def nobody(params: Open) -> None: ...

    wrong: Any = nobody.__name__
    found = problems(compile_endpoint, [], wrong, Hooks(identify=slowly))

    assert [problem.code for problem in found] == ["CK010"]


def test_an_endpoint_compiles_what_it_is_given() -> None:
    endpoint = Endpoint("/socket", [Lobby], connect, identify=number)  # type: ignore[arg-type]  # pyright: ignore

    assert [problem.code for problem in problems(endpoint.compile)] == ["CK071"]


class Bare(RawSocket[User]):
    """A raw socket."""

    async def on_frame(self, frame: str | bytes) -> None: ...


def test_a_raw_endpoint_compiles_what_it_is_given_too() -> None:
    endpoint = RawEndpoint("/bare", Bare, connect, identify=number)  # type: ignore[arg-type]  # pyright: ignore

    assert [problem.code for problem in problems(endpoint.compile)] == ["CK071"]


# Permissions.


def for_any_channel(room: Channel[Any, Any]) -> bool:
    raise NotImplementedError


def for_users(room: Channel[User, Any]) -> bool:
    raise NotImplementedError


def for_guests(room: Channel[Guest, Any]) -> bool:
    raise NotImplementedError


def for_either(room: Channel[Guest, Any] | Base) -> bool:
    raise NotImplementedError


def for_bare(room: Channel) -> bool:  # type: ignore[type-arg]  # pyright: ignore
    raise NotImplementedError


def for_base(room: Base) -> bool:
    raise NotImplementedError


def for_lobby(room: Lobby) -> bool:
    raise NotImplementedError


def for_anything(room: object) -> bool:
    raise NotImplementedError


def for_all(room) -> bool:  # type: ignore[no-untyped-def]  # noqa: ANN001  # pyright: ignore
    raise NotImplementedError


def for_nobody(room: Nobody) -> bool:  # type: ignore[name-defined]  # noqa: F821  # pyright: ignore
    raise NotImplementedError


class Base(Channel[User]):
    """What the rooms derive from."""

    @on_join
    async def join(self, params: Open) -> None: ...


def room(allow: Any) -> type[Channel[User]]:
    """A room with one permission."""

    @channel("room")
    class Room(Base):
        @on_event("kick", allow=allow)
        async def kick(self, message: Open) -> None: ...

    return Room


@pytest.mark.parametrize(
    "allow",
    [
        for_any_channel,
        for_users,
        for_either,
        for_bare,
        for_base,
        for_anything,
        for_all,
        for_nobody,
        lambda _: True,  # pyright: ignore
    ],
)
def test_a_permission_for_this_channel_compiles(allow: Any) -> None:
    assert problems(compile_endpoint, [room(allow)], connect) == ()


@pytest.mark.parametrize(
    ("allow", "got"),
    [
        (for_guests, "one that takes Channel[Guest, Any]"),
        (for_lobby, "one that takes Lobby"),
    ],
)
def test_a_permission_for_another_channel_is_told(allow: Any, got: str) -> None:
    (problem,) = problems(compile_endpoint, [room(allow)], connect)

    assert (problem.code, problem.got) == ("CK070", got)


# ConnectInfo.


async def any_info(params: Open, info: object) -> User: ...  # type: ignore[empty-body]


async def some_info(params: Open, info) -> User: ...  # type: ignore[empty-body, no-untyped-def]  # noqa: ANN001  # pyright: ignore


async def no_info(params: Open, info: str) -> User: ...  # type: ignore[empty-body]


async def unknown_info(params: Open, info: Nobody) -> User: ...  # type: ignore[empty-body, name-defined]  # noqa: F821  # pyright: ignore


INFOS: list[tuple[Any, list[str]]] = [
    (any_info, []),
    (some_info, []),
    (unknown_info, []),
    (no_info, ["CK074"]),
]


@pytest.mark.parametrize(("function", "codes"), INFOS)
def test_the_second_parameter_of_connect_is_a_connect_info(function: Any, codes: list[str]) -> None:
    assert [problem.code for problem in problems(compile_connect, function)] == codes
