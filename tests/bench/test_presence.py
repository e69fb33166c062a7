"""The measurement of presence measures it, and compares what clients have with what is right."""

from __future__ import annotations

import pytest

from .presence import main

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("loop", ["uvloop", "trio"])
def test_every_stage_is_measured(loop: str, capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["--members", "12", "--pace", "5", "--loop", loop])

    assert status == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"12 members on {loop}"
    assert [line.split()[0] for line in lines[1:]] == ["joins", "updates", "drops"]
