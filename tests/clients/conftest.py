"""What the tests of all clients share: the conformance server, in a process of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ..browser.server import ExampleServer

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module", params=["asyncio", "uvloop", "trio"])
def server(request: pytest.FixtureRequest) -> Iterator[ExampleServer]:
    """On each event loop; a client may kill it, and start it again at the same address."""
    with ExampleServer("examples.conformance", "--loop", request.param) as server:
        yield server
