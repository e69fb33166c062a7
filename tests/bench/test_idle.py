"""The measurement of idle connections measures them."""

from __future__ import annotations

import pytest

from .idle import main

pytestmark = pytest.mark.slow


def test_a_connection_that_compresses_holds_less_when_it_sleeps(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status = main(["--sockets", "20"])

    assert status == 0
    rows = [line.split(" | ") for line in capsys.readouterr().out.splitlines()[2:]]
    assert [row[0].strip("| ") for row in rows] == ["plain", "deflate", "deflate-forgetting"]
    for _, awake, asleep, *_ in rows[1:]:
        assert float(asleep.split()[0]) < float(awake.split()[0]) - 25
