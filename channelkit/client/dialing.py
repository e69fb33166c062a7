"""From an address to an open WebSocket: the byte stream, TLS, the opening handshake."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast, final

import anyio
from anyio.abc import ByteStream
from anyio.streams.tls import TLSStream
from pydantic_core import from_json
from websockets.client import ClientProtocol
from websockets.exceptions import InvalidStatus
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory
from websockets.protocol import CONNECTING
from websockets.typing import Subprotocol
from websockets.uri import parse_uri

from ..errors import CallFailed, ConnectFailed, Refused
from ..messages import Message
from ..verdicts import declined
from .address import token_subprotocols

if TYPE_CHECKING:
    import ssl

    from pydantic import JsonValue
    from websockets.http11 import Response

    from ..messages import Refusal
    from .address import Address
    from .settings import Settings

__all__ = ["ConnectParams", "Dialer", "Opener", "is_final"]

ConnectParams: TypeAlias = Message | Mapping[str, Any]
"""What `connect` of the endpoint reads."""

Opener: TypeAlias = Callable[[], Awaitable[ByteStream]]
"""Opens the stream of bytes underneath."""

UNREACHABLE: Final = "unreachable"
BAD_HANDSHAKE: Final = "bad handshake"
TIMEOUT: Final = "timeout"
REFUSED: Final = "refused"

_LATER: Final = frozenset({404, 408, 425, 429})
"""Statuses of 4xx that may pass: 404 is what a proxy says while nobody is behind it."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Dialer:
    """Opens connections to one endpoint; each asks for the parameters anew."""

    address: Address
    settings: Settings
    params: ConnectParams | Callable[[], object] | None
    auth_token: str | Callable[[], object] | None
    headers: Mapping[str, str]
    refusals: Sequence[type[Refusal]]
    tls: ssl.SSLContext | None
    deflate: bool
    opener: Opener | None

    async def __call__(self) -> tuple[ByteStream, ClientProtocol]:
        """Open a connection.

        Raises:
            Refused: The server refused, as declared.
            ConnectFailed: There is none for another reason.
            Exception: What a function that gives the parameters or the token raises.
        """
        protocol = await self._protocol()
        try:
            stream = await self._stream()
        except OSError as error:
            raise ConnectFailed(UNREACHABLE) from error
        try:
            await self._shake_hands(stream, protocol)
        except BaseException:
            await anyio.aclose_forcefully(stream)
            raise
        return stream, protocol

    async def _protocol(self) -> ClientProtocol:
        params = await _asked(self.params)
        token = await _asked(self.auth_token)
        target = self.address.target(cast("ConnectParams | None", params))
        offered = None if token is None else token_subprotocols(cast("str", token))
        return ClientProtocol(
            parse_uri(self.address.url(target)),
            extensions=[ClientPerMessageDeflateFactory()] if self.deflate else None,
            subprotocols=None if offered is None else [Subprotocol(name) for name in offered],
            max_size=self.settings.message,
        )

    async def _stream(self) -> ByteStream:
        address = self.address
        if self.opener is not None:
            stream = await self.opener()
        else:
            stream = await anyio.connect_tcp(address.host, address.port)
        if not address.secure:
            return stream
        try:
            return await TLSStream.wrap(
                stream,
                hostname=address.host,
                ssl_context=self.tls,
                standard_compatible=False,  # a WebSocket says by itself when it ends
            )
        except BaseException as error:
            await anyio.aclose_forcefully(stream)
            if isinstance(error, (anyio.EndOfStream, anyio.BrokenResourceError)):
                raise ConnectFailed(UNREACHABLE) from error
            raise

    async def _shake_hands(self, stream: ByteStream, protocol: ClientProtocol) -> None:
        request = protocol.connect()
        for name, value in self.headers.items():
            request.headers[name] = value
        protocol.send_request(request)
        try:
            await stream.send(b"".join(protocol.data_to_send()))
            while protocol.handshake_exc is None and protocol.state is CONNECTING:
                await self._listen(stream, protocol)
        except (anyio.EndOfStream, anyio.BrokenResourceError, OSError) as error:
            raise ConnectFailed(UNREACHABLE) from error
        if protocol.handshake_exc is not None:
            raise self._failure(protocol) from protocol.handshake_exc

    async def _listen(self, stream: ByteStream, protocol: ClientProtocol) -> None:
        try:
            protocol.receive_data(await stream.receive())
        except anyio.EndOfStream:
            protocol.receive_eof()

    def _failure(self, protocol: ClientProtocol) -> Refused | ConnectFailed:
        """Why the handshake failed, typed where that was declared."""
        error = protocol.handshake_exc
        if not isinstance(error, InvalidStatus):
            return ConnectFailed(BAD_HANDSHAKE)
        status, response = error.response.status_code, _json(error.response)
        if not isinstance(response, dict):
            return ConnectFailed(REFUSED, status)
        try:
            return Refused(declined(self.refusals, response))
        except CallFailed as failure:
            return ConnectFailed(failure.reason, status, response)


def is_final(error: Exception) -> bool:
    """Whether a connection that failed so is not tried again: the server has decided."""
    match error:
        case Refused(refusal=refusal):
            status: int | None = type(refusal).__status__
        case ConnectFailed(status=status):
            pass
        case _:
            status = None
    return status is not None and 400 <= status < 500 and status not in _LATER


async def _asked(given: object) -> object:
    """A value, or what a function says now."""
    if callable(given):
        given = given()
    return await given if inspect.isawaitable(given) else given


def _json(response: Response) -> JsonValue:
    try:
        value: JsonValue = from_json(response.body)
    except ValueError:
        return None
    return value
