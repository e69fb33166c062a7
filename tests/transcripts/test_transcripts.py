"""Every recorded conversation has the recorded answers here, or the difference is named."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from ..browser.server import ExampleServer
from .differences import DIFFERENCES
from .downgrade import answers_on_v1, has_v1, on_v1
from .replay import replay
from .transcript import RECORDED, WRITTEN, filled, load, strictly

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .transcript import Answers


class Serving(NamedTuple):
    """A running server, and whether its peers offer permessage-deflate."""

    address: str
    deflate: bool = False


@pytest.fixture(scope="module", params=["asyncio", "uvloop", "trio", "deflate"])
def serving(request: pytest.FixtureRequest) -> Iterator[Serving]:
    """The example on each loop; once more where every frame is compressed."""
    deflate = request.param == "deflate"
    arguments = ["--deflate"] if deflate else ["--loop", request.param]
    window = ["--longpoll-window", "0.2"]  # an empty poll takes as long
    with ExampleServer("examples.conformance", *arguments, *window) as server:
        yield Serving(server.address, deflate)


def named(paths: list[Path]) -> pytest.MarkDecorator:
    """One test for each of these conversations."""
    return pytest.mark.parametrize("path", paths, ids=[path.stem for path in paths])


def wanted(path: Path, nonce: str) -> list[Answers]:
    """The answers that are right here."""
    difference = DIFFERENCES.get(path.stem)
    if difference is None:
        return load(path, nonce).answers
    return [filled(difference.answers, nonce)]


@named(RECORDED)
def test_a_recorded_conversation_has_a_recorded_answer(path: Path, serving: Serving) -> None:
    answers = wanted(path, path.stem)

    heard = replay(load(path, path.stem), answers, serving.address, deflate=serving.deflate)

    assert strictly(heard) in [strictly(each) for each in answers]


@named([path for path in RECORDED if has_v1(load(path))])
def test_a_recorded_conversation_goes_the_same_way_on_version_1(
    path: Path, serving: Serving
) -> None:
    nonce = f"{path.stem}-v1"
    answers = [answers_on_v1(each) for each in wanted(path, nonce)]

    heard = replay(on_v1(load(path, nonce)), answers, serving.address, deflate=serving.deflate)

    assert strictly(heard) in [strictly(each) for each in answers]


@named(WRITTEN)
def test_a_written_conversation_goes_as_written(path: Path, serving: Serving) -> None:
    transcript = load(path, path.stem)

    heard = replay(transcript, transcript.answers, serving.address, deflate=serving.deflate)

    assert strictly(heard) == strictly(transcript.answers[0])
