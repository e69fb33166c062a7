"""phoenix.js on another site's page in Chromium, where no WebSocket gets through."""

from __future__ import annotations

import pytest

from ..npm import modules, needs
from .driving import MARKS, drive
from .server import ExampleServer

pytestmark = [*MARKS, needs("phoenix", folder="clients")]

PHOENIX = str(modules("clients") / "phoenix" / "priv" / "static" / "phoenix.mjs")


@pytest.mark.parametrize("loop", ["asyncio", "trio"])
def test_it_falls_back_to_long_poll_and_survives_a_restart(loop: str) -> None:
    with ExampleServer("examples.conformance", "--loop", loop) as server:
        code = drive("fallback.mjs", server, ExampleServer.terminate, PHOENIX, "allowed")

        assert code == 0, "".join(server.log)


def test_a_page_of_an_origin_that_is_not_allowed_gets_no_session() -> None:
    with ExampleServer("examples.conformance", "--check-origin") as server:
        code = drive("fallback.mjs", server, ExampleServer.terminate, PHOENIX, "refused")

        assert code == 0, "".join(server.log)
