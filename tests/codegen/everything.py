"""A program with one of everything that a client's module has to declare."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, IntEnum
from typing import Annotated, Any, Literal, NamedTuple
from uuid import UUID

from pydantic import BaseModel, Field, JsonValue, SecretStr, computed_field
from typing_extensions import TypeAliasType, TypedDict

from channelkit import (
    Channel,
    Endpoint,
    Message,
    Ok,
    Open,
    Presence,
    Refusal,
    Router,
    Secret,
    channel,
    on_broadcast,
    on_event,
    on_join,
)

__all__ = ["drawing"]


class Color(Enum):
    RED = "red"
    BLUE = "blue"


class Layer(IntEnum):
    BACK = 0
    FRONT = 1


Tree = TypeAliasType("Tree", "dict[str, Tree] | list[Tree] | int")


class User(BaseModel):
    name: str


class Login(Message):
    """Who connects."""

    name: Annotated[str, Field(min_length=1, max_length=40)]
    password: Annotated[str, Secret()]
    pin: SecretStr = SecretStr("")


class Banned(Refusal, status=451):
    """This name may not come in."""

    until: datetime


class Maintenance(Refusal, reason="down", status=503):
    pass


class Circle(BaseModel):
    kind: Literal["circle"] = "circle"
    radius: Annotated[float, Field(gt=0, le=1e6)]


class Box(BaseModel):
    kind: Literal["box"] = "box"
    corner: tuple[int, int] = (1, 1)
    inside: list[Shape] = []


Shape = Annotated[Circle | Box, Field(discriminator="kind")]


class Point(NamedTuple):
    x: int
    y: int


class Options(TypedDict, total=False):
    zoom: float
    grid: bool


HOSTILE = '''What hostile authors write: \\""" */ </script> | `x` \\N{dash} """"""

    And a second paragraph."'''


class Stroke(Message):
    __doc__ = HOSTILE

    points: Annotated[list[Point], Field(min_length=1, max_length=100)]
    color: Color = Color.RED
    layer: Layer = Layer.BACK
    shape: Shape | None = None
    tags: set[str] = Field(default_factory=set)
    notes: dict[str, JsonValue] = Field(default_factory=dict, description='Whatever "you" like.')
    width: Annotated[float, Field(multiple_of=0.5)] = 1.0
    price: Decimal = Decimal("1.50")
    at: datetime = datetime.fromisoformat("2026-01-01T00:00:00")
    until: date | None = None
    every: timedelta = timedelta(hours=1)
    clock: time = time(12)
    id: UUID = UUID(int=0)
    raw: bytes = b"\x00"
    class_: Annotated[str, Field(alias="class", pattern=r"^\w+$")] = "pencil"
    schema_: Annotated[int, Field(alias="schema")] = 1
    anything: Any = None
    options: Options = Options()
    tree: Tree = 0
    old: Annotated[str | None, Field(deprecated=True)] = None
    mixed: Literal["b", 2, True] | None = "b"
    email: Annotated[str, Field(json_schema_extra={"format": "email"})] = "a@b.c"
    keyed: dict[Annotated[str, Field(pattern="^k")], int] = Field(default={"k": 1})
    sized: Annotated[dict[Literal["x", "y"], int], Field(max_length=2)] = Field(default={})
    origin: Size = Field(default_factory=lambda: Size(width=1, height=2))
    best: Size | None = None
    words: list[str] = Field(default=["one", "two"])
    maybe: float | str = 0.5


class Size(BaseModel):
    """Measures.

    In pixels.
    """

    width: int
    """Not in the schema: pydantic does not read it."""
    height: Annotated[int, Field(description="Upwards.", ge=1)] = 1

    @computed_field  # type: ignore[prop-decorator]
    @property
    def area(self) -> int:
        """Width by height."""
        return self.width * self.height


class Strict(Message, extra="forbid"):
    one: int


class Bag(Message, extra="allow"):
    __pydantic_extra__: dict[str, int]  # pyright: ignore[reportIncompatibleVariableOverride]
    name: str


class Node(Message):
    value: int
    children: list[Node] = Field(default=[])
    parent: Parent | None = None


class Parent(BaseModel):
    of: Node | None = None


class Drawn(Message):
    """Somebody drew."""

    by: str
    stroke: Stroke


class Cleared(Message, event="canvas:cleared"):
    pass


class Image(Open, event="canvas:image"):
    """A picture, as bytes."""


class Full(Refusal):
    limit: int


class Bare(Refusal, reason=None):
    code: int = 1


class Online(Message):
    status: Literal["away", "here"] = "here"


class Profile(BaseModel):
    full_name: str


class Page(Message):
    number: int


async def profiles(_: str, metas: dict[str, list[Online]]) -> dict[str, Profile]:
    return {key: Profile(full_name=key) for key in metas}


def may_draw(member: Canvas) -> bool:
    return member.canvas > 0


@channel("canvas:{canvas}:{color}:{layer*}")
class Canvas(Channel[User, Drawn | Image | Cleared | Node]):
    """A canvas that everybody draws on."""

    canvas: Annotated[int, Field(ge=0)]
    color: Color
    layer: str

    here = Presence(Online, fetch=profiles)

    @on_join
    async def join(self, params: Strict | Bag) -> Node | Full | None:
        """Come in."""

    @on_event("draw", allow=may_draw, rate="10/s burst 20")
    async def draw(self, message: Stroke) -> Ok | Bare | Full:
        """Draw a stroke."""
        return Ok()

    @on_event("image", concurrent=True)
    async def image(self, message: Strict | bytes) -> bytes:
        return b""

    @on_event("any")
    async def any(self, message: Open) -> Open | None:
        return message

    @on_event("replay", rate="1/s")
    async def replay(self, message: Open) -> AsyncIterator[Drawn | Node | Full]:
        """Everything that was drawn."""
        yield Full(limit=0)

    @on_event("room:push")
    async def pushed(self, message: Node) -> Node | Page:
        return Page(number=1)

    @on_event("join")
    async def join_event(self, message: Page) -> None: ...

    @on_event("push")
    async def push_event(self, message: Page) -> None: ...

    @on_event("1st!")
    async def first(self, message: Page) -> None: ...

    @on_broadcast
    async def hide(self, message: Drawn) -> Drawn | None:
        return message


@channel("day:{day}:{kind}:{yes}:{id}")
class Day(Channel[Any]):
    day: date
    kind: Literal[1, 2, 3]
    yes: bool
    id: UUID

    @on_join
    async def join(self, params: Open) -> bytes:
        return b""


@channel("log")
class Log(Channel[Any, Page]):
    @on_join
    async def join(self, params: Open) -> None: ...


@channel("lobby")
class Lobby(Channel[User]):
    """Where one waits to be let in."""

    @on_join
    async def join(self, params: Open) -> None: ...

    @on_event("page")
    async def page(self, message: Page) -> Page:
        return message


async def connect(params: Login) -> User | Banned | Maintenance:
    """Only people with a name."""
    return User(name=params.name)


drawing = Endpoint(
    "/draw",
    [Canvas, Day, Lobby, Log, Router("admin:", Log)],
    connect,
    longpoll=True,
    rate="100/s",
)
