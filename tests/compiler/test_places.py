"""Where a declaration stands, with and without its source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import channelkit
from channelkit.compiler import compile_channels
from channelkit.compiler.places import Places

from .programs import compiled, problems, written

if TYPE_CHECKING:
    from pathlib import Path

LOBBY = """
@channel("lobby")
class Lobby(Channel[None]):
    @on_event("phx_x", allow=True)
    async def x(self, body) -> Nothing: ...
"""


def told(tmp_path: Path, source: str) -> list[tuple[str, int, str]]:
    """Code, line and source line of what is wrong with a program."""
    with written(tmp_path, source) as program:
        found = problems(compiled, program)
    return [(p.code, p.places[0].line, p.places[0].source) for p in found]


def executed(source: str) -> dict[str, Any]:
    """A program that was read from no file."""
    names: dict[str, Any] = {**vars(channelkit), "__name__": "nowhere", "Nothing": None}
    exec(compile(source, "<console>", "exec"), names)
    return names


def test_without_source_the_line_is_the_functions_first(tmp_path: Path) -> None:
    lobby = executed(LOBBY)["Lobby"]

    found = [
        (p.code, p.places[0].file, p.places[0].line, p.places[0].source)
        for p in problems(compile_channels, [lobby])
    ]

    assert found == [
        ("CK009", "<console>", 4, ""),
        ("CK012", "<console>", 4, ""),
        ("CK028", "<console>", 4, ""),
        ("CK030", "<console>", 4, ""),
    ]


def test_a_class_without_source_or_functions_is_nowhere() -> None:
    empty = executed("class Empty(Channel[None]): ...")["Empty"]

    place = Places().of_class(empty)

    assert (place.file, place.line, place.name) == ("<unknown>", 1, "Empty")


def test_an_attribute_without_source_is_at_its_class() -> None:
    empty = executed("class Empty(Channel[None]): a: int")["Empty"]

    assert Places().of_attribute(empty, "a").name == "Empty.a"
    assert Places().of_attribute(empty, "a").line == 1


def test_a_file_that_is_no_python_gives_no_lines_but_keeps_the_number(tmp_path: Path) -> None:
    source = """
        @channel("lobby")
        class Lobby(Channel[None]):
            @on_join
            async def join(self, params: "Later") -> None: ...

        channels = [Lobby]
    """
    with written(tmp_path, source) as program:
        (tmp_path / "program.py").write_text("%matplotlib inline\n")
        (problem,) = problems(compiled, program)

    assert (problem.code, problem.places[0].line, problem.places[0].source) == ("CK022", 5, "")


def test_a_parameter_is_placed_at_its_own_line(tmp_path: Path) -> None:
    source = """
        @channel("lobby")
        class Lobby(Channel[None]):
            @on_join
            async def join(
                self,
                params: int,
            ) -> (
                int
            ): ...

        channels = [Lobby]
    """

    assert told(tmp_path, source) == [("CK015", 8, "params: int,"), ("CK016", 10, "int")]


def test_the_decorators_part_that_is_wrong_is_shown(tmp_path: Path) -> None:
    source = """
        @channel(
            "phoenix"
        )
        class Lobby(Channel[None]):
            @on_join
            async def join(self, params: Open, /) -> None: ...

            @on_event(
                "phx_x",
                allow=None if Open else 1,
            )
            async def x(self, message: Open) -> Ok: ...

            @on_event(
                "y",
                allow=3,
            )
            async def y(self, message: Open) -> Ok: ...

        channels = [Lobby]
    """

    assert told(tmp_path, source) == [
        ("CK004", 4, '"phoenix"'),
        ("CK028", 11, '"phx_x",'),
        ("CK030", 18, "allow=3,"),
    ]


def test_a_name_that_is_computed_is_placed_at_the_def(tmp_path: Path) -> None:
    source = """
        NAME = "phx_" + "x"

        class Lobby(Channel[None]):
            @on_join
            async def join(self, params: Open) -> None: ...

            @on_event(NAME)
            async def x(self, message: Open) -> Ok: ...

        channels = [channel("{" + "}")(Lobby)]
    """

    assert told(tmp_path, source) == [
        ("CK003", 5, "class Lobby(Channel[None]):"),
        ("CK028", 10, "async def x(self, message: Open) -> Ok: ..."),
    ]


def test_of_two_classes_of_one_name_the_right_one_is_found(tmp_path: Path) -> None:
    source = """
        class Lobby(Channel[None]):
            @on_join
            async def join(self, params: Open) -> None: ...

        First = Lobby

        class Lobby(Channel[None]):
            @on_join
            async def join(self, params: Open) -> None: ...

        channels = [First, Lobby]
    """

    assert told(tmp_path, source) == [
        ("CK002", 3, "class Lobby(Channel[None]):"),
        ("CK002", 9, "class Lobby(Channel[None]):"),
    ]


def test_a_class_inside_another_has_both_names(tmp_path: Path) -> None:
    source = """
        class Outer:
            class Lobby(Channel[None]):
                seen, heard = [], []

                @on_join
                async def join(self, params: Open) -> None: ...

        channels = [Outer.Lobby]
    """
    with written(tmp_path, source) as program:
        found = problems(compiled, program)

    assert [(p.code, p.places[0].name) for p in found] == [
        ("CK002", "Outer.Lobby"),
        ("CK037", "Outer.Lobby.seen"),
        ("CK037", "Outer.Lobby.heard"),
    ]


def test_a_handler_from_elsewhere_is_placed_where_it_is_written(tmp_path: Path) -> None:
    source = """
        async def shared(self, message) -> Ok: ...

        @channel("lobby")
        class Lobby(Channel[None]):
            @on_join
            async def join(self, params: Open) -> None: ...

            hi = on_event("hi")(shared)
            bye = on_event("bye")(lambda self, message: None)

        channels = [Lobby]
    """

    assert told(tmp_path, source) == [
        ("CK012", 3, "async def shared(self, message) -> Ok: ..."),
        *[(code, 11, 'bye = on_event("bye")(lambda self, message: None)') for code in BYE],
    ]


BYE = ["CK011", "CK012", "CK013"]
