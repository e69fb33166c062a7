"""What long-poll requests carry: the session's token, the messages of a POST. Pure."""

from __future__ import annotations

import base64
import hmac
import math
import re
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from typing import Final, NamedTuple, final

from .params import unquoted

__all__ = ["BATCH", "InvalidBatch", "LongPoll", "Posted", "Tokens", "messages_in", "without_token"]

BATCH: Final = 100
"""Messages of one POST; what follows them is ignored, as phoenix.js sends no more (B1b)."""

NDJSON: Final = "application/x-ndjson"

MAX_AGE: Final = 14 * 24 * 3600
"""Seconds that a token is good for, however long its session lasts."""

MIN_SECRET: Final = 20

_PREFIX: Final = "ck1."
_ID: Final = 16
_ISSUED: Final = 8
_MAC: Final = 32
_LINE: Final = re.compile(rb"[^\r\n]+")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class LongPoll:
    """How an endpoint serves clients that cannot use a WebSocket.

    Attributes:
        window: Seconds that a GET waits for something to come. Proxies must
            let a request take longer; phoenix.js gives up after 20.
        secret: What tokens are signed with, at least 20 bytes; one that is
            made when the server starts, if not given.

    Raises:
        ValueError: The window is not positive, or the secret too short.
    """

    window: float = 10.0
    secret: str | bytes | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if not 0 < self.window < math.inf:
            raise ValueError("LongPoll.window must be positive")
        if self.secret is not None and len(self.key(b"")) < MIN_SECRET:
            raise ValueError(f"LongPoll.secret must have at least {MIN_SECRET} bytes")

    def key(self, made: bytes) -> bytes:
        """The secret as bytes; `made` where none was given."""
        secret = made if self.secret is None else self.secret
        return secret.encode() if isinstance(secret, str) else secret


@final
class Tokens:
    """Names sessions to their clients, so that nobody can guess, change or carry one elsewhere.

    Args:
        secret: What is signed with.
        path: The mount: a token is good at no other.
    """

    __slots__ = ("_key", "_scope")

    def __init__(self, secret: bytes, path: str) -> None:
        self._key = secret
        self._scope = b"channelkit long-poll\0" + path.encode() + b"\0"

    def sign(self, session: bytes, now: float) -> str:
        """The token of a session, whose id has 16 bytes.

        Args:
            now: The time of day, in seconds.
        """
        content = session + int(now).to_bytes(_ISSUED)
        signed = base64.urlsafe_b64encode(content + self._mac(content))
        return _PREFIX + signed.rstrip(b"=").decode()

    def verify(self, token: str, now: float) -> bytes | None:
        """The session that a token names; None where it is forged, foreign or too old."""
        signed = _decoded(token.removeprefix(_PREFIX))
        if signed is None or len(signed) != _ID + _ISSUED + _MAC or not _is_token(token):
            return None
        content, mac = signed[:-_MAC], signed[-_MAC:]
        if not hmac.compare_digest(mac, self._mac(content)):
            return None
        session, issued = content[:_ID], int.from_bytes(content[_ID:])
        return None if now - issued > MAX_AGE else session

    def _mac(self, content: bytes) -> bytes:
        return hmac.digest(self._key, self._scope + content, sha256)


def _is_token(text: str) -> bool:
    """Whether it looks like a session's token, whoever has signed it."""
    return text.startswith(_PREFIX)


def without_token(query: str) -> str:
    """A query without the token that phoenix.js adds at its end, ``token=null`` at first.

    A parameter of that name with any other value is the application's, even
    where the client's own follows it.
    """
    parts = query.split("&")
    for index in range(len(parts) - 1, -1, -1):
        name, _, value = (unquoted(text) for text in parts[index].partition("="))
        if name == "token":
            if value == "null" or _is_token(value):
                del parts[index]
            break
    return "&".join(parts)


class Posted(NamedTuple):
    """One message of a POST."""

    data: bytes
    binary: bool = False


class InvalidBatch(ValueError):
    """A message in it is not base64, or too big: nothing of it is taken."""


def messages_in(content_type: str, body: bytes, limit: int) -> list[Posted]:
    """The messages of a POST.

    In ndjson each line is one, text where it begins with ``[``, else base64
    of a binary one. Any other body is one text message.

    Args:
        content_type: The header, empty where there is none.
        limit: Bytes of one message.

    Raises:
        InvalidBatch: See there.
    """
    if content_type.partition(";")[0].strip().lower() != NDJSON:
        messages = [Posted(body)]
    else:
        lines = islice(_LINE.finditer(body), BATCH)
        messages = [_message(line[0]) for line in lines]
    if any(len(message.data) > limit for message in messages):
        raise InvalidBatch("a message is too big")
    return messages


def _message(line: bytes) -> Posted:
    if line.startswith(b"["):
        return Posted(line)
    data = _decoded(line.decode("latin-1"))
    if data is None:
        raise InvalidBatch("a line is neither a JSON array nor base64")
    return Posted(data, binary=True)


def _decoded(text: str) -> bytes | None:
    """The bytes of base64 in either alphabet, padded or not."""
    standard = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(standard + "=" * (-len(standard) % 4), validate=True)
    except ValueError:  # binascii.Error is one, text beyond ASCII another
        return None
