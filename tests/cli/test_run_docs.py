"""`channelkit run --docs`: where the console is served, and where it is not."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from channelkit import (
    Channel,
    Endpoint,
    HttpRequest,
    HttpResponse,
    Message,
    Server,
    channel,
    on_join,
    static,
)
from channelkit.running.docs import DOCS, add_docs

from .program import CHAT, PATIENCE, Program, fetch

if TYPE_CHECKING:
    from pathlib import Path


class Nothing(Message):
    pass


@channel("room")
class Room(Channel[None]):
    @on_join
    async def join(self, params: Nothing) -> None: ...


async def own(request: HttpRequest) -> HttpResponse:
    return HttpResponse.text("mine")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "chat_app.py").write_text(CHAT)
    return tmp_path


def endpoint(path: str = "/socket", **options: Any) -> Endpoint[None]:
    return Endpoint(path, [Room], **options)


def test_it_is_put_beside_what_the_server_has(tmp_path: Path) -> None:
    server = Server(endpoint(), http={"/": static(tmp_path), "/documents": own})

    assert add_docs(server, "chat", "chat")

    assert list(server.http) == ["/", "/documents", DOCS]


@pytest.mark.parametrize("path", ["/docs", "/docs/*", "/docs/api"])
def test_what_the_program_has_there_stays(path: str, caplog: pytest.LogCaptureFixture) -> None:
    server = Server(endpoint(), http={path: own})

    assert not add_docs(server, "chat", "chat")

    assert server.http == {path: own}
    assert f'no console path=/docs taken_by="http {path}"' in caplog.text


@pytest.mark.parametrize("path", ["/docs", "/docs/socket"])
def test_an_endpoint_that_is_there_stays(path: str, caplog: pytest.LogCaptureFixture) -> None:
    server = Server(endpoint(path))

    assert not add_docs(server, "chat", "chat")

    assert server.http == {}
    assert f'taken_by="endpoint {path}"' in caplog.text


@pytest.mark.slow
def test_the_console_is_served_where_it_is_asked_for(folder: Path) -> None:
    with Program(folder, "run", "chat_app:server", "--docs") as program:
        address = program.wait_ready()

        assert f"docs      {address}/docs\n" in program.output
        page = fetch(f"{address}/docs")
        assert 'id="console" data-mount="/docs"' in page
        assert "from chat_app import" in re.sub("<[^>]*>", "", page)
        assert json.loads(fetch(f"{address}/docs/contract.json"))["contract"] == 1


@pytest.mark.slow
def test_without_being_asked_for_it_is_not_served(folder: Path) -> None:
    with Program(folder, "run", "chat_app:server") as program:
        address = program.wait_ready()

        with pytest.raises(HTTPError, match="404"):
            fetch(f"{address}/docs")
    assert "docs" not in program.output


@pytest.mark.slow
@pytest.mark.parametrize(("options", "served"), [([], True), (["--no-docs"], False)])
def test_with_reload_it_is_served_unless_it_is_not_wanted(
    folder: Path, options: list[str], served: bool
) -> None:
    with Program(folder, "run", "chat_app:server", "--reload", *options) as program:
        address = program.wait_ready()

        assert (f"docs      {address}/docs\n" in program.output) is served


@pytest.mark.slow
def test_the_pages_own_origin_may_connect_whatever_the_origins_say(folder: Path) -> None:
    strict = 'endpoint = Endpoint("/socket", [Room], origins=["https://example.com"])'
    (folder / "chat_app.py").write_text(
        CHAT.replace('endpoint = Endpoint("/socket", [Room])', strict)
    )
    with Program(folder, "run", "chat_app:server", "--docs") as program:
        address = program.wait_ready()

        with opened(address, address) as socket:
            assert socket.protocol.state.name == "OPEN"
        with pytest.raises(InvalidStatus, match="403"):
            opened(address, "http://evil.example")


def opened(address: str, origin: str) -> Any:
    url = f"ws{address.removeprefix('http')}/socket/websocket?vsn=2.0.0"
    return connect(url, origin=Origin(origin), proxy=None, open_timeout=PATIENCE)
