"""What the tests on real sockets share."""

from __future__ import annotations

import pytest


@pytest.fixture(params=[True, False], ids=["fast", "library"])
def fast_path(request: pytest.FixtureRequest) -> bool:
    """Whether plain frames are read by us, or all by websockets: nobody can tell."""
    chosen: bool = request.param
    return chosen
