"""`docs/problems.md` has a section for each code, and its wrong examples are wrong so."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, TypeGuard

import pytest

from channelkit import Channel, RawSocket
from channelkit.compiler import CODES, compile_channels, compile_endpoint, compile_raw

from .programs import loaded, options_of, problems

if TYPE_CHECKING:
    from types import ModuleType

    from channelkit.channel import AnyChannel

PAGE = (Path(__file__).parents[2] / "docs" / "problems.md").read_text()
INTRODUCTION, *_ = PAGE.split("\n## ")
SECTIONS = {
    section.partition(":")[0]: section
    for section in re.split(r"^### ", PAGE, flags=re.MULTILINE)[1:]
}


def code(section: str) -> str:
    """The Python block of a section."""
    found = re.search(r"^```python\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)
    assert found is not None
    return found[1]


def listed(program: ModuleType, given: set[str]) -> list[object]:
    """The channels of an example, those apart that it only derives from."""
    made = [value for name, value in vars(program).items() if name not in given]
    channels = [value for value in made if is_channel(value)]
    bases = {base for channel in channels for base in channel.__mro__[1:]}
    marks = [value for value in made if getattr(value, "__qualname__", "") == CHANNEL_MARK]
    return [*(channel for channel in channels if channel not in bases), *marks]


def is_channel(value: object) -> TypeGuard[type[AnyChannel]]:
    return isinstance(value, type) and issubclass(value, Channel)


def is_raw(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, RawSocket) and value is not RawSocket


CHANNEL_MARK = "channel.<locals>.mark"
"""What a bare ``@channel`` leaves in the place of the class."""


def test_every_code_has_its_heading() -> None:
    headings = re.findall(r"^### (CK\d\d\d): (.*)$", PAGE, re.MULTILINE)

    assert [(key, title.replace("\\", "")) for key, title in sorted(headings)] == [
        (key, kind.title) for key, kind in CODES.items()
    ]


@pytest.mark.parametrize("key", CODES)
def test_every_section_has_a_remedy(key: str) -> None:
    assert "\nRemedy: " in SECTIONS[key]


@pytest.mark.parametrize("key", CODES)
def test_the_wrong_example_is_wrong_in_that_way(key: str, tmp_path: Path) -> None:
    (tmp_path / "given.py").write_text(code(INTRODUCTION))
    (tmp_path / "example.py").write_text(f"{code(INTRODUCTION)}\n\n{code(SECTIONS[key])}")

    with loaded(tmp_path / "given.py") as given, loaded(tmp_path / "example.py") as program:
        raw = [value for value in vars(program).values() if is_raw(value)]
        channels = listed(program, set(vars(given)))
        options = options_of(program)
        compile_it = compile_endpoint if options else compile_channels
        found = problems(compile_raw, *raw) if raw else problems(compile_it, channels, **options)

    assert {problem.code for problem in found} == {key}
