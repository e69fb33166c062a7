"""nginx and Caddy as docs/deploying.md configures them, on loopback, ended by their id."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import trustme
from websockets.sync.client import ClientConnection, connect

from ..cli.program import PATIENCE
from .page import block

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

__all__ = ["CADDY", "NGINX", "Front", "caddy", "checked", "needs_caddy", "needs_nginx", "nginx"]

# Debian keeps nginx where only the root's path looks.
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
CADDY = shutil.which("caddy")

needs_nginx = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")
needs_caddy = pytest.mark.skipif(CADDY is None, reason="caddy is not installed")

MAIN = """
pid {folder}/nginx.pid;
worker_processes 1;
daemon off;
error_log stderr warn;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{inner}
}}
"""
"""What stands around the page's configuration in nginx's main file."""

GLOBAL = "{\n    admin off\n    auto_https off\n    servers {\n        protocols h1 h2\n    }\n}\n"
"""What stands before it in a Caddyfile: no second port, no certificates of Caddy's own."""


@dataclass
class Front:
    """A proxy that listens, seen by its clients."""

    trust: ssl.SSLContext
    port: int

    @property
    def origin(self) -> str:
        """That of a page which the proxy serves."""
        return f"https://localhost:{self.port}"

    def open(self, headers: Mapping[str, str] | None = None) -> ClientConnection:
        """A WebSocket from a page of the same host, through the proxy."""
        url = f"wss://localhost:{self.port}/socket/websocket?vsn=2.0.0"
        given = {"Origin": self.origin, **(headers or {})}
        return connect(url, ssl=self.trust, sock=self._dialed(), additional_headers=given)

    def get(self, path: str) -> tuple[int, str]:
        """Status and body of a plain request."""
        request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        with self.trust.wrap_socket(self._dialed(), server_hostname="localhost") as sock:
            sock.sendall(request.encode())
            answer = b"".join(iter(lambda: sock.recv(65536), b"")).decode()
        head, _, body = answer.partition("\r\n\r\n")
        return int(head.split()[1]), body

    def _dialed(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)


def certificate(folder: Path) -> ssl.SSLContext:
    """Write a certificate for localhost and its key; who trusts it."""
    authority = trustme.CA()
    issued = authority.issue_cert("localhost")
    issued.cert_chain_pems[0].write_to_path(folder / "fullchain.pem")
    issued.private_key_pem.write_to_path(folder / "privkey.pem")
    context = ssl.create_default_context()
    authority.configure_trust(context)  # pyright: ignore[reportUnknownMemberType]
    return context


def adapted(text: str, changes: Mapping[str, str]) -> str:
    """A configuration with names, ports and files of its own; each change must find its place."""
    for old, new in changes.items():
        assert old in text, f"{old!r} stands no longer in docs/deploying.md"
        text = text.replace(old, new)
    return text


def nginx_file(folder: Path, inner: str) -> Path:
    """The main file around a part of the page."""
    file = folder / "nginx.conf"
    file.write_text(MAIN.format(folder=folder, inner=inner))
    return file


def checked(folder: Path, inner: str) -> subprocess.CompletedProcess[str]:
    """What `nginx -t` says of it."""
    assert NGINX is not None
    return subprocess.run(
        [NGINX, "-t", "-c", str(nginx_file(folder, inner))],
        stderr=subprocess.PIPE,
        encoding="utf-8",
        check=False,
        timeout=PATIENCE,
    )


@contextmanager
def nginx(
    folder: Path, upstream: str, changes: Mapping[str, str] | None = None
) -> Generator[Front]:
    """nginx in front of a server; it takes over a socket that listens already."""
    assert NGINX is not None
    trust = certificate(folder)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        inner = adapted(
            block("nginx"),
            {
                "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
                "chat.example": "localhost",
                "/etc/ssl/chat": str(folder),
                "127.0.0.1:4000": upstream,
                **(changes or {}),
            },
        )
        with (folder / "nginx.log").open("w") as log:
            process = subprocess.Popen(
                [NGINX, "-c", str(nginx_file(folder, inner))],
                # How nginx hands its sockets to its successor.
                env={**os.environ, "NGINX": f"{listener.fileno()};"},
                pass_fds=[listener.fileno()],
                stdin=subprocess.DEVNULL,
                stderr=log,
            )
        with ended(process):
            yield Front(trust, port)


@contextmanager
def ended(process: subprocess.Popen[str] | subprocess.Popen[bytes]) -> Generator[None]:
    """At the end of the block the process is gone, with workers that it may have."""
    try:
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE)


@contextmanager
def caddy(folder: Path, upstream: str) -> Generator[Front]:
    """Caddy in front of a server, with a certificate that is there."""
    assert CADDY is not None
    trust = certificate(folder)
    with socket.socket() as reserved:
        # It never listens; Caddy, which sets this option too, may bind the same port.
        reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        reserved.bind(("127.0.0.1", 0))
        port: int = reserved.getsockname()[1]
        own = f"""localhost:{port} {{
    bind 127.0.0.1
    tls {folder}/fullchain.pem {folder}/privkey.pem"""
        inner = adapted(block("caddyfile"), {"chat.example {": own, "127.0.0.1:4000": upstream})
        (folder / "Caddyfile").write_text(GLOBAL + inner)
        process = subprocess.Popen(
            [CADDY, "run", "--config", str(folder / "Caddyfile")],
            env={**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder / "data")},
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        with ended(process), process.stderr or nullcontext() as said:
            assert said is not None
            lines = list(takewhile(lambda line: "serving initial configuration" not in line, said))
            assert process.poll() is None, "".join(lines)
            yield Front(trust, port)
