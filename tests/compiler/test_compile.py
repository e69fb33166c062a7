"""A right program compiles into exactly the table that it says."""

from __future__ import annotations

import gc
import weakref
from typing import TYPE_CHECKING

import pytest

from channelkit import Channel, Ok, Open, channel, on_join
from channelkit.compiler import compile_channels, compile_connect, compile_endpoint
from channelkit.dispatch import (
    ConnectPlan,
    EventPlan,
    InfoPlan,
    InterceptPlan,
    JoinPlan,
    Match,
    Route,
)
from channelkit.errors import Place
from channelkit.payloads import Accepts, Answers

from . import rooms
from .programs import FOLDER, loaded
from .rooms import (
    Accepted,
    Denied,
    JoinRoom,
    Kick,
    Lobby,
    Login,
    NewMsg,
    Posted,
    Room,
    RoomFull,
    RoomState,
    Tick,
    Typing,
    User,
    connect,
    is_moderator,
)

if TYPE_CHECKING:
    from pathlib import Path


def place(name: str, source: str) -> Place:
    """The place in `rooms` with this line."""
    assert rooms.__file__
    with open(rooms.__file__) as file:
        lines = [line.strip() for line in file]
    return Place(file=rooms.__file__, line=lines.index(source) + 1, name=name, source=source)


ROOM_JOIN = JoinPlan(
    handler=Room.join.handler,
    accepts=Accepts((JoinRoom,)),
    answers=Answers((RoomState,), (RoomFull,), silent=False),
    place=place("Room.join", "async def join(self, params: JoinRoom) -> RoomState | RoomFull:"),
)
NEW_MSG = EventPlan(
    event="new_msg",
    handler=Room.new_msg.handler,
    accepts=Accepts((NewMsg,)),
    answers=Answers((Accepted,), (), silent=False),
    allow=None,
    concurrent=False,
    place=place("Room.new_msg", "async def new_msg(self, message: NewMsg) -> Accepted:"),
    summary="Post a message to the room.",
)
KICK = EventPlan(
    event="kick",
    handler=Room.kick.handler,
    accepts=Accepts((Kick,)),
    answers=Answers((), (), silent=True),
    allow=is_moderator,
    concurrent=False,
    place=place("Room.kick", "async def kick(self, message: Kick) -> None: ..."),
    summary="",
)
UPLOAD = EventPlan(
    event="upload",
    handler=Room.upload.handler,
    accepts=Accepts((NewMsg,), binary=True),
    answers=Answers((Ok,), (RoomFull,), silent=True),
    allow=None,
    concurrent=True,
    place=place(
        "Room.upload",
        "async def upload(self, message: NewMsg | bytes) -> Ok | RoomFull | None: ...",
    ),
    summary="",
)
TICK = InfoPlan(
    classes=(Tick,),
    handler=Room.tick.handler,
    place=place("Room.tick", "async def tick(self, info: Tick) -> None: ..."),
)
HIDE_MUTED = InterceptPlan(
    event="posted",
    model=Posted,
    handler=Room.hide_muted.handler,
    answers=Answers((Posted,), (), silent=True),
    place=place(
        "Room.hide_muted", "async def hide_muted(self, message: Posted) -> Posted | None: ..."
    ),
)


def test_the_program_of_the_design_compiles_into_its_table() -> None:
    table, _ = compile_endpoint([Room, Lobby], connect)

    room, lobby = table.routes
    assert room == Route(
        channel=Room,
        pattern=room.pattern,
        parameters=room.parameters,
        pushes={Posted: "posted", Typing: "user:typing"},
        join=ROOM_JOIN,
        after_join=Room.announce.handler,
        on_leave=Room.left.handler,
        infos=(TICK,),
        intercepts={"posted": HIDE_MUTED},
        place=place("Room", "class Room(Channel[User, Posted | Typing]):"),
        summary="A chat room.",
        _events={"new_msg": NEW_MSG, "kick": KICK, "upload": UPLOAD},
    )
    assert lobby == Route(
        channel=Lobby,
        pattern=lobby.pattern,
        parameters=lobby.parameters,
        pushes={},
        join=JoinPlan(
            handler=Lobby.join.handler,
            accepts=Accepts((JoinRoom,), binary=True),
            answers=Answers((), (), silent=True),
            place=place(
                "Lobby.join", "async def join(self, params: JoinRoom | bytes) -> None: ..."
            ),
        ),
        after_join=None,
        on_leave=None,
        infos=(),
        intercepts={},
        place=place("Lobby", "class Lobby(Channel[User]):"),
        summary="",
        _events={},
    )
    assert table.match("room:42") == Match(route=room, parameters={"room_id": 42})
    assert table.match("lobby:a:b") == Match(route=lobby, parameters={"day": "a:b"})


def test_connect_compiles_into_its_plan() -> None:
    expected = ConnectPlan(
        handler=connect,
        accepts=Accepts((Login,)),
        refusals=(Denied,),
        assigns=User,
        takes_info=False,
        place=place("connect", "async def connect(params: Login) -> User | Denied:"),
    )

    assert compile_connect(connect) == expected
    assert compile_endpoint([Room, Lobby], connect)[1] == expected


def test_no_channels_compile_into_an_empty_table() -> None:
    assert compile_channels([]).routes == ()


# Compiling is pure.


def forgotten(*, compiled: bool) -> weakref.ref[type]:
    @channel("lobby")
    class Hall(Channel[None]):
        @on_join
        async def join(self, params: Open) -> None: ...

    if compiled:
        compile_channels([Hall])
    return weakref.ref(Hall)


@pytest.mark.parametrize("compiled", [False, True])
def test_nothing_keeps_a_channel_that_was_declared_or_compiled(*, compiled: bool) -> None:
    hall = forgotten(compiled=compiled)

    gc.collect()

    assert hall() is None


def test_compiling_twice_gives_the_same_plans() -> None:
    first, second = compile_channels([Room]).routes[0], compile_channels([Room]).routes[0]

    assert (first.join, first.events, first.infos) == (second.join, second.events, second.infos)


def test_classes_of_one_name_in_two_modules_are_two_channels(tmp_path: Path) -> None:
    source = (FOLDER / "ck028_reserved_event.py").read_text().replace("phx_", "")
    (tmp_path / "one.py").write_text(source)
    (tmp_path / "two.py").write_text(source.replace("lobby", "hall"))

    with loaded(tmp_path / "one.py") as one, loaded(tmp_path / "two.py") as two:
        table = compile_channels([one.Lobby, two.Lobby])

    assert [route.channel for route in table.routes] == [one.Lobby, two.Lobby]
    assert [route.place.file for route in table.routes] == [one.__file__, two.__file__]
