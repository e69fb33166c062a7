"""How a client gets in, or does not: over real sockets."""

from __future__ import annotations

import ssl
from functools import partial
from typing import TYPE_CHECKING, Any

import anyio
import pytest
import trustme

from channelkit import Refused, Server
from channelkit.client import ConnectFailed, SocketState, connect

from .app import Banned, Busy, JoinRoom, Lobby, Login, journal_of, make_endpoint, serving

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.anyio

ANN = Login(name="ann")


async def test_connect_parameters_are_nested_as_phoenix_js_does_it() -> None:
    login = Login(name="an/n & co ü", tags=["a", "b c"], extra={"k": "v&=", "p": "+", "empty": ""})

    async with serving() as served, connect(served.url, login):
        assert journal_of(login.name).params == [login]


@pytest.mark.parametrize("params", [{"name": "ann"}, lambda: {"name": "ann"}, lambda: ANN])
async def test_connect_parameters_are_a_message_a_mapping_or_a_function(params: Any) -> None:
    async with serving() as served, connect(served.url, params):
        assert journal_of("ann").params == [ANN]


async def test_connect_parameters_may_come_from_an_async_function() -> None:
    async def log_in() -> Login:
        await anyio.lowlevel.checkpoint()
        return ANN

    async with serving() as served, connect(served.url, log_in):
        assert journal_of("ann").params == [ANN]


async def test_what_a_function_for_the_parameters_raises_comes_out() -> None:
    def log_in() -> Login:
        raise LookupError("no password")

    async with serving() as served:
        with pytest.raises(LookupError, match="no password"):
            async with connect(served.url, log_in):
                pass


async def test_parameters_in_the_url_are_kept() -> None:
    async with serving() as served, connect(served.url + "?name=ann"):
        assert journal_of("ann").params == [ANN]


async def test_a_declared_refusal_is_typed() -> None:
    async with serving() as served:
        with pytest.raises(Refused) as refused:
            async with connect(served.url, Login(name="banned"), refusals=[Busy, Banned]):
                pass

    assert refused.value.refusal == Banned(until="2030-01-01")


async def test_a_refusal_that_the_client_does_not_know_is_told_as_it_came() -> None:
    async with serving() as served:
        with pytest.raises(ConnectFailed, match="busy") as failed:
            async with connect(served.url, Login(name="busy")):
                pass

    assert (failed.value.status, failed.value.response) == (429, {"reason": "busy"})


async def test_parameters_that_do_not_fit_are_told() -> None:
    async with serving() as served:
        with pytest.raises(ConnectFailed, match="invalid payload") as failed:
            async with connect(served.url, {"nom": "ann"}):
                pass

    assert failed.value.status == 403


async def test_a_page_where_an_endpoint_was_expected_is_told() -> None:
    async with serving() as served:
        with pytest.raises(ConnectFailed, match="refused") as failed:
            async with connect(served.url + "/elsewhere", ANN):
                pass

    assert (failed.value.status, failed.value.response) == (404, None)


async def test_nobody_there_is_unreachable() -> None:
    async with serving() as served:
        url = served.url

    with pytest.raises(ConnectFailed, match="unreachable") as failed:
        async with connect(url, ANN):
            pass

    assert failed.value.status is None
    assert isinstance(failed.value.__cause__, OSError)


@pytest.mark.parametrize(
    "url",
    [
        "chat.example/socket",
        "ftp://chat.example/socket",
        "ws:///socket",
        "ws://h/p#f",
        "ws://u:p@h/",
    ],
)
async def test_what_is_no_url_of_an_endpoint_is_refused_here(url: str) -> None:
    with pytest.raises(ValueError, match="a client connects to ws://host/path"):
        async with connect(url):
            pass


@pytest.mark.parametrize("token", ["abc", "ü/?>", lambda: "abc"])
async def test_an_auth_token_travels_as_phoenix_js_sends_it(token: Any) -> None:
    async with serving() as served, connect(served.url, ANN, auth_token=token):
        (info,) = journal_of("ann").infos
        assert info.auth_token == (token() if callable(token) else token)


async def test_headers_are_sent() -> None:
    headers = {"X-Tenant": "acme", "User-Agent": "tests"}

    async with serving() as served, connect(served.url, ANN, headers=headers):
        (info,) = journal_of("ann").infos
        assert (info.x_headers.get("x-tenant"), info.user_agent) == ("acme", "tests")


async def test_the_stream_underneath_may_be_any_as_a_unix_socket(tmp_path: Path) -> None:
    path = str(tmp_path / "chat.sock")
    server = Server(make_endpoint(), uds=path)

    async with anyio.create_task_group() as tasks:

        async def serve(*, task_status: Any) -> None:
            await server.serve(task_status=task_status)

        await tasks.start(serve)
        opener = partial(anyio.connect_unix, path)
        async with connect("ws://chat/socket", ANN, opener=opener) as socket:
            await socket.join(Lobby.topic_for(), Lobby.join, JoinRoom())
        tasks.cancel_scope.cancel()


# TLS.


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def certified(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)  # pyright: ignore[reportUnknownMemberType]
    return context


@pytest.fixture(scope="module")
def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)  # pyright: ignore[reportUnknownMemberType]
    return context


async def test_a_client_talks_under_tls(
    certified: ssl.SSLContext, trusting: ssl.SSLContext
) -> None:
    async with serving(ssl_context=certified) as served:
        assert served.url.startswith("wss://")
        async with connect(served.url, ANN, tls=trusting) as socket:
            await socket.join(Lobby.topic_for(), Lobby.join, JoinRoom())
            assert socket.state is SocketState.OPEN


async def test_a_certificate_that_nobody_vouches_for_is_refused(certified: ssl.SSLContext) -> None:
    async with serving(ssl_context=certified) as served:
        with pytest.raises(ConnectFailed, match="unreachable") as failed:
            async with connect(served.url, ANN):
                pass

    cause: BaseException | None = failed.value
    causes: list[object] = []
    while cause is not None:
        causes.append(cause)
        cause = cause.__cause__ or cause.__context__
    assert any(isinstance(each, ssl.SSLCertVerificationError) for each in causes)


async def test_tls_where_nobody_speaks_it_fails() -> None:
    async with serving() as served:
        with pytest.raises(ConnectFailed, match="unreachable"):
            async with connect(served.url.replace("ws:", "wss:"), ANN):
                pass
