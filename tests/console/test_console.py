"""Two people use the console in Chromium, on a phone and on a desktop, by day and by night."""

from __future__ import annotations

from pathlib import Path

import pytest

from ..browser.driving import MARKS, drive
from ..browser.server import ExampleServer
from .served import DocsServer

pytestmark = MARKS

HERE = Path(__file__).parent
VISITS = [
    pytest.param("light", "desktop", "phone", id="light-desktop"),
    pytest.param("dark", "phone", "desktop", id="dark-phone"),
    pytest.param("dark", "desktop", "phone", id="dark-desktop"),
    pytest.param("light", "phone", "desktop", id="light-phone"),
]


@pytest.mark.parametrize(("scheme", "ann", "ben"), VISITS)
def test_two_people_connect_join_push_and_lose_the_server(scheme: str, ann: str, ben: str) -> None:
    with DocsServer("tests.console.app:server") as server:
        more = {"change": lambda: server.serve("tests.console.app:changed")}

        code = drive(
            HERE / "console.mjs", server, ExampleServer.terminate, scheme, ann, ben, more=more
        )

        assert code == 0, "".join(server.log)


def test_the_console_works_without_a_mouse() -> None:
    with DocsServer("examples.chat:server") as server:
        code = drive(HERE / "keyboard.mjs", server, ExampleServer.kill)

        assert code == 0, "".join(server.log)
