"""Topic parameters: which types they may have, and how their texts are read."""

from datetime import date
from enum import Enum, IntEnum, StrEnum
from typing import Annotated, Any, ClassVar, Final, Literal, NewType
from uuid import UUID

import pytest
from pydantic import AfterValidator, Field
from typing_extensions import TypeAliasType

from channelkit import Channel, Open, channel, on_join
from channelkit.compiler import compile_channels

from .programs import codes, problems


class Size(Enum):
    SMALL = 1
    BIG = "big"


class Level(IntEnum):
    LOW = 1


class Colour(StrEnum):
    RED = "red"


class Nothing(Enum):
    pass


class Truth(Enum):
    YES = True


class Split(StrEnum):
    BOTH = "a:b"


class Empty(StrEnum):
    NONE = ""


RoomId = NewType("RoomId", int)
Slug = TypeAliasType("Slug", Annotated[str, Field(pattern="^[a-z]+$")])
UUID_TEXT = "12345678-1234-5678-1234-567812345678"


def of(kind: Any) -> type[Channel[None]]:
    """A channel whose topics carry this type."""

    @channel("it:{it}")
    class It(Channel[None]):
        it: kind  # pyright: ignore

        @on_join
        async def join(self, params: Open) -> None: ...

    return It


def upper(text: str) -> str:
    return text.upper()


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (str, "a b", "a b"),
        (int, "-42", -42),
        (int, "042", None),
        (bool, "true", True),
        (bool, "yes", None),
        (UUID, UUID_TEXT, UUID(UUID_TEXT)),
        (UUID, UUID_TEXT.upper().replace("-", ""), None),
        (date, "2026-01-02", date(2026, 1, 2)),
        (Literal["a", "b"], "b", "b"),
        (Literal["a", "b"], "c", None),
        (Literal[1, 2], "2", 2),
        (Size, "1", Size.SMALL),
        (Size, "big", Size.BIG),
        (Size, "SMALL", None),
        (Level, "1", Level.LOW),
        (Colour, "red", Colour.RED),
        (RoomId, "7", 7),
        (Slug, "abc", "abc"),
        (Slug, "ABC", None),
        (Annotated[int, Field(ge=1)], "0", None),
        (Annotated[str, AfterValidator(upper)], "A", "A"),
        (Annotated[str, AfterValidator(upper)], "a", None),
    ],
)
def test_a_text_is_read_as_the_parameters_type(kind: Any, text: str, value: object) -> None:
    (route,) = compile_channels([of(kind)]).routes

    found = route.read(f"it:{text}")

    assert found == (None if value is None else {"it": value})
    assert found is None or type(found["it"]) is type(value)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (float, "it has no form in a topic"),
        (bytes, "it has no form in a topic"),
        (Any, "it has no form in a topic"),
        (int | str, "it has no form in a topic"),
        (list[int], "it has no form in a topic"),
        (Literal[True], "it has no form in a topic"),
        (Nothing, "it has no form in a topic"),
        (Truth, "it has no form in a topic"),
        (Split, "not every value is one segment of a topic"),
        (Empty, "not every value is one segment of a topic"),
        (Literal["1", 1], "two of its values have the same text"),
    ],
)
def test_other_types_are_refused_with_the_reason(kind: Any, reason: str) -> None:
    (problem,) = problems(compile_channels, [of(kind)])

    assert problem.code == "CK035"
    assert problem.got.endswith(f"({reason})")


@channel("file:{path*}")
class File(Channel[None]):
    path: Annotated[str, Field(max_length=3)]

    @on_join
    async def join(self, params: Open) -> None: ...


def test_the_rest_may_be_a_bounded_text() -> None:
    (route,) = compile_channels([File]).routes

    assert route.read("file:a:b") == {"path": "a:b"}
    assert route.read("file:a:b:c") is None


@channel("room:{room_id}")
class Room(Channel[None]):
    room_id: int
    seen: int = 0
    names: ClassVar[list[str]] = []
    colours: Final[list[str]] = ["red"]
    kinds: "ClassVar[set[str]]"
    tags = ("a", "b")

    @property
    def shouted(self) -> str:
        return self.topic.upper()

    @on_join
    async def join(self, params: Open) -> None: ...

    async def push(self, message: object) -> None:
        """A method may be overridden by a method."""


def test_state_with_defaults_and_class_variables_are_no_parameters() -> None:
    (route,) = compile_channels([Room]).routes

    assert list(route.parameters) == ["room_id"]


def test_a_pattern_that_cannot_be_read_is_told_without_its_parameters() -> None:
    @channel("room:{room_id")
    class Broken(Channel[None]):
        room_id: int

        @on_join
        async def join(self, params: Open) -> None: ...

    assert codes(Broken) == ["CK003"]
