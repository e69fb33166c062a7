"""Events that are answered by a stream: what the compiler reads of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from channelkit.compiler import compile_channels, render_table, table_as_data
from channelkit.messages import Ok

from .programs import problems, written

if TYPE_CHECKING:
    from pathlib import Path

    from channelkit.dispatch import EventPlan
    from channelkit.errors import Problem

PROGRAM = """
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Generic, TypeVar


class Posted(Message):
    body: str


class Typing(Message, event="user:typing"):
    user: str


class Gone(Refusal): ...


T = TypeVar("T")
Both = Posted | Typing


@channel("room")
class Room(Channel[None, Posted | Typing]):
    @on_join
    async def join(self, params: Open) -> None: ...

"""


def plan(folder: Path, handler: str, event: str = "history") -> EventPlan:
    """The plan of a handler in a room."""
    with written(folder, PROGRAM + handler) as program:
        [route] = compile_channels([program.Room]).routes
        [found] = [plan for plan in route.events if plan.event == event]
        return found


def found(folder: Path, handler: str, program: str = PROGRAM) -> list[Problem]:
    """What is wrong with a handler in a room."""
    with written(folder, program + handler) as module:
        return [*problems(compile_channels, [module.Room])]


def names(plan: EventPlan) -> dict[str, str]:
    """The items of a stream by their events."""
    assert plan.stream is not None
    return {event: model.__name__ for model, event in plan.stream.items.items()}


HISTORY = """
    @on_event("history", rate="1/s")
    async def history(self, message: Open) -> {returns}:
        yield Posted(body="")
"""


def test_a_stream_has_its_items_with_their_events_and_its_refusals(tmp_path: Path) -> None:
    read = plan(tmp_path, HISTORY.format(returns="AsyncIterator[Typing | Posted | Gone]"))

    assert names(read) == {"user:typing": "Typing", "posted": "Posted"}
    assert read.answers.replies == (Ok,)
    assert [refusal.__name__ for refusal in read.answers.refusals] == ["Gone"]
    assert (read.special, read.concurrent, str(read.rate)) == (True, False, "1/s")
    handler: object = read.handler
    assert read.stream is not None
    assert read.stream.handler is handler


def test_a_stream_may_be_written_as_a_generator_or_with_an_alias(tmp_path: Path) -> None:
    for returns in ("AsyncGenerator[Both, None]", "AsyncGenerator[Both]", "AsyncIterator[Both]"):
        assert names(plan(tmp_path, HISTORY.format(returns=returns))) == {
            "posted": "Posted",
            "user:typing": "Typing",
        }


def test_a_generic_base_may_stream_what_its_channel_names(tmp_path: Path) -> None:
    with written(
        tmp_path,
        PROGRAM
        + """
class Feed(Channel[None, T], Generic[T]):
    @on_join
    async def join(self, params: Open) -> None: ...

    @on_event("feed")
    async def feed(self, message: Open) -> AsyncIterator[T]:
        raise NotImplementedError
        yield


@channel("typing")
class Typings(Feed[Typing]): ...
""",
    ) as program:
        [route] = compile_channels([program.Typings]).routes

    assert names(route.events[0]) == {"user:typing": "Typing"}


def test_an_item_that_is_a_bare_base_is_told_as_such(tmp_path: Path) -> None:
    told = found(tmp_path, HISTORY.format(returns="AsyncIterator[Message | Refusal]"))

    assert [(problem.code, problem.got) for problem in told] == [
        ("CK017", "Message"),
        ("CK017", "Refusal"),
    ]


def test_a_refusal_of_a_stream_is_checked_as_any_other(tmp_path: Path) -> None:
    program = PROGRAM.replace("class Gone(Refusal): ...", "class Gone(Refusal):\n    reason: str")

    told = found(tmp_path, HISTORY.format(returns="AsyncIterator[Posted | Gone]"), program)

    assert [problem.code for problem in told] == ["CK048"]


def test_a_generator_without_a_return_type_is_told_what_it_could_be(tmp_path: Path) -> None:
    [problem] = found(
        tmp_path,
        """
    @on_event("history")
    async def history(self, message: Open):
        yield Posted(body="")
""",
    )

    assert problem.code == "CK013"
    assert problem.remedy == "annotate it, for example  -> AsyncIterator[Posted]"


def test_where_the_pushes_cannot_be_read_the_items_are_not_blamed(tmp_path: Path) -> None:
    program = PROGRAM.replace("Channel[None, Posted | Typing]", 'Channel[None, "Postd"]')

    told = found(tmp_path, HISTORY.format(returns="AsyncIterator[Posted]"), program)

    assert [problem.code for problem in told] == ["CK022"]


def test_a_handler_that_returns_an_iterator_is_told_to_yield_itself(tmp_path: Path) -> None:
    [problem] = found(
        tmp_path,
        """
    @on_event("history")
    async def history(self, message: Open) -> AsyncIterator[Posted]:
        return self.items()
""",
    )

    assert (problem.code, problem.got) == ("CK016", "AsyncIterator[Posted]")
    assert problem.remedy.startswith("a stream yields its items itself")


def test_a_rate_over_something_that_is_no_function_is_not_blamed_too(tmp_path: Path) -> None:
    told = found(tmp_path, '\n    history = on_event("history", rate="often")(len)\n')

    assert "CK010" in [problem.code for problem in told]


def test_a_stream_is_shown_with_what_it_streams(tmp_path: Path) -> None:
    handler = HISTORY.format(returns="AsyncIterator[Typing | Posted | Gone]")
    with written(tmp_path, PROGRAM + handler) as program:
        table = compile_channels([program.Room])
        text = render_table(table, root=tmp_path)
        data: Any = table_as_data(table, root=tmp_path)

    line = "accepts Open · streams Typing | Posted · refuses Gone · rate 1/s"
    assert f"├─ event history  {line}" in text.splitlines()
    assert data["channels"][0]["events"]["history"]["streams"] == ["Typing", "Posted"]
