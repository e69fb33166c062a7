"""Random models, and one with everything that pydantic has a schema for."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import IntEnum, StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, NamedTuple, NotRequired, TypeAlias
from uuid import UUID

from hypothesis import strategies as st
from pydantic import (
    Base64Bytes,
    BaseModel,
    ConfigDict,
    Field,
    HttpUrl,
    Json,
    JsonValue,
    SecretStr,
    computed_field,
    create_model,
)
from typing_extensions import TypeAliasType, TypedDict, TypeVar

from channelkit import Message

__all__ = ["MODELS", "Everything"]

T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)


class Color(StrEnum):
    """What it looks like."""

    RED = "red"
    BLUE = "blue"


class Level(IntEnum):
    LOW = 1
    HIGH = 2


class Point(NamedTuple):
    x: int
    y: int = 3


class Extra(TypedDict):
    a: int
    b: NotRequired[str]


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int


class Dog(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: Literal["dog", "wolf"]
    weight: float


class Node(BaseModel):
    """It holds others of its kind."""

    children: list[Node] = []
    parent: Node | None = None


class Page(BaseModel, Generic[T]):
    items: list[T]


Nested = TypeAliasType("Nested", "int | list[Nested]")  # pyright: ignore[reportInvalidTypeForm]
Pet: TypeAlias = Annotated[Cat | Dog, Field(discriminator="kind")]


class Everything(Message):
    """Everything */ at once.

    | with | a | table |, `backticks`, </script> and \"\"\"quotes\"\"\"
    @ts-expect-error
    """

    model_config = ConfigDict(extra="allow")

    color: Color
    level: Level
    point: Point
    extra: Extra
    pet: Pet
    node: Node
    pages: tuple[Page[int], Page[Color]]
    anything: Any
    value: JsonValue
    price: Decimal
    at: datetime
    day: date
    lasts: timedelta
    id: UUID
    raw: bytes
    encoded: Base64Bytes
    counts: dict[str, int]
    colors: dict[Color, int]
    named: dict[Annotated[str, Field(pattern="^a")], int]
    by_number: dict[int, float]
    pair: tuple[int, str]
    many: tuple[int, ...]
    nothing: tuple[()]
    unique: set[int]
    quoted: Json[list[int]]
    nested: Nested
    literal: Literal[1, "a", True] | None
    secret: SecretStr
    url: HttpUrl
    path: Path
    null: None = None
    maybe: int | None = None
    numbers: list[int] = Field(
        default_factory=list[int], deprecated=True, description="Old */ ones."
    )
    text: Annotated[str, Field(min_length=1, max_length=9, examples=["*/"])] = "a"
    odd: int = Field(default=1, alias="odd-name: */")

    @computed_field  # type: ignore[prop-decorator]
    @property
    def computed(self) -> int:
        return 1


def _message(name: str, fields: dict[str, Any]) -> type[Message]:
    return _model(name, fields, Message)


def _model(name: str, fields: dict[str, Any], base: type[M]) -> type[M]:
    made: dict[str, Any] = {
        field: (kind, ... if number % 2 else Field(default=None, validate_default=False))
        for number, (field, kind) in enumerate(fields.items())
    }
    return create_model(name, __base__=base, **made)


LEAVES = st.sampled_from(
    [
        int,
        float,
        str,
        bool,
        bytes,
        datetime,
        UUID,
        Decimal,
        Any,
        None,
        Color,
        Level,
        Point,
        Extra,
        Cat,
        Node,
        Nested,
        Pet,
        SecretStr,
        Literal["a", 2],
        Annotated[int, Field(ge=0, lt=9)],
        Annotated[str, Field(pattern="^[a-z*/]+$", max_length=3)],
    ]
)


def _wrapped(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(
        inner.map(lambda kind: list[kind]),  # type: ignore[valid-type]
        inner.map(lambda kind: dict[str, kind]),  # type: ignore[valid-type]
        inner.map(lambda kind: dict[Color, kind]),  # type: ignore[valid-type]
        inner.map(lambda kind: kind | None if kind is not None else kind),
        st.tuples(inner, inner).map(lambda kinds: tuple[kinds]),  # type: ignore[valid-type]
        inner.map(lambda kind: Page[kind]),  # type: ignore[valid-type]
        st.dictionaries(NAMES, inner, max_size=3).map(partial(_model, "Inner", base=BaseModel)),
    )


NAMES = st.sampled_from(["one", "two", "class", "größe", "constructor", "a1", "end"])
KINDS = st.recursive(LEAVES, _wrapped, max_leaves=5)


MODELS: st.SearchStrategy[type[Message]] = st.builds(
    _message,
    st.sampled_from(["Msg", "Größe", "Map"]),
    st.dictionaries(NAMES, KINDS),
)
"""Messages with fields of random types, every other of them with a default."""
