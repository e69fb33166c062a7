"""The soak lives, on each loop."""

from __future__ import annotations

import pytest

from .soak import main

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("loop", ["asyncio", "uvloop", "trio"])
def test_a_life_with_faults_at_every_await_loses_nothing_and_leaves_nothing(
    loop: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--minutes", "0.06", "--loop", loop, "--rate", "0.005"]) == 0

    assert f"{loop}: " in capsys.readouterr().out
