"""From what the command line says to a server: options, event loops, certificates."""

from __future__ import annotations

import errno
import socket
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from channelkit import Endpoint, Server
from channelkit.running.failures import Failure, UsageFailure
from channelkit.running.launch import Options, chosen, launch, server_for
from channelkit.transports.listener import Listening


def refused(options: Options) -> str:
    with pytest.raises(UsageFailure) as caught:
        server_for(Endpoint("/socket", []), options)
    return str(caught.value)


def test_an_endpoint_gets_a_server_of_its_own() -> None:
    endpoint = Endpoint("/socket", [])

    server = server_for(endpoint, Options())

    assert server.endpoints == (endpoint,)
    assert (server.host, server.port, server.uds) == ("127.0.0.1", 4000, None)


def test_a_server_stays_what_it_is_without_options() -> None:
    server = Server(host="::1", port=1, uds="x")

    assert server_for(server, Options()) is server
    assert (server.host, server.port, server.uds) == ("::1", 1, "x")


@pytest.mark.parametrize(
    ("options", "address"),
    [(Options(port=80), ("127.0.0.1", 80)), (Options(host="::1"), ("::1", 4000))],
)
def test_an_address_takes_a_server_from_its_unix_socket(
    options: Options, address: tuple[str, int]
) -> None:
    server = server_for(Server(uds="x"), options)

    assert (server.host, server.port, server.uds) == (*address, None)


def test_a_unix_socket_takes_a_server_from_its_port() -> None:
    assert server_for(Server(port=80), Options(uds="x")).uds == "x"


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_port_that_is_none_is_refused(port: int) -> None:
    assert refused(Options(port=port)) == f"--port is a number from 0 to 65535, got {port}"


@pytest.mark.parametrize("options", [Options(uds="x", port=1), Options(uds="x", host="::1")])
def test_a_unix_socket_and_an_address_contradict(options: Options) -> None:
    assert refused(options).startswith("--uds stands instead of --host and --port")


def test_a_key_without_a_certificate_is_refused() -> None:
    assert refused(Options(tls_key=Path("key.pem"))).startswith("--tls-key stands beside")


def test_a_missing_certificate_is_named() -> None:
    assert refused(Options(tls_cert=Path("nowhere.pem"))) == (
        "cannot use the certificate nowhere.pem: no such file or directory"
    )


def test_a_file_that_is_no_certificate_is_named(tmp_path: Path) -> None:
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    cert.write_text("x")
    key.write_text("x")

    text = refused(Options(tls_cert=cert, tls_key=key))

    assert text.startswith(f"cannot use the certificate {cert} with {key}: ")


def test_auto_takes_uvloop_where_it_is_installed() -> None:
    assert chosen("auto") == "uvloop"


def test_auto_takes_asyncio_where_it_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvloop", None)

    assert chosen("auto") == "asyncio"


@pytest.mark.parametrize(("loop", "extra"), [("uvloop", "server"), ("trio", "trio")])
def test_a_loop_that_is_not_installed_names_its_extra(
    monkeypatch: pytest.MonkeyPatch, loop: str, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, loop, None)

    with pytest.raises(UsageFailure, match=rf"pip install 'channelkit\[{extra}\]'"):
        chosen("uvloop" if loop == "uvloop" else "trio")


class Unlucky(Server):
    """A server on which the system refuses something."""

    def __init__(self, error: OSError, *, uds: str | None = None) -> None:
        super().__init__(host="::1", port=80, uds=uds)
        self.error = error

    def run(self, *args: object, **kwargs: object) -> None:
        """Fail."""
        raise self.error


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            OSError(errno.EADDRINUSE, "Address already in use"),
            "address already in use; stop what listens there, or choose another address",
        ),
        (
            OSError(errno.EACCES, "Permission denied"),
            "permission denied; ports below 1024 are the system's, choose another",
        ),
        (
            socket.gaierror(socket.EAI_NONAME, "Name or service not known"),
            "name or service not known",
        ),
        (OSError("AF_UNIX path too long"), "af_unix path too long"),
    ],
)
def test_why_it_cannot_listen_is_one_line(error: OSError, told: str) -> None:
    with pytest.raises(Failure) as caught:
        launch(Unlucky(error), "asyncio", None, print)

    assert str(caught.value) == f"cannot listen on [::1]:80: {told}"
    assert caught.value.exit_code == 1


def test_a_unix_socket_that_may_not_be_made_is_no_matter_of_ports() -> None:
    error = OSError(errno.EACCES, "Permission denied")

    with pytest.raises(Failure) as caught:
        launch(Unlucky(error, uds="/chat.sock"), "asyncio", None, print)

    assert str(caught.value) == "cannot listen on /chat.sock: permission denied"


class Broken(Server):
    """A server that listens, and then meets a mistake of ours."""

    def run(
        self,
        loop: str = "auto",
        *,
        sockets: Sequence[socket.socket] = (),
        ready: Callable[[Sequence[Listening]], None] | None = None,
    ) -> None:
        """Listen, then fail."""
        assert ready is not None
        ready([])
        raise OSError(errno.EBADF, "Bad file descriptor")


def test_what_fails_later_is_no_matter_of_the_address() -> None:
    with pytest.raises(OSError, match="Bad file descriptor"):
        launch(Broken(), "asyncio", None, lambda _: None)
