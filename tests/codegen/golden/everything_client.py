"""What is said on /draw, declared for clients.

Written by `channelkit client --language python` from the contract
sha256:3ca6dbfd7face5e532dad10362e12e36dfd9c18af333726d07b1c25d727f15f0
Do not edit it: write it anew when the contract changes.

The parameters of a connection are Login.
It is refused with Banned (451) or Maintenance (503).
"""

# ruff: noqa
# mypy: no-warn-unreachable

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal
from uuid import UUID

from channelkit import (
    Channel,
    Message,
    Ok,
    Open,
    Presence,
    Refusal,
    Secret,
    channel,
    on_event,
    on_join,
)
from channelkit.omitted import omitted
from pydantic import BaseModel, Field, JsonValue
from typing_extensions import TypeAliasType

__all__ = [
    "AdminLog",
    "Bag",
    "Banned",
    "Bare",
    "Box",
    "Canvas",
    "CanvasImage",
    "Circle",
    "Cleared",
    "Color",
    "Day",
    "Drawn",
    "Full",
    "Layer",
    "Lobby",
    "Log",
    "Login",
    "Maintenance",
    "Node",
    "Online",
    "Options",
    "Page",
    "Parent",
    "Point",
    "Profile",
    "SizeInput",
    "SizeOutput",
    "Strict",
    "StrokeInput",
    "StrokeOutput",
    "Tree",
]


class Login(Message):
    """Who connects."""

    name: Annotated[str, Field(max_length=40, min_length=1)]
    password: Annotated[str, Secret()]
    pin: Annotated[str, Secret(), Field(json_schema_extra={"format": "password"})] = ""


class Banned(Refusal, status=451):
    """This name may not come in."""

    until: dt.datetime


class Maintenance(Refusal, reason="down", status=503):
    pass


class Strict(Message, extra="forbid"):
    one: int


class Bag(Message, extra="allow"):
    __pydantic_extra__: dict[str, int]  # pyright: ignore[reportIncompatibleVariableOverride]
    name: str


class Parent(BaseModel):
    of: Node | None = None


class Node(Message):
    value: int
    children: list[Node] = Field(default=[])
    parent: Parent | None = None


class Full(Refusal):
    limit: int


Point = TypeAliasType("Point", tuple[int, int])


Color = TypeAliasType("Color", Literal["red", "blue"])


Layer = TypeAliasType("Layer", Literal[0, 1])


class Circle(BaseModel):
    kind: Literal["circle"] = "circle"
    radius: Annotated[float, Field(gt=0, le=1000000.0)]


class Box(BaseModel):
    kind: Literal["box"] = "box"
    corner: tuple[int, int] = (1, 1)
    inside: list[Annotated[Circle | Box, Field(discriminator="kind")]] = Field(
        default=[],
    )


class Options(BaseModel):
    zoom: Annotated[float | None, omitted()] = None
    grid: Annotated[bool | None, omitted()] = None


Tree = TypeAliasType("Tree", "dict[str, Tree] | list[Tree] | int")


class SizeInput(BaseModel):
    """Measures.

    In pixels.
    """

    width: int
    height: Annotated[int, Field(ge=1)] = 1
    """Upwards."""


class StrokeInput(Message, validate_by_name=True):
    """What hostile authors write: \\""\" */ </script> | `x` \\N{dash} ""\"""\"

    And a second paragraph.\"
    """

    points: Annotated[list[Point], Field(max_length=100, min_length=1)]
    color: Color = "red"
    layer: Layer = 0
    shape: Annotated[Circle | Box, Field(discriminator="kind")] | None = None
    tags: Annotated[set[str] | None, omitted()] = None
    notes: Annotated[dict[str, JsonValue] | None, omitted()] = None
    """Whatever "you" like."""
    width: Annotated[float, Field(multiple_of=0.5)] = 1.0
    price: float | str = "1.50"
    at: dt.datetime = dt.datetime.fromisoformat("2026-01-01T00:00:00")
    until: dt.date | None = None
    every: dt.timedelta = dt.timedelta(seconds=3600)
    clock: dt.time = dt.time.fromisoformat("12:00:00")
    id: UUID = UUID("00000000-0000-0000-0000-000000000000")
    raw: bytes = b"\x00"
    class_: Annotated[str, Field(pattern=r"^\w+$", alias="class")] = "pencil"
    schema_: Annotated[int, Field(alias="schema")] = 1
    anything: JsonValue = None
    options: Options = Field(
        default_factory=lambda: Options.model_validate({}),
        json_schema_extra={"default": {}},
    )
    tree: Annotated[Tree | None, omitted(default=0)] = None
    old: Annotated[str | None, Field(deprecated=True)] = None
    mixed: Literal["b", 2, True] | None = "b"
    email: Annotated[str, Field(json_schema_extra={"format": "email"})] = "a@b.c"
    keyed: dict[Annotated[str, Field(pattern="^k")], int] = Field(default={"k": 1})
    sized: Annotated[
        Annotated[dict[Literal["x", "y"], int], Field(max_length=2)] | None,
        omitted(default={}),
    ] = None
    origin: Annotated[SizeInput | None, omitted()] = None
    best: SizeInput | None = None
    words: list[str] = Field(default=["one", "two"])
    maybe: float | str = 0.5


