"""Why a topic is a channel's, or is not."""

from __future__ import annotations

from typing import Annotated, Final

import pytest
from pydantic import AfterValidator

from channelkit import Channel, Endpoint, Message, Router, channel, on_join
from channelkit.running.matching import asked, resembling


class Nothing(Message):
    pass


def picky(value: str) -> str:
    if value == "raise":
        raise LookupError("no")
    return value


@channel("lobby")
class Lobby(Channel[None]):
    @on_join
    async def join(self, params: Nothing) -> None: ...


@channel("room:{number}")
class Room(Channel[None]):
    number: int

    @on_join
    async def join(self, params: Nothing) -> None: ...


@channel("files:{owner}:{path*}")
class Files(Channel[None]):
    owner: Annotated[str, AfterValidator(picky)]
    path: str

    @on_join
    async def join(self, params: Nothing) -> None: ...


TABLE: Final = Endpoint("/socket", [Lobby, Room, Files]).compile()
ROUTED: Final = Endpoint("/admin", [Router("admin:", Room)]).compile()


@pytest.mark.parametrize(
    ("topic", "said"),
    [
        ("lobby", [None]),
        ("room:42", ["'room' is not 'lobby'", None]),
        ("files:ann:a:b", ["'files' is not 'lobby'", "'files' is not 'room'", None]),
        ("room:042", ["'room' is not 'lobby'", "number is '042', and would be written '42'"]),
        (
            "lobby:1",
            ["it has 2 parts, expected 1", "'lobby' is not 'room'", "'lobby' is not 'files'"],
        ),
        ("room:", ["'room' is not 'lobby'", "number is empty", "'room' is not 'files'"]),
        ("room", ["'room' is not 'lobby'", "it has 1 part, expected 2", "'room' is not 'files'"]),
        (
            "files:ann",
            [
                "'files' is not 'lobby'",
                "'files' is not 'room'",
                "it has 2 parts, expected at least 3",
            ],
        ),
        (
            "files:raise:",
            [
                "'files' is not 'lobby'",
                "'files' is not 'room'",
                "owner is 'raise': its validator raised LookupError",
            ],
        ),
    ],
)
def test_each_pattern_that_is_asked_says_why_not(topic: str, said: list[str | None]) -> None:
    assert [each.why_not for each in asked(TABLE, topic)] == said
    assert (TABLE.match(topic) is None) == (said[-1] is not None)


def test_a_parameter_that_is_not_valid_is_told_in_pydantics_words() -> None:
    why = asked(TABLE, "room:x")[-1].why_not

    assert why is not None
    assert why.startswith("number is 'x': Input should be a valid integer")


@pytest.mark.parametrize(
    ("topic", "hint"),
    [
        ("rom:1", " (did you mean room?)"),
        ("room:x", ""),
        ("zzz", ""),
        ("room:1", "; a router has it as 'admin:room:1', which router.topic(...) gives"),
    ],
)
def test_a_topic_that_is_nobodys_may_be_like_another(topic: str, hint: str) -> None:
    assert resembling([TABLE, ROUTED], topic) == hint
