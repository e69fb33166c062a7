"""The compiled table, shown to people and to programs."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from channelkit import Channel, Open, channel, on_event, on_join
from channelkit.compiler import compile_channels, render_table, table_as_data

from .rooms import Lobby, Room

HERE = Path(__file__).parent


class Permission:
    """A permission that is no function, so it has no name of its own."""

    def __call__(self, _: object) -> bool:
        return True


@channel("all:{number}:{flag}:{id}:{day}:{kind}:{one}:{bounded}")
class Parameters(Channel[None]):
    number: int
    flag: bool
    id: UUID
    day: date
    kind: Literal["a", "b"]
    one: Literal[1]
    bounded: Annotated[str, Field(min_length=2, max_length=3)]

    @on_join
    async def join(self, params: Open) -> None: ...

    @on_event("hi", allow=Permission(), rate="60/m burst 5")
    async def hi(self, message: Open) -> None: ...


def test_a_table_is_shown_as_a_tree() -> None:
    table = compile_channels([Room, Lobby])
    room, lobby = (route.place.line for route in table.routes)

    assert render_table(table, root=HERE) == (
        f"room:{{room_id}}  Room  rooms.py:{room}\n"
        "│  A chat room.\n"
        "├─ room_id: int\n"
        "├─ join  accepts JoinRoom · answers RoomState · refuses RoomFull\n"
        "├─ event new_msg  accepts NewMsg · answers Accepted\n"
        "├─ event kick  accepts Kick · no reply · allow is_moderator\n"
        "├─ event upload  accepts NewMsg | bytes · answers Ok · or no reply"
        " · refuses RoomFull · concurrent\n"
        "├─ push posted  Posted\n"
        "├─ push user:typing  Typing\n"
        "├─ intercepts posted\n"
        "├─ info  Tick\n"
        "├─ after_join  announce\n"
        "└─ on_leave  left\n"
        "\n"
        f"lobby:{{day*}}  Lobby  rooms.py:{lobby}\n"
        "├─ day: str\n"
        "└─ join  accepts JoinRoom | bytes · answers {}"
    )


def test_parameters_are_shown_as_their_author_would_write_them() -> None:
    lines = render_table(compile_channels([Parameters])).splitlines()

    assert lines[1:] == [
        "├─ number: int",
        "├─ flag: bool",
        "├─ id: UUID",
        "├─ day: date",
        "├─ kind: 'a' | 'b'",
        "├─ one: 1",
        "├─ bounded: str (maxLength 3, minLength 2)",
        "├─ join  accepts Open · answers {}",
        "└─ event hi  accepts Open · no reply · allow Permission · rate 60/m burst 5",
    ]


def test_no_channels_are_shown_as_nothing() -> None:
    assert render_table(compile_channels([])) == ""


def test_a_table_is_data_for_programs() -> None:
    table = compile_channels([Room, Lobby])
    room, lobby = (route.place.line for route in table.routes)

    assert table_as_data(table, root=HERE) == {
        "channels": [
            {
                "channel": "Room",
                "file": "rooms.py",
                "line": room,
                "pattern": "room:{room_id}",
                "prefix": "",
                "summary": "A chat room.",
                "parameters": {"room_id": {"type": "integer"}},
                "join": {
                    "accepts": ["JoinRoom"],
                    "answers": ["RoomState"],
                    "refuses": ["RoomFull"],
                    "silent": False,
                },
                "events": {
                    "new_msg": {
                        "accepts": ["NewMsg"],
                        "answers": ["Accepted"],
                        "refuses": [],
                        "silent": False,
                        "allow": None,
                        "concurrent": False,
                        "rate": None,
                        "streams": None,
                        "summary": "Post a message to the room.",
                    },
                    "kick": {
                        "accepts": ["Kick"],
                        "answers": [],
                        "refuses": [],
                        "silent": True,
                        "allow": "is_moderator",
                        "concurrent": False,
                        "rate": None,
                        "streams": None,
                        "summary": "",
                    },
                    "upload": {
                        "accepts": ["NewMsg", "bytes"],
                        "answers": ["Ok"],
                        "refuses": ["RoomFull"],
                        "silent": True,
                        "allow": None,
                        "concurrent": True,
                        "rate": None,
                        "streams": None,
                        "summary": "",
                    },
                },
                "pushes": {"posted": "Posted", "user:typing": "Typing"},
                "presence": None,
                "intercepts": ["posted"],
                "infos": ["Tick"],
                "after_join": True,
                "on_drain": False,
                "on_leave": True,
            },
            {
                "channel": "Lobby",
                "file": "rooms.py",
                "line": lobby,
                "pattern": "lobby:{day*}",
                "prefix": "",
                "summary": "",
                "parameters": {"day": {"type": "string"}},
                "join": {
                    "accepts": ["JoinRoom", "bytes"],
                    "answers": [],
                    "refuses": [],
                    "silent": True,
                },
                "events": {},
                "pushes": {},
                "presence": None,
                "intercepts": [],
                "infos": [],
                "after_join": False,
                "on_drain": False,
                "on_leave": False,
            },
        ]
    }
