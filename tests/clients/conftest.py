"""What the tests of all clients share: the conformance server and node, each in its process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ..browser.server import ExampleServer
from ..npm import modules
from .node import Node

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module", params=["asyncio", "uvloop", "trio"])
def server(request: pytest.FixtureRequest) -> Iterator[ExampleServer]:
    """On each event loop; a client may kill it, and start it again at the same address."""
    with ExampleServer("examples.conformance", "--loop", request.param) as server:
        yield server


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    """Plays scenarios with phoenix.js."""
    with Node(modules("clients")) as node:
        yield node
