from __future__ import annotations

import importlib
import re
from typing import TYPE_CHECKING, Any

import pytest

from channelkit import Endpoint, RawEndpoint

from .checkers import ACCEPTED, CHECKERS, REJECTED, ROOT, differences, marks

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

    from .checkers import Found

BLOCK = re.compile(r"^```py\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module", params=CHECKERS)
def checker(request: pytest.FixtureRequest) -> str:
    """The name of a type checker."""
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def said(checker: str, tmp_path_factory: pytest.TempPathFactory) -> Found:
    """All that the checker says of all programs, in one run."""
    return CHECKERS[checker]([*ACCEPTED, *REJECTED], tmp_path_factory.mktemp(checker))


@pytest.mark.slow
@pytest.mark.parametrize("program", ACCEPTED, ids=lambda path: path.stem)
def test_a_sound_program_is_accepted(program: Path, said: Found) -> None:
    wrong = differences(program, {}, said)

    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
@pytest.mark.parametrize("program", REJECTED, ids=lambda path: path.stem)
def test_the_wrong_lines_of_a_program_and_no_others_are_refused_in_these_words(
    program: Path, checker: str, said: Found
) -> None:
    marked = marks(program, checker)
    wrong = differences(program, marked, said)

    assert marked
    assert not wrong, "\n".join(wrong)


def test_the_wrong_lines_on_the_page_about_types_are_all_tested() -> None:
    page = (ROOT / "docs" / "types.md").read_text()
    shown = [unindented(block) for block in BLOCK.findall(page)]
    tested = "".join(unindented(program.read_text()) for program in REJECTED)

    assert len(shown) > 20
    assert [block for block in shown if block not in tested] == []


@pytest.mark.anyio
@pytest.mark.parametrize("program", ACCEPTED, ids=lambda path: path.stem)
async def test_a_sound_program_compiles_and_runs(program: Path) -> None:
    module = importlib.import_module(f"{__package__}.accepted.{program.stem}")

    for endpoint in endpoints(module):
        endpoint.compile()

    await module.main()


def unindented(code: str) -> str:
    """The lines of a program without their indentation."""
    return "".join(f"{line.strip()}\n" for line in code.splitlines())


def endpoints(module: ModuleType) -> list[Endpoint[Any] | RawEndpoint[Any]]:
    """The endpoints of a program; it has one at least."""
    values = vars(module).values()
    kinds = (Endpoint, RawEndpoint)
    found: list[Endpoint[Any] | RawEndpoint[Any]] = [v for v in values if isinstance(v, kinds)]
    assert found
    return found
