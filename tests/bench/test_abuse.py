"""The measurement of floods measures them."""

from __future__ import annotations

import pytest

from .abuse import main

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("loop", ["asyncio", "uvloop", "trio"])
def test_a_flood_is_measured(loop: str, capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["--only", "one topic", "--scale", "0.02", "--loop", loop])

    assert status == 0
    assert "| joins of one topic | 200 | " in capsys.readouterr().out
