"""What a channel inherits: handlers, parameters, type arguments; the most derived wins."""

from typing import Any, Generic

from typing_extensions import TypeVar

from channelkit import (
    Channel,
    Exit,
    Message,
    Ok,
    Open,
    after_join,
    channel,
    on_event,
    on_join,
    on_leave,
)
from channelkit.compiler import compile_channels
from channelkit.dispatch import Route

from .programs import codes

A = TypeVar("A")
P = TypeVar("P", bound=Message)
Reply = TypeVar("Reply", bound=Message, default=Open)


class Posted(Message):
    body: str


class Edited(Message):
    body: str


class User: ...


class Base(Channel[None, Posted]):
    """A base without a pattern."""

    room_id: int

    @on_join
    async def join(self, params: Open) -> None: ...

    @on_event("hi")
    async def hi(self, message: Open) -> Ok:
        raise NotImplementedError

    @on_event("bye")
    async def bye(self, message: Open) -> Ok:
        raise NotImplementedError

    @on_leave
    async def left(self, reason: Exit) -> None: ...


@channel("room:{room_id}")
class Room(Base):
    @on_event("hello")
    async def hi(self, message: Open) -> Ok:  # pyright: ignore[reportIncompatibleVariableOverride]
        raise NotImplementedError

    @after_join
    async def announce(self) -> None: ...


@channel("hall:{room_id}")
class Hall(Room):
    """A hall."""

    bye = None  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]


class Typed(Channel[A, P], Generic[A, P, Reply]):
    @on_join
    async def join(self, params: Open) -> None: ...

    @on_event("post")
    async def post(self, message: P) -> Reply | None: ...


class Halfway(Typed[User, P]): ...


@channel("chat")
class Chat(Halfway[Posted]): ...


@channel("wiki")
class Wiki(Typed[User, Posted | Edited, Edited]): ...


@channel("free")
class Free(Channel):  # type: ignore[type-arg]  # pyright: ignore[reportMissingTypeArgument]
    @on_join
    async def join(self, params: Open) -> None: ...


@channel("any")
class Anything(Typed[Any, Posted]): ...


def compiled(*channels: Any) -> list[Route]:
    return list(compile_channels(channels).routes)


def test_handlers_of_bases_are_the_channels_own() -> None:
    (room,) = compiled(Room)

    assert [plan.event for plan in room.events] == ["hello", "bye"]
    assert room.join.handler is Base.join.handler
    assert room.on_leave is Base.left.handler
    assert room.after_join is Room.announce.handler
    assert room.pushes == {Posted: "posted"}


def test_the_most_derived_handler_of_a_name_wins() -> None:
    (room,) = compiled(Room)

    assert room.events[0].handler is Room.hi.handler


def test_an_inherited_handler_is_placed_where_it_is_written() -> None:
    (room,) = compiled(Room)

    assert [plan.place.name for plan in room.events] == ["Room.hi", "Base.bye"]


def test_a_handler_is_switched_off_by_none() -> None:
    _, hall = compiled(Room, Hall)

    assert [plan.event for plan in hall.events] == ["hello"]


def test_the_nearest_docstring_describes_the_channel() -> None:
    room, hall = compiled(Room, Hall)

    assert (room.summary, hall.summary) == ("A base without a pattern.", "A hall.")


def test_parameters_are_inherited() -> None:
    (room,) = compiled(Room)

    assert room.read("room:42") == {"room_id": 42}


def test_a_base_that_is_not_listed_needs_no_pattern_and_no_join() -> None:
    class Lonely(Channel[None]):
        @on_event("hi")
        async def hi(self, message: Open) -> Ok:
            raise NotImplementedError

    @channel("lobby")
    class Lobby(Lonely):
        @on_join
        async def join(self, params: Open) -> None: ...

    assert codes(Lobby) == []
    assert codes(Lonely) == ["CK002", "CK009"]


def test_a_subclass_without_a_pattern_of_its_own_keeps_its_bases() -> None:
    class Same(Room): ...

    assert codes(Same) == []
    assert codes(Room, Same) == ["CK005"]


def test_type_variables_stand_for_what_the_subclass_says() -> None:
    chat, wiki = compiled(Chat, Wiki)

    assert chat.pushes == {Posted: "posted"}
    assert chat.events[0].accepts.models == (Posted,)
    assert chat.events[0].answers.replies == (Open,)
    assert wiki.pushes == {Posted: "posted", Edited: "edited"}
    assert wiki.events[0].accepts.models == (Posted, Edited)
    assert wiki.events[0].answers.replies == (Edited,)


def test_assigns_are_found_through_generic_bases() -> None:
    compile_channels([Chat, Wiki], assigns=User)


def test_assigns_that_are_not_said_fit_anywhere() -> None:
    compile_channels([Free, Anything], assigns=User)
    compile_channels([Free, Anything], assigns=None)


def test_a_channel_without_arguments_pushes_nothing() -> None:
    (free,) = compiled(Free)

    assert free.pushes == {}


def test_a_type_variable_that_nothing_fills_is_no_payload() -> None:
    @channel("open")
    class Unfilled(Typed[User, P]): ...

    assert codes(Unfilled) == ["CK015", "CK039"]
