"""`channelkit explain`: whose a topic is, what a join answers, and what makes no sense."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from channelkit.cli import app

if TYPE_CHECKING:
    from pathlib import Path

    from typer.testing import Result

    Run = Callable[..., Result]

SOURCE = '''\
from dataclasses import dataclass
from datetime import datetime, timezone

import anyio

from channelkit import (
    Channel, Endpoint, Limits, Message, Refusal, Server, after_join,
    channel, on_event, on_join,
)


class Login(Message):
    name: str


@dataclass
class User:
    name: str
    admin: bool = False


class Opaque:
    def __init__(self) -> None: ...


class JoinRoom(Message):
    token: str


class Closed(Refusal):
    """The room is closed."""

    until: int


class Bare(Refusal):
    pass


class NewMsg(Message):
    body: str


class Posted(Message):
    body: str


def is_admin(member: "Room") -> bool:
    return {"ann": True, "bob": False}[member.assigns.name]


@channel("room:{room_id}")
class Room(Channel[User, Posted]):
    room_id: int

    @on_join
    async def join(self, params: JoinRoom) -> Closed | Bare | None:
        match self.room_id:
            case 1:
                return Closed(until=3)
            case 2:
                raise LookupError("nobody is here")
            case 3:
                await anyio.sleep_forever()
            case 4:
                return Bare()
            case _:
                print("joining")
                return None

    @after_join
    async def after(self) -> None:
        if self.room_id == 5:
            raise LookupError("after all")
        if self.room_id == 6:
            self.stop()

    @on_event("new_msg")
    async def new_msg(self, message: NewMsg) -> None: ...

    @on_event("delete", allow=is_admin, rate="10/s")
    async def delete(self, message: NewMsg) -> None: ...


@channel("alone:{name}")
class Alone(Channel[None]):
    name: str

    @on_join
    async def join(self, params: NewMsg) -> NewMsg:
        return params


@channel("odd")
class Odd(Channel[Opaque]):
    @on_join
    async def join(self, params: NewMsg) -> None: ...


async def connect(params: Login) -> User:
    return User(params.name)


async def odd_connect(params: Login) -> Opaque:
    return Opaque()


def until(user: User) -> datetime | None:
    return datetime(2000, 1, 1, tzinfo=timezone.utc) if user.name == "old" else None


server = Server(
    Endpoint("/socket", [Room], connect, expires_at=until),
    Endpoint("/two", [Room], connect, rate="100/s", limits=Limits(join=0.05)),
    Endpoint("/alone", [Alone]),
    Endpoint("/odd", [Odd], odd_connect),
)
'''
FILES = {
    "ann": '{"name": "ann"}',
    "bob": '{"name": "bob"}',
    "zoe": '{"name": "zoe"}',
    "old": '{"name": "old"}',
    "join": '{"token": "x"}',
    "hello": '{"body": "x"}',
    "broken": "{",
}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Explain with these arguments, beside a `rooms.py` and some JSON."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [path for path in sys.path if path])
    (tmp_path / "rooms.py").write_text(SOURCE)
    for name, text in FILES.items():
        (tmp_path / f"{name}.json").write_text(text)

    def explain(arguments: str) -> Result:
        return CliRunner().invoke(app, ["explain", "rooms:server", *arguments.split()])

    yield explain
    sys.modules.pop("rooms", None)


TRY = "--as ann.json --join join.json"


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        ("room:42", 0, "/two has it, too: see --endpoint /two\n"),
        ("room:42", 0, "\nevents      new_msg, delete\n"),
        ("room:42", 0, "\nparameters  room_id = 42\n"),
        ("alone:7", 0, "\nparameters  name = '7'\n"),
        ("alone:7", 0, "\nevents      none\n"),
        ("room:42 delete", 0, "\npermission  is_admin  rooms.py:"),
        ("room:42 delete --endpoint /two", 0, "10/s and 100/s from the socket, over all topics\n"),
        (f"room:42 {TRY}", 0, "\njoining     granted\n            the reply is ok {}\n"),
        (f"room:42 delete {TRY}", 0, "\nsending     allowed: is_admin says so\n"),
        (f"room:42 new_msg {TRY}", 0, "\nsending     allowed: every member may\n"),
        ("room:42 new_msg --payload hello.json", 0, "\npayload     fits NewMsg\n"),
        ("alone:x --join hello.json", 0, 'the reply is ok {"body": "x"}\n'),
        (f"room:1 {TRY}", 1, "\n            The room is closed.\n"),
        (f"room:1 {TRY}", 1, 'the reply is error {"reason": "closed", "until": 3}\n'),
        (f"room:4 {TRY}", 1, "\njoining     refused: Bare  rooms.py:"),
        (f"room:2 {TRY}", 1, "LookupError: nobody is here\n"),
        (f"room:3 --endpoint /two {TRY}", 1, "the handler took longer than Limits.join, 0.05 s\n"),
        (f"room:5 new_msg {TRY}", 1, "LookupError: after all\n"),
        (f"room:6 new_msg {TRY}", 1, "\nthen        the member ended: "),
        ("room:42 --as ann.json", 1, "refused: invalid payload\n            token: is required\n"),
        ("room:42 delete --as bob.json --join join.json", 1, "not allowed: is_admin says no\n"),
        ("room:42 delete --as zoe.json --join join.json", 1, "KeyError: 'zoe'\n"),
        ("room:42 new_msg --payload join.json", 1, "            body: is required\n"),
    ],
)
def test_what_is_asked_is_told(run: Run, arguments: str, code: int, told: str) -> None:
    result = run(arguments)

    assert result.exit_code == code, result.stderr
    assert told in result.stdout


def test_what_a_handler_prints_is_no_part_of_the_answer(run: Run) -> None:
    result = run(f"room:42 {TRY}")

    assert result.stderr == "joining\n"
    assert result.stdout.startswith("room:42 is a topic of Room  rooms.py:")


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        ("rom:1", 1, "no channel has the topic 'rom:1' (did you mean room?)\n"),
        ("room:x --endpoint /socket", 1, "room_id is 'x': Input should be a valid integer"),
        ("room:1 new_mgs", 1, "Room has no event 'new_mgs' (did you mean new_msg?)\n"),
        ("room:1 posted", 1, "'posted' is what Room pushes to its members"),
        ("room:1 phx_join", 1, "phx_join is the protocol's own"),
        ("room:1 --endpoint /no", 2, "no channels are served at '/no'; they are at /socket, /two"),
        ("room:1 --payload hello.json", 2, "--payload is what an event carries: name the event\n"),
        ("room:1 --join join.json", 2, "a member's assigns are User here: give them, with --as\n"),
        ("room:1 --as hello.json", 2, "hello.json holds no User\n  name: Field required\n"),
        ("room:1 --as broken.json", 2, "broken.json is not JSON: "),
        ("room:1 --as none.json", 2, "cannot read none.json: No such file or directory\n"),
        ("room:1 --as old.json", 2, "these assigns cannot connect: expired\n"),
        ("odd --as ann.json", 2, "Opaque, the assigns of /odd, cannot be made from JSON; "),
    ],
)
def test_what_cannot_be_told_is_one_message(run: Run, arguments: str, code: int, told: str) -> None:
    result = run(arguments)

    assert (result.exit_code, result.stdout) == (code, "")
    assert result.stderr.startswith("channelkit: ")
    assert told in result.stderr
