"""Random models, as pydantic fields: what the properties of documents are tried on."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal, TypeAlias
from uuid import UUID

from hypothesis import strategies as st
from pydantic import (
    AnyUrl,
    Base64UrlBytes,
    BaseModel,
    Field,
    IPvAnyAddress,
    JsonValue,
    StringConstraints,
    create_model,
)

__all__ = ["Cat", "Dog", "Endless", "Node", "Size", "models"]

Type: TypeAlias = Any


class Color(Enum):
    RED = "red"
    GREEN = "green"


class Level(Enum):
    """Values of two types."""

    LOW = 1
    HIGH = "high"


class Size(BaseModel):
    """A size."""

    width: Annotated[int, Field(ge=1, le=640)]
    height: Annotated[float, Field(gt=0, lt=1)]


class Cat(BaseModel):
    kind: Literal["cat"] = "cat"
    lives: Annotated[int, Field(examples=[9])]


class Dog(BaseModel):
    kind: Literal["dog"]


class Node(BaseModel):
    """A tree."""

    children: list[Node]
    parent: Node | None = None


class Endless(BaseModel):
    """Ends by its other arm only."""

    next: Endless | int


SIMPLE: list[Type] = [
    int,
    float,
    bool,
    str,
    bytes,
    Decimal,
    datetime,
    date,
    time,
    timedelta,
    UUID,
    AnyUrl,
    IPvAnyAddress,
    Base64UrlBytes,
    JsonValue,
    Color,
    Level,
    Size,
    Node,
    Endless,
    Literal["a", 2] | None,
    Annotated[Cat | Dog, Field(discriminator="kind")],
    Annotated[str, StringConstraints(pattern="^[a-z]+-[0-9]{2,}$")],
    Annotated[str, StringConstraints(pattern="^[0-9a-f]{32}$", max_length=32)],
    Annotated[str, Field(examples=["an example"])],
    tuple[int, str],
    tuple[int, ...],
    dict[Color, int],
    dict[Annotated[str, StringConstraints(pattern="^k[0-9]$")], int],
]

_LEAST = st.none() | st.integers(0, 5)
_MORE = st.none() | st.integers(0, 5)


@st.composite
def _texts(draw: st.DrawFn) -> Type:
    least, more = draw(_LEAST), draw(_MORE)
    most = None if more is None else (least or 0) + more
    return Annotated[str, Field(min_length=least, max_length=most)]


@st.composite
def _numbers(draw: st.DrawFn) -> Type:
    least = draw(st.none() | st.integers(-20, 20))
    step = draw(st.none() | st.sampled_from([2, 5]))
    most = None if draw(st.booleans()) else (least or 0) + draw(st.integers(5, 20))
    kind: Type = int if draw(st.booleans()) else float
    if draw(st.booleans()):
        return Annotated[kind, Field(ge=least, le=most, multiple_of=step)]
    return Annotated[kind, Field(gt=least, lt=most if most is None else most + 1)]


@st.composite
def _several(draw: st.DrawFn, inner: st.SearchStrategy[Type]) -> Type:
    item, least = draw(inner), draw(_LEAST)
    bounds = Field(min_length=least, max_length=None if least is None else least + 2)
    match draw(st.sampled_from(["list", "set", "dict", "optional", "union"])):
        case "list":
            return Annotated[list[item], bounds]  # type: ignore[valid-type]
        case "set":
            plain = draw(st.sampled_from([int, str, Annotated[int, Field(ge=3)]]))
            return Annotated[set[plain], bounds]  # type: ignore[valid-type]
        case "dict":
            return Annotated[dict[str, item], bounds]  # type: ignore[valid-type]
        case "optional":
            return item | None if isinstance(item, type) else item
        case _:
            return item | int if isinstance(item, type) else item


_TYPES = st.recursive(
    st.one_of(st.sampled_from(SIMPLE), _texts(), _numbers()), _several, max_leaves=3
)
_NAMES = st.sampled_from(["name", "body", "room_id", "id", "points", "email", "x"])


@st.composite
def _fields(draw: st.DrawFn) -> dict[str, Type]:
    names = draw(st.lists(_NAMES, unique=True, max_size=4))
    optional = draw(st.lists(st.booleans(), min_size=4, max_size=4))
    defaults: dict[str, Type] = {}
    for name, without in zip(names, optional, strict=False):
        kind = draw(_TYPES)
        defaults[name] = (kind | None, None) if without else (kind, ...)
    return defaults


def _made(fields: dict[str, Type]) -> type[BaseModel]:
    return create_model("Made", **fields)


models = _fields().map(_made)
"""Models with fields of every kind that pydantic makes a JSON Schema of."""
