"""What annotations may look like, and what is told when one cannot be read."""

import functools
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any, NoReturn, Optional, TypeAlias, TypeVar, Union

import pytest
from typing_extensions import TypeAliasType

from channelkit import Channel, Message, Ok, Open, Refusal, channel, on_event, on_join
from channelkit.compiler import compile_channels
from channelkit.compiler.annotations import shown, union
from channelkit.dispatch import Route
from channelkit.payloads import Accepts, Answers

from .programs import codes, compiled, problems, written


class NewMsg(Message):
    body: str


class Edit(Message):
    body: str


class Full(Refusal):
    limit: int


Payload: TypeAlias = NewMsg | Edit
Answer = TypeAliasType("Answer", NewMsg | Edit | Full)
Result = TypeVar("Result")


def logged(
    handler: Callable[[Any, Any], Coroutine[Any, Any, Result]],
) -> Callable[[Any, Any], Coroutine[Any, Any, Result]]:
    """A decorator that keeps the coroutine function beneath."""

    @functools.wraps(handler)
    def call(self: object, message: object) -> Coroutine[Any, Any, Result]:
        return handler(self, message)

    return call


@channel("lobby")
class Lobby(Channel[None]):
    @on_join
    async def join(self, params: Open) -> NoReturn:
        raise NotImplementedError

    @on_event("union")
    async def union(self, message: Union[NewMsg, bytes]) -> Optional[Ok]:  # noqa: UP007, UP045
        raise NotImplementedError

    @on_event("annotated")
    async def annotated(
        self, message: Annotated[NewMsg | Annotated[Edit, "inner"], "outer"]
    ) -> Annotated[Ok, "why"]:
        raise NotImplementedError

    @on_event("alias")
    async def alias(self, message: Payload) -> Answer:
        raise NotImplementedError

    @on_event("text")
    async def text(self, message: "Payload | NewMsg") -> "Ok | None":
        raise NotImplementedError

    @on_event("wrapped")
    @logged
    async def wrapped(self, message: NewMsg) -> Ok:
        raise NotImplementedError


def lobby() -> Route:
    return compile_channels([Lobby]).routes[0]


@pytest.mark.parametrize(
    ("event", "accepts", "answers"),
    [
        ("union", Accepts((NewMsg,), binary=True), Answers((Ok,), (), silent=True)),
        ("annotated", Accepts((NewMsg, Edit)), Answers((Ok,), (), silent=False)),
        ("alias", Accepts((NewMsg, Edit)), Answers((NewMsg, Edit), (Full,), silent=False)),
        ("text", Accepts((NewMsg, Edit)), Answers((Ok,), (), silent=True)),
        ("wrapped", Accepts((NewMsg,)), Answers((Ok,), (), silent=False)),
    ],
)
def test_every_way_of_writing_a_union_is_read(
    event: str, accepts: Accepts, answers: Answers
) -> None:
    plan = next(plan for plan in lobby().events if plan.event == event)

    assert (plan.accepts, plan.answers) == (accepts, answers)


def test_a_handler_that_only_raises_answers_nothing() -> None:
    assert lobby().join.answers == Answers((), (), silent=False)


def test_a_handler_beneath_a_decorator_is_placed_at_its_own_def() -> None:
    wrapped = lobby().events[-1]

    assert wrapped.place.source == "async def wrapped(self, message: NewMsg) -> Ok:"


def test_names_of_the_class_body_are_known(tmp_path: Path) -> None:
    source = """
        @channel("lobby")
        class Lobby(Channel[None]):
            class JoinLobby(Message):
                token: str

            @on_join
            async def join(self, params: "JoinLobby") -> None: ...

        channels = [Lobby]
    """
    with written(tmp_path, source) as program:
        (route,) = compiled(program).routes

    assert route.join.accepts == Accepts((program.Lobby.JoinLobby,))


def test_classes_local_to_a_function_are_known_where_annotations_are_no_texts() -> None:
    class Local(Message):
        body: str

    @channel("hall")
    class Hall(Channel[None, Local]):
        @on_join
        async def join(self, params: Local) -> Local:
            raise NotImplementedError

    assert codes(Hall) == []