class Bare(Refusal, reason=None):
    code: int = 1


class Page(Message):
    number: int


class SizeOutput(BaseModel):
    """Measures.

    In pixels.
    """

    width: int
    height: Annotated[int, Field(ge=1)] = 1
    """Upwards."""
    area: int
    """Width by height."""


class StrokeOutput(BaseModel, validate_by_name=True):
    """What hostile authors write: \\""\" */ </script> | `x` \\N{dash} ""\"""\"

    And a second paragraph.\"
    """

    points: Annotated[list[Point], Field(max_length=100, min_length=1)]
    color: Color = "red"
    layer: Layer = 0
    shape: Annotated[Circle | Box, Field(discriminator="kind")] | None = None
    tags: set[str]
    notes: dict[str, JsonValue]
    """Whatever "you" like."""
    width: Annotated[float, Field(multiple_of=0.5)] = 1.0
    price: str = "1.50"
    at: dt.datetime = dt.datetime.fromisoformat("2026-01-01T00:00:00")
    until: dt.date | None = None
    every: dt.timedelta = dt.timedelta(seconds=3600)
    clock: dt.time = dt.time.fromisoformat("12:00:00")
    id: UUID = UUID("00000000-0000-0000-0000-000000000000")
    raw: bytes = b"\x00"
    class_: Annotated[str, Field(pattern=r"^\w+$", alias="class")] = "pencil"
    schema_: Annotated[int, Field(alias="schema")] = 1
    anything: JsonValue = None
    options: Options = Field(
        default_factory=lambda: Options.model_validate({}),
        json_schema_extra={"default": {}},
    )
    tree: Annotated[Tree, Field(json_schema_extra={"default": 0})]
    old: Annotated[str | None, Field(deprecated=True)] = None
    mixed: Literal["b", 2, True] | None = "b"
    email: Annotated[str, Field(json_schema_extra={"format": "email"})] = "a@b.c"
    keyed: dict[Annotated[str, Field(pattern="^k")], int] = Field(default={"k": 1})
    sized: Annotated[
        dict[Literal["x", "y"], int],
        Field(max_length=2, json_schema_extra={"default": {}}),
    ]
    origin: SizeOutput
    best: SizeOutput | None = None
    words: list[str] = Field(default=["one", "two"])
    maybe: float | str = 0.5


class Drawn(Message):
    """Somebody drew."""

    by: str
    stroke: StrokeOutput


class Cleared(Message, event="canvas:cleared"):
    pass


class Online(BaseModel):
    status: Literal["away", "here"] = "here"


class Profile(BaseModel):
    full_name: str


class CanvasImage(Open, event="canvas:image"):
    """A picture, as bytes."""


async def _beside_Canvas(
    topic: str, metas: dict[str, list[Online]]
) -> dict[str, Profile]:
    raise NotImplementedError


@channel("canvas:{canvas}:{color}:{layer*}", declared=True)
class Canvas(Channel[Any, Drawn | CanvasImage | Cleared | Node]):
    """A canvas that everybody draws on."""

    canvas: Annotated[int, Field(ge=0)]
    color: Literal["red", "blue"]
    layer: str

    here = Presence(Online, fetch=_beside_Canvas)

    @on_join
    async def join(self, params: Strict | Bag) -> Node | Full | None:
        """Come in."""
        raise NotImplementedError

    # Allowed by may_draw.
    @on_event("draw", rate="10/s burst 20")
    async def draw(self, message: StrokeInput) -> Ok | Bare | Full:
        """Draw a stroke."""
        raise NotImplementedError

    @on_event("image", concurrent=True)
    async def image(self, message: Strict | bytes) -> bytes:
        raise NotImplementedError

    @on_event("any")
    async def any(self, message: Open) -> Open | None:
        raise NotImplementedError

    @on_event("replay", rate="1/s")
    async def replay(self, message: Open) -> AsyncIterator[Drawn | Node | Full]:
        """Everything that was drawn."""
        raise NotImplementedError
        yield  # which makes it a stream

    @on_event("room:push")
    async def room_push(self, message: Node) -> Node | Page:
        raise NotImplementedError

    @on_event("join")
    async def join_(self, message: Page) -> None:
        raise NotImplementedError

    @on_event("push")
    async def push_(self, message: Page) -> None:
        raise NotImplementedError

    @on_event("1st!")
    async def event_1st(self, message: Page) -> None:
        raise NotImplementedError


@channel("day:{day}:{kind}:{yes}:{id}", declared=True)
class Day(Channel[Any]):
    day: dt.date
    kind: Literal[1, 2, 3]
    yes: bool
    id: UUID

    @on_join
    async def join(self, params: Open) -> bytes:
        raise NotImplementedError


@channel("lobby", declared=True)
class Lobby(Channel[Any]):
    """Where one waits to be let in."""

    @on_join
    async def join(self, params: Open) -> None:
        raise NotImplementedError

    @on_event("page")
    async def page(self, message: Page) -> Page:
        raise NotImplementedError


@channel("log", declared=True)
class Log(Channel[Any, Page]):
    @on_join
    async def join(self, params: Open) -> None:
        raise NotImplementedError


@channel("admin:log", declared=True)
class AdminLog(Channel[Any, Page]):
    @on_join
    async def join(self, params: Open) -> None:
        raise NotImplementedError
