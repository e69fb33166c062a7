"""The hot path costs no more than it did: instructions are counted, and no clock is asked."""

from __future__ import annotations

import shutil
import sys

import pytest

from .instructions import costs, recorded

MORE = 1.05
"""By how much something may cost more before it has to be explained, and recorded anew."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("valgrind") is None, reason="valgrind is not installed"),
    pytest.mark.skipif(
        sys.version_info[:2] != (3, 11), reason="the figures were recorded on Python 3.11"
    ),
]


def test_nothing_costs_five_percent_more_instructions_than_recorded() -> None:
    before, now = recorded(), costs()

    dearer = {
        name: f"{before[name]} -> {cost}"
        for name, cost in now.items()
        if cost > before[name] * MORE
    }

    assert now.keys() == before.keys()
    assert dearer == {}, "explain it, then: python -m tests.bench.instructions --record"