# What cannot be read.


def told(tmp_path: Path, annotation: str, *, before: str = "") -> tuple[str, str]:
    """The code and what was got, for a payload parameter with this annotation."""
    source = f"""
{before}
@channel("lobby")
class Lobby(Channel[None]):
    @on_join
    async def join(self, params: {annotation}) -> None: ...
channels = [Lobby]
"""
    with written(tmp_path, source) as program:
        (problem,) = problems(compiled, program)
    return problem.code, problem.got


@pytest.mark.parametrize(
    ("annotation", "code", "got"),
    [
        ("'Nowhere'", "CK022", "Nowhere, which is not defined"),
        ("'a b'", "CK022", "a b, which raises SyntaxError: "),
        ("'Open[int]'", "CK022", "Open[int], which raises TypeError: "),
        ("'raising()'", "CK022", "no name, which is not defined"),
        ("'Open.Inner'", "CK022", "Open.Inner, which raises AttributeError: "),
        ("5", "CK015", "5"),
        ("[int]", "CK015", "[<class 'int'>]"),
    ],
)
def test_an_annotation_that_cannot_be_read_is_told(
    tmp_path: Path, annotation: str, code: str, got: str
) -> None:
    before = "def raising(): raise NameError('no name')"

    found = told(tmp_path, annotation, before=before)

    assert (found[0], found[1][: len(got)]) == (code, got)


@pytest.mark.parametrize(
    "block",
    [
        "if TYPE_CHECKING:\n    import elsewhere as Somewhere",
        "if typing.TYPE_CHECKING:\n    class Somewhere(Message): ...",
        "if TYPE_CHECKING:\n    Somewhere = Open",
        "if TYPE_CHECKING:\n    Somewhere: TypeAlias = Open",
        "if TYPE_CHECKING:\n    import Somewhere.inner",
    ],
)
def test_a_name_for_the_type_checkers_only_is_told_as_such(tmp_path: Path, block: str) -> None:
    before = f"import typing\nfrom typing import TYPE_CHECKING, TypeAlias\n{block}\n"

    assert told(tmp_path, "'Somewhere'", before=before) == ("CK020", "Somewhere")


def test_a_name_that_another_block_binds_is_not_taken_for_one(tmp_path: Path) -> None:
    before = "import sys\nif not sys:\n    from elsewhere import Somewhere\n"

    assert told(tmp_path, "'Somewhere'", before=before)[0] == "CK022"


def test_a_close_name_is_suggested(tmp_path: Path) -> None:
    source = """
        class JoinRoom(Message):
            token: str

        @channel("room:{room_id}:{page}")
        class Room(Channel[None]):
            room: int
            page: int

            @on_join
            async def join(self, params: "JoinRooms") -> None: ...

        channels = [Room]
    """
    with written(tmp_path, source) as program:
        found = {problem.code: problem.remedy for problem in problems(compiled, program)}

    assert found["CK022"].endswith("(did you mean JoinRoom?)")
    assert found["CK033"].endswith("(did you mean room?)")
    assert found["CK034"].endswith("(did you mean room_id?)")


# How types are shown.


@pytest.mark.parametrize(
    ("annotation", "text"),
    [
        (None, "None"),
        (NewMsg, "NewMsg"),
        (NewMsg | None, "NewMsg | None"),
        (Annotated[NewMsg, 1], "NewMsg"),
        (list[int], "list[int]"),
        (Callable[[], int], "Callable[[], int]"),
        (Any, "Any"),
        (Result, "~Result"),
    ],
)
def test_a_type_is_shown_as_its_author_would_write_it(annotation: object, text: str) -> None:
    assert shown(annotation) == text


def test_an_empty_union_is_shown_as_never() -> None:
    assert union(()) == "Never"


def test_types_of_one_name_are_shown_with_their_modules() -> None:
    assert shown(NewMsg | None, full=True) == "tests.compiler.test_annotations.NewMsg | None"
