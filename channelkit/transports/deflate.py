"""permessage-deflate (RFC 7692): what is offered, and what of it an idle socket gives back."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any, Final, cast, final

from websockets.extensions.permessage_deflate import (
    PerMessageDeflate,
    ServerPerMessageDeflateFactory,
)

if TYPE_CHECKING:
    from websockets.server import ServerProtocol

__all__ = ["DEFLATE", "hibernate"]

DEFLATE: Final = ServerPerMessageDeflateFactory(
    server_max_window_bits=12, client_max_window_bits=12, compress_settings={"memLevel": 5}
)
"""Windows of 4 KiB: nearly the ratio of the largest, for a tenth of the memory."""


def hibernate(protocol: ServerProtocol) -> None:
    """Drop the compressor; the next message gets a new one, which refers to none before it.

    The inflating side has nothing to drop: its window is the peer's to refer
    to. Where `client_no_context_takeover` or `server_no_context_takeover` was
    negotiated, websockets lets go of that side behind each message by itself.
    """
    for extension in protocol.extensions:
        if isinstance(extension, PerMessageDeflate) and not extension.local_no_context_takeover:
            # What websockets asks of it is `compress` and then `flush`.
            extension.encoder = cast("Any", _Dormant(extension))


@final
class _Dormant:
    """Stands for a compressor until the next message needs one."""

    __slots__ = ("_extension",)

    def __init__(self, extension: PerMessageDeflate) -> None:
        self._extension = extension

    def compress(self, data: bytes) -> bytes:
        """Make a compressor, put it in our place, and let it work."""
        extension = self._extension
        extension.encoder = encoder = zlib.compressobj(
            wbits=-extension.local_max_window_bits, **extension.compress_settings
        )
        return encoder.compress(data)
