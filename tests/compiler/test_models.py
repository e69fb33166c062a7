"""What keeps a message or a refusal from going over the wire."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, TypeVar, Union

import pytest
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    computed_field,
    field_serializer,
    model_serializer,
)
from typing_extensions import TypedDict

from channelkit import Channel, Message, Open, Refusal, channel, on_event, on_join
from channelkit.compiler import compile_channels
from channelkit.errors import Problem

from .programs import compiled, problems, written

T = TypeVar("T")


class Colour(StrEnum):
    RED = "red"


class Lock: ...


class User(BaseModel):
    name: str


def found(
    *pushes: type[Message], taken: type[Message] = Open, refused: type[Refusal] | None = None
) -> list[tuple[str, str, str]]:
    """Code, place and what was got, for a channel that uses these types."""
    union: Any = Union[pushes] if pushes else Open  # noqa: UP007  (of a tuple)
    answer: Any = refused | None if refused else None

    @channel("lobby")
    class Lobby(Channel[None, union]):
        @on_join
        async def join(self, params: Open) -> answer: ...  # pyright: ignore

        @on_event("take")
        async def take(self, message: taken) -> None: ...  # type: ignore[valid-type]  # pyright: ignore

    return [_short(problem) for problem in problems(compile_channels, [Lobby])]


def _short(problem: Problem) -> tuple[str, str, str]:
    return problem.code, problem.places[0].name, problem.got


# Models that can go.


class Node(Message):
    children: "list[Node]" = Field(default=[])


class Page(Message, Generic[T]):
    items: list[T]


class Everything(Message):
    model_config = ConfigDict(use_enum_values=True, validate_default=True)

    at: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    price: Decimal = Decimal("1.5")
    colour: Colour = "red"  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
    kind: Literal["a", "b"] = "a"
    user: User | None = None
    maker: list[int] = Field(default_factory=list[int])
    hidden: Any = Field(default=Lock(), exclude=True)
    anything: Any = None
    lock: Annotated[Any, PlainSerializer(str)] = Lock()


class Serialized(Message):
    lock: Any = Lock()
    other: int = 1

    @field_serializer("lock")
    def shown(self, lock: object) -> str:
        return type(lock).__name__


class Whole(Message):
    lock: Any = Lock()

    @model_serializer
    def whole(self) -> dict[str, str]:
        return {"lock": "it"}


class Bare(Refusal, reason=None):
    reason: str


@pytest.mark.parametrize("model", [Node, Page[int], Page[Node], Everything, Serialized, Whole])
def test_models_that_have_a_json_form_are_fine(model: type[Message]) -> None:
    assert found(model, taken=model) == []


def test_a_refusal_without_a_reason_of_its_own_may_have_the_field() -> None:
    assert found(refused=Bare) == []


# Fields without a JSON form.


class Caller(Message):
    model_config = ConfigDict(arbitrary_types_allowed=True)

    first: Callable[[], None]
    second: int
    third: Lock


class Holder(Message):
    inner: list[Caller]
    own: Callable[[], None]


class Computed(Message):
    model_config = ConfigDict(arbitrary_types_allowed=True)

    name: str

    @computed_field  # type: ignore[prop-decorator]
    @property
    def lock(self) -> Lock:
        return Lock()


class Written(Message):
    value: Annotated[Callable[[], None], PlainSerializer(str, return_type=str)]


def test_every_field_without_a_json_form_is_told() -> None:
    assert found(Caller) == [
        ("CK046", "Caller.first", "first: Callable[[], None]"),
        ("CK046", "Caller.third", "third: Lock"),
    ]


def test_a_held_model_is_told_where_it_is_at_fault_beside_the_holders_own() -> None:
    assert found(Holder) == [
        ("CK046", "Caller.first", "first: Callable[[], None]"),
        ("CK046", "Caller.third", "third: Lock"),
        ("CK046", "Holder.own", "own: Callable[[], None]"),
    ]


def test_a_model_is_told_once_for_each_direction() -> None:
    given = found(Caller, taken=Caller)

    assert [code for code, _, _ in given] == ["CK046"] * 4


def test_what_no_single_field_explains_is_told_of_the_class() -> None:
    ((code, name, got),) = found(Computed)

    assert (code, name) == ("CK046", "Computed")
    assert got.startswith("Cannot generate a JsonSchema")


def test_a_model_may_be_sendable_only() -> None:
    assert found(Written) == []
    assert [code for code, _, _ in found(taken=Written)] == ["CK046"]


# Defaults.


class Count(Message):
    n: int = "many"  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]


class Validated(Message):
    n: int = Field(default="many", validate_default=True)  # pyright: ignore[reportAssignmentType]


class Raw(Message):
    data: bytes = b"\xff"


class Nested(Message):
    count: list[Count]


@pytest.mark.parametrize(
    ("model", "name", "got"),
    [
        (Count, "Count.n", "n: int with a str"),
        (Validated, "Validated.n", "n: int with a str"),
        (Raw, "Raw.data", "data: bytes with a bytes"),
        (Nested, "Count.n", "n: int with a str"),
    ],
)
def test_a_default_that_json_cannot_carry_is_told(
    model: type[Message], name: str, got: str
) -> None:
    assert found(model, taken=model) == [("CK047", name, got)]


# Annotations of models that cannot be read.


class Info(TypedDict):
    at: "Nowhere"  # type: ignore[name-defined]  # noqa: F821  # pyright: ignore


class Told(Message):
    info: Info


class Deferred(Message):
    model_config = ConfigDict(defer_build=True)

    lock: Lock


class Postponed(Message):
    model_config = ConfigDict(defer_build=True)

    n: int


def test_a_name_missing_in_what_a_model_holds_is_told_of_the_model() -> None:
    assert found(Told) == [("CK022", "Told", "Nowhere, which is not defined")]


def test_a_model_that_cannot_be_built_is_told() -> None:
    ((code, name, got),) = found(Deferred)

    assert (code, name) == ("CK046", "Deferred")
    assert got.startswith("Unable to generate pydantic-core schema")


def test_a_model_that_was_not_built_yet_is_built() -> None:
    assert found(Postponed, taken=Postponed) == []
    assert Postponed.__pydantic_complete__


def test_a_forward_reference_in_a_held_model_is_told_there(tmp_path: Path) -> None:
    source = """
        from pydantic import BaseModel

        class User(BaseModel):
            friend: "Friend"

        class Posted(Message):
            user: User
            at: "datetime"

        class Later(Message):
            it: "Soon"

        class Soon(Message):
            n: int

        @channel("lobby")
        class Lobby(Channel[None, Posted | Later]):
            @on_join
            async def join(self, params: Posted) -> None: ...

        channels = [Lobby]
    """
    with written(tmp_path, source) as program:
        given = [_short(problem) for problem in problems(compiled, program)]

    assert given == [
        ("CK022", "User.friend", "Friend, which is not defined"),
        ("CK022", "Posted.at", "datetime, which is not defined"),
    ]


# Pushes and refusals.


class Maybe(Message):
    n: int

    @model_serializer
    def maybe(self) -> Any:
        return self.n


class Aliased(Refusal):
    why: str = Field(serialization_alias="reason")


def test_a_push_whose_form_is_not_known_is_left_alone() -> None:
    assert found(Maybe) == []


def test_the_reason_is_told_apart_by_its_name_on_the_wire() -> None:
    assert found(refused=Aliased) == [("CK048", "Aliased.why", "why, beside the reason 'aliased'")]


class Schemaless(Message):
    """Its own hook fails, with an error that is none of pydantic's."""

    @classmethod
    def __get_pydantic_json_schema__(cls, *_: object) -> dict[str, Any]:
        raise RuntimeError("no schema today\nfor a long reason")


def unknown(size: int) -> int:
    raise KeyError(size)


class Unfit(Message):
    """Its own validator fails on its default, with an error that pydantic does not expect."""

    size: Annotated[int, AfterValidator(unknown), Field(validate_default=True)] = 0


def test_a_hook_of_an_author_may_raise_anything() -> None:
    assert [(code, got) for code, _, got in found(Schemaless)] == [("CK046", "no schema today")]
    assert [name for _, name, _ in found(Unfit)] == ["Unfit.size"]
