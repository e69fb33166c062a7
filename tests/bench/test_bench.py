"""Every server does the measured job correctly, under every kind of load."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from .modes import Subject, subjects
from .processes import Cores, Timing, build
from .run import Plan, main, measure, measure_server

if TYPE_CHECKING:
    from pathlib import Path

SUBJECTS = subjects(["uvloop", "trio", "asyncio"])
SMALL_MODES = ("memory20", "connect20", "echo1", "echo5", "echo5x8", "fanout5")
NEEDED = ("picows", "trio", "uvloop")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the load generator needs Linux's epoll"),
    pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler (cc)"),
    *(
        pytest.mark.skipif(importlib.util.find_spec(name) is None, reason=f"{name} is absent")
        for name in NEEDED
    ),
]


def small(*measured: Subject) -> Plan:
    """A plan that takes a second or two for each server."""
    return Plan(
        subjects=measured,
        modes=SMALL_MODES,
        rounds=1,
        tries=1,
        timing=Timing(warmup=0.02, duration=0.1, hold=0),
        cores=Cores.available(),
    )


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The compiled load generator."""
    return build(tmp_path_factory.mktemp("bench"))


@pytest.mark.parametrize("subject", SUBJECTS, ids=[subject.name for subject in SUBJECTS])
def test_a_server_answers_every_load_without_a_mistake(program: Path, subject: Subject) -> None:
    runs = list(measure_server(small(subject), 1, subject, program))

    assert [run.mode for run in runs] == list(SMALL_MODES)
    assert [run.mode for run in runs if run.figures is None] == []
    assert [run.mode for run in runs if run.figures and run.figures.server_us <= 0] == []


def test_a_server_that_does_not_start_fails_all_its_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = Subject(name="broken", module="tests.bench.absent", protocol=SUBJECTS[0].protocol)

    runs = list(measure(small(broken), tmp_path))

    assert [run.mode for run in runs if run.figures is None] == list(SMALL_MODES)
    assert "No module named tests.bench.absent" in capsys.readouterr().out


def test_one_command_measures_and_writes_the_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "performance.md"
    page.write_text("before\n<!-- figures -->\nold\n<!-- /figures -->\nafter\n")
    options = [
        "--modes",
        "echo2",
        "--rounds",
        "1",
        "--tries",
        "1",
        "--duration",
        "0.1",
        "--loops",
        "uvloop",
    ]

    status = main([*options, "--markdown", str(page)])

    assert status == 0
    assert page.read_text().startswith("before\n<!-- figures -->\n\n")
    assert page.read_text().endswith("\n<!-- /figures -->\nafter\n")
    assert "| channelkit-uvloop |" in page.read_text()
    assert "### echo2: 2 sockets, 1 in flight on each" in capsys.readouterr().out
