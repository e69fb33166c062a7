"""What handlers may be, beyond the program of the design page."""

from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import pytest
from typing_extensions import TypedDict

from channelkit import (
    Channel,
    Message,
    Ok,
    Open,
    channel,
    on_broadcast,
    on_event,
    on_info,
    on_join,
)
from channelkit.compiler import compile_channels
from channelkit.payloads import Answers

from .programs import codes, compiled, problems, written


class Posted(Message):
    body: str


class Typing(Message):
    user: str


class Tick: ...


class Tock: ...


class Named(Protocol):
    name: str


@runtime_checkable
class Closing(Protocol):
    def close(self) -> None: ...


class Fields(TypedDict):
    name: str


@channel("lobby")
class Lobby(Channel[None, Posted | Typing]):
    @on_join
    async def join(self, params: Open) -> None: ...

    @on_info
    async def tick(self, info: Tick | None) -> None: ...

    @on_info
    async def tock(self, info: Tock) -> None: ...

    @on_broadcast
    async def posted(self, message: Posted) -> Posted:
        raise NotImplementedError

    @on_broadcast
    async def typing(self, message: Typing) -> None: ...


def test_infos_of_disjoint_types_have_a_handler_each() -> None:
    (route,) = compile_channels([Lobby]).routes

    assert [plan.classes for plan in route.infos] == [(Tick, type(None)), (Tock,)]


def test_broadcasts_have_a_handler_each() -> None:
    (route,) = compile_channels([Lobby]).routes

    answers = {event: plan.answers for event, plan in route.intercepts.items()}
    assert answers == {
        "posted": Answers((Posted,), (), silent=False),
        "typing": Answers((), (), silent=True),
    }


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        (Closing, []),
        (Tick | int | str, []),
        (Named, ["CK031"]),
        (Fields, ["CK031"]),
        (list[int], ["CK031"]),
    ],
)
def test_an_info_is_of_a_type_that_can_be_told_apart(kind: Any, found: list[str]) -> None:
    @channel("hall")
    class Hall(Channel[None]):
        @on_join
        async def join(self, params: Open) -> None: ...

        @on_info
        async def informed(self, info: kind) -> None: ...  # pyright: ignore

    assert codes(Hall) == found


def test_an_info_of_no_type_at_all_is_told(tmp_path: Path) -> None:
    source = """
        from typing import Never

        @channel("lobby")
        class Lobby(Channel[None]):
            @on_join
            async def join(self, params: Never) -> None: ...

            @on_info
            async def tick(self, info: Never) -> None: ...

        channels = [Lobby]
    """
    with written(tmp_path, source) as program:
        found = [(p.code, p.got) for p in problems(compiled, program)]

    assert found == [("CK015", "Never"), ("CK031", "Never")]


# Permissions.


class May:
    def __call__(self, room: object) -> bool:
        return True

    def ask(self, room: object, *, twice: bool = False) -> bool:
        return True


class MayLater:
    async def __call__(self, room: object) -> bool:
        return True


def of(allow: Any) -> type[Channel[None]]:
    @channel("hall")
    class Hall(Channel[None]):
        @on_join
        async def join(self, params: Open) -> None: ...

        @on_event("kick", allow=allow)
        async def kick(self, message: Open) -> Ok:
            raise NotImplementedError

    return Hall


@pytest.mark.parametrize("allow", [bool, May(), May().ask])
def test_a_permission_is_anything_that_takes_the_channel(allow: Any) -> None:
    (route,) = compile_channels([of(allow)]).routes

    (plan,) = route.events
    assert plan.allow == allow


@pytest.mark.parametrize("allow", [MayLater(), lambda: True, "yes", 1])
def test_a_permission_that_cannot_be_asked_is_told(allow: Any) -> None:
    assert codes(of(allow)) == ["CK030"]


# What cannot be read hides nothing else.


def test_handlers_are_read_though_the_pushes_cannot_be(tmp_path: Path) -> None:
    source = """
        from typing import TYPE_CHECKING

        if TYPE_CHECKING:
            import elsewhere

        @channel("lobby")
        class Lobby(Channel[None, "Nothing"]):
            @on_join
            async def join(self, params: int) -> None: ...

            @on_broadcast
            async def posted(self, message: Open) -> str: ...

        channels = [Lobby]
    """
    with written(tmp_path, source) as program:
        found = [p.code for p in problems(compiled, program)]

    assert found == ["CK022", "CK015"]


def test_an_event_with_a_broken_handler_still_has_its_name_checked(tmp_path: Path) -> None:
    source = """
        @channel("lobby")
        class Lobby(Channel[None]):
            @on_join
            async def join(self, params: Open) -> None: ...

            @on_event("phx_x")
            async def x(self) -> None: ...

            @on_event("phx_x", allow=1)
            async def y(self, message: int) -> None: ...

        channels = [Lobby]
    """
    with written(tmp_path, source) as program:
        found = [(p.code, p.places[0].name) for p in problems(compiled, program)]

    assert found == [
        ("CK028", "Lobby.x"),
        ("CK014", "Lobby.x"),
        ("CK027", "Lobby.y"),
        ("CK028", "Lobby.y"),
        ("CK030", "Lobby.y"),
        ("CK015", "Lobby.y"),
    ]
