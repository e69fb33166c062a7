"""`connect`: what it may look like, and how it fits the channels."""

import functools
from pathlib import Path
from typing import Annotated, Any, NoReturn, cast

import pytest

from channelkit import Channel, DeclarationError, Message, Open, Refusal, channel, on_join
from channelkit.compiler import compile_channels, compile_connect, compile_endpoint

from .programs import compiled, problems, written


class User: ...


class Guest: ...


class Params(Message):
    token: str


class Other(Message):
    key: str


class Denied(Refusal):
    why: str


class Late(Refusal, status=503): ...


@channel("lobby")
class Lobby(Channel[User]):
    @on_join
    async def join(self, params: Open) -> None: ...


@channel("hall")
class Hall(Channel[None]):
    @on_join
    async def join(self, params: Open) -> None: ...


class Admin(User): ...


@channel("admins")
class Admins(Channel[Admin]):
    @on_join
    async def join(self, params: Open) -> None: ...


@channel("anybody")
class Anybody(Channel[object]):
    @on_join
    async def join(self, params: Open) -> None: ...


@channel("anything")
class Anything(Channel[User | None]):
    @on_join
    async def join(self, params: Open) -> None: ...


@channel("both")
class Both(Channel[Guest | User]):
    @on_join
    async def join(self, params: Open) -> None: ...


async def plain(params: Params) -> User: ...  # type: ignore[empty-body]


async def informed(params: Params | Other, info: object) -> User | Denied | Late: ...  # type: ignore[empty-body]


async def nothing(params: Open) -> None: ...


async def several(params: Open) -> User | Annotated[Guest, "why"] | Denied: ...  # type: ignore[empty-body]


async def admin(params: Params) -> Admin | Denied: ...  # type: ignore[empty-body]


async def anything(params: Open) -> Any: ...


class Door:
    async def connect(self, params: Params) -> User | Denied: ...  # type: ignore[empty-body]


@pytest.mark.parametrize(
    ("connect", "models", "assigns", "refusals", "takes_info"),
    [
        (plain, (Params,), User, (), False),
        (informed, (Params, Other), User, (Denied, Late), True),
        (nothing, (Open,), type(None), (), False),
        (several, (Open,), User | Guest, (Denied,), False),
        (anything, (Open,), Any, (), False),
        (Door().connect, (Params,), User, (Denied,), False),
    ],
)
def test_connect_takes_messages_and_returns_assigns_or_refusals(
    connect: Any, models: Any, assigns: Any, refusals: Any, *, takes_info: bool
) -> None:
    plan = compile_connect(connect)

    assert plan.handler == connect
    assert plan.accepts.models == models
    assert not plan.accepts.binary
    assert plan.assigns == assigns
    assert plan.refusals == refusals
    assert plan.takes_info is takes_info


async def untyped(params): ...  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201  # pyright: ignore


def sync(params: Open) -> User: ...  # type: ignore[empty-body]


async def never(params: Open) -> NoReturn: ...  # type: ignore[empty-body]


async def three(params: Open, info: object, more: object) -> None: ...


class Callable:
    async def __call__(self, params: Open) -> None: ...


@pytest.mark.parametrize(
    ("connect", "found"),
    [
        (cast(Any, untyped), ["CK012", "CK013"]),
        (sync, ["CK011"]),
        (never, ["CK050"]),
        (three, ["CK014"]),
        (Callable(), ["CK010"]),
        (functools.partial(plain), ["CK010"]),
    ],
)
def test_what_is_wrong_with_connect_is_told(connect: Any, found: list[str]) -> None:
    assert [problem.code for problem in problems(compile_connect, connect)] == found


def test_connect_and_the_channels_are_told_together() -> None:
    @channel("room:{room_id}")
    class Room(Channel[Guest]): ...

    with pytest.raises(DeclarationError) as raised:
        compile_endpoint([Room], sync)  # type: ignore[arg-type]  # pyright: ignore

    told = [problem.code for problem in raised.value.problems]
    assert told == ["CK011", "CK033", "CK009", "CK049"]


# Assigns.


@pytest.mark.parametrize(
    ("channels", "connect"),
    [
        ([Lobby], plain),
        ([Lobby], informed),
        ([Hall], nothing),
        ([Both], several),
        ([Lobby, Hall, Both], anything),
        ([Both], plain),
        ([Lobby, Both], plain),
        ([Lobby, Both], admin),
        ([Anybody], several),
        ([Anything], nothing),
        ([Hall], None),
    ],
)
def test_channels_fit_what_connect_returns(channels: Any, connect: Any) -> None:
    assert problems(compile_endpoint, channels, connect) == ()


@pytest.mark.parametrize(
    ("channels", "connect", "got"),
    [
        ([Lobby, Hall], plain, ["Channel[None, ...]"]),
        ([Lobby, Both], several, ["Channel[User, ...]"]),
        ([Lobby, Both], None, ["Channel[User, ...]", "Channel[Guest | User, ...]"]),
        ([Admins], plain, ["Channel[Admin, ...]"]),
    ],
)
def test_channels_that_do_not_fit_are_told(channels: Any, connect: Any, got: list[str]) -> None:
    found = problems(compile_endpoint, channels, connect)

    assert [problem.code for problem in found] == ["CK049"] * len(got)
    assert [problem.got for problem in found] == got


def test_without_connect_the_remedy_is_to_have_one() -> None:
    (problem,) = problems(compile_endpoint, [Lobby])

    assert problem.remedy == "give the endpoint a connect that returns User"


def test_the_assigns_can_be_given_as_a_type() -> None:
    assert problems(compile_channels, [Lobby], assigns=User) == ()
    assert [problem.code for problem in problems(compile_channels, [Lobby], assigns=Guest)] == [
        "CK049"
    ]


def test_assigns_are_not_checked_if_they_are_not_given() -> None:
    assert problems(compile_channels, [Lobby, Hall]) == ()


def test_assigns_of_one_name_are_told_with_their_modules(tmp_path: Path) -> None:
    source = """
        class User: ...

        @channel("lobby")
        class Lobby(Channel[User]):
            @on_join
            async def join(self, params: Open) -> None: ...

        channels = [Lobby]
    """
    with written(tmp_path, source) as program:
        (problem,) = problems(compile_channels, program.channels, assigns=User)

    assert problem.got == "Channel[program.User, ...]"
    assert problem.expected == "Channel[tests.compiler.test_connect.User, ...]"


def test_assigns_that_cannot_be_read_are_told_once(tmp_path: Path) -> None:
    source = """
        @channel("lobby")
        class Lobby(Channel["Nobody"]):
            @on_join
            async def join(self, params: Open) -> None: ...

        channels = [Lobby]
        async def connect(params: Open) -> int: ...
    """
    with written(tmp_path, source) as program:
        found = problems(compiled, program)

    assert [problem.code for problem in found] == ["CK022"]
