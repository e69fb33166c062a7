"""Two people use the console in Chromium, on a phone and on a desktop, by day and by night."""

from __future__ import annotations

from pathlib import Path

import pytest
import trustme

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


def test_the_console_finds_its_server_behind_a_proxy_with_tls_and_a_prefix(tmp_path: Path) -> None:
    pem = tmp_path / "server.pem"
    trustme.CA().issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(pem)
    with DocsServer("tests.console.app:server") as server:
        code = drive(HERE / "proxy.mjs", server, ExampleServer.kill, str(pem))

        assert code == 0, "".join(server.log)
