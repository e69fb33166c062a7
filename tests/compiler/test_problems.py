"""Every kind of problem is found, and told in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from channelkit import DeclarationError
from channelkit.compiler import CODES, compile_channels

from .programs import FOLDER, PROGRAMS, checked, loaded

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("path", PROGRAMS, ids=[path.stem for path in PROGRAMS])
def test_a_wrong_program_is_told_what_is_wrong(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)

    with loaded(path) as program, pytest.raises(DeclarationError) as raised:
        checked(program)

    assert f"{raised.value}\n" == path.with_suffix(".txt").read_text()
    assert {problem.code for problem in raised.value.problems} == {path.stem[:5].upper()}


def test_every_code_has_a_program() -> None:
    assert [path.stem[:5].upper() for path in PROGRAMS] == list(CODES)


def test_every_problem_is_found_in_one_run_sorted_by_place() -> None:
    with (
        loaded(FOLDER / "ck011_not_async.py") as one,
        loaded(FOLDER / "ck006_hidden_pattern.py") as two,
        pytest.raises(DeclarationError) as raised,
    ):
        compile_channels([*one.channels, *two.channels])

    found = [
        (problem.places[0].file.rpartition("/")[2], problem.places[0].line, problem.code)
        for problem in raised.value.problems
    ]
    assert found == [
        ("ck006_hidden_pattern.py", 12, "CK006"),
        ("ck011_not_async.py", 11, "CK011"),
        ("ck011_not_async.py", 14, "CK011"),
        ("ck011_not_async.py", 17, "CK011"),
    ]


def test_what_two_channels_inherit_is_told_once() -> None:
    with loaded(FOLDER / "ck012_no_parameter_type.py") as program:
        room = program.Room
        other = type("Other", (room,), {"__pattern__": "other:{room_id}"})
        with pytest.raises(DeclarationError) as raised:
            compile_channels([room, other])

    assert [problem.places[0].name for problem in raised.value.problems] == ["Room.new_msg"]
