"""websockets' machine of an open connection: how it is made, and what it says in the end."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from websockets.datastructures import Headers
from websockets.http11 import Request
from websockets.protocol import OPEN
from websockets.server import ServerProtocol
from websockets.typing import Subprotocol
from websockets.utils import accept_key

from ..exits import Closed, fault
from .deflate import DEFLATE

if TYPE_CHECKING:
    from ..exits import Exit
    from ..handshake import Accepted
    from ..http import HttpRequest
    from ..limits import Limits

__all__ = ["agreed", "compressing", "plain", "verdict"]

SILENT: Final = logging.Logger("websockets", logging.CRITICAL)
"""websockets would log every connection, and with DEBUG on every frame, secrets and all."""


def plain(limits: Limits) -> ServerProtocol:
    """The machine of a connection that no extension was agreed for: it starts out open."""
    return ServerProtocol(state=OPEN, max_size=limits.message, logger=SILENT)


def agreed(request: HttpRequest, accepted: Accepted) -> bytes:
    """The answer that opens a connection without extensions (RFC 6455 §4.2.2).

    All that a request could be refused for was looked at before.
    """
    lines = [
        "HTTP/1.1 101 Switching Protocols",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Accept: {accept_key(request.headers['sec-websocket-key'])}",
    ]
    if accepted.subprotocol is not None:
        lines.append(f"Sec-WebSocket-Protocol: {accepted.subprotocol}")
    return "\r\n".join([*lines, "", ""]).encode("ascii")


def compressing(
    request: HttpRequest, accepted: Accepted, limits: Limits
) -> tuple[ServerProtocol, bytes] | None:
    """The machine of a client that offers extensions, and the answer; None where there is none.

    One parser of requests decides, and `Exchange` has read this one; so the
    machine starts out open, too, and `accept` negotiates.
    """
    subprotocol = accepted.subprotocol
    protocol = ServerProtocol(
        extensions=[DEFLATE],
        subprotocols=None if subprotocol is None else [Subprotocol(subprotocol)],
        state=OPEN,
        max_size=limits.message,
        logger=SILENT,
    )
    answer = protocol.accept(Request(request.target, Headers(request.headers.fields())))
    return (protocol, answer.serialize()) if answer.status_code == 101 else None


def verdict(protocol: ServerProtocol) -> Exit:
    """Why a connection is no longer open."""
    if protocol.close_rcvd is not None and protocol.parser_exc is None:
        return Closed(protocol.close_rcvd.code, protocol.close_rcvd.reason)
    assert protocol.close_sent is not None
    return fault(int(protocol.close_sent.code))
