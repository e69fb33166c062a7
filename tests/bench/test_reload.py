"""The measurement of a restart measures one."""

from __future__ import annotations

from pathlib import Path

import pytest

from .reload import main

pytestmark = pytest.mark.slow


def test_the_chat_restarts_with_open_sockets(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(Path(__file__).parents[2])

    status = main(["--rounds", "2", "--sockets", "3", "--limit", "20"])

    assert status == 0
    assert "median of 2: " in capsys.readouterr().out
