"""Sec-WebSocket-Protocol: the subprotocol that is agreed on, and the token hidden there. Pure."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, cast, final

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = [
    "SUBPROTOCOL",
    "TOKEN_PREFIX",
    "BadTokenError",
    "NotSpokenError",
    "SubprotocolPolicy",
    "auth_token",
]

SUBPROTOCOL: Final = "phoenix"
"""What phoenix.js asks for where it has an auth token, and must get."""

TOKEN_PREFIX: Final = "base64url.bearer.phx."
"""The subprotocol behind which phoenix.js hides the auth token (protocol.md B1c)."""

_NAME = re.compile(r"[-!#$%&'*+.^_`|~0-9A-Za-z]+")


class BadTokenError(ValueError):
    """The auth token, or what is offered beside it, cannot be read."""


class NotSpokenError(ValueError):
    """None of the subprotocols that a client offers is spoken here; its text is those."""


@final
class SubprotocolPolicy:
    """Which subprotocols an endpoint speaks, its favourite first.

    Attributes:
        names: The list, None without one.

    Args:
        names: The list, or None for whoever does not care: then what a client
            offers is ignored, but for phoenix.js's own ``phoenix``.

    Raises:
        ValueError: It is no list of names.
    """

    __slots__ = ("names",)

    def __init__(self, names: Sequence[str] | None) -> None:
        if not (names is None or _is_list(names)):
            raise ValueError(f"subprotocols is a list of names, got {names!r}")
        self.names = None if names is None else tuple(map(_name, names))
        if len(set(self.names or ())) < len(self.names or ()):
            raise ValueError(f"a subprotocol is listed twice in {names!r}")

    def choose(self, offered: Collection[str], *, with_token: bool) -> str | None:
        """The first of the own list that is offered; None where nothing is, or it is ignored.

        Where there is an auth token, ``phoenix`` comes before the list
        (protocol.md B1c): phoenix.js asks for it then, and browsers hang up
        if they do not get what they ask for.

        Raises:
            NotSpokenError: There is a list, and nothing of it is offered.
        """
        names = self.names
        if names is None or with_token:
            names = (SUBPROTOCOL, *(names or ()))
        for name in names:
            if name in offered:
                return name
        if self.names is not None and offered:
            raise NotSpokenError(", ".join(offered))
        return None


def auth_token(offered: Sequence[str]) -> tuple[str | None, list[str]]:
    """The token hidden among the offered subprotocols, and the others.

    Raises:
        BadTokenError: There are two, it is not base64 of UTF-8, or another one is no name.
    """
    hidden = [name for name in offered if name.startswith(TOKEN_PREFIX)]
    others = [name for name in offered if name not in hidden]
    if not all(map(_NAME.fullmatch, others)):
        raise BadTokenError("the subprotocols are no list of names")
    if not hidden:
        return None, others
    if len(hidden) > 1:
        raise BadTokenError("two auth tokens")
    # The standard alphabet without padding, despite the name (protocol.md E.8).
    text = hidden[0].removeprefix(TOKEN_PREFIX).replace("-", "+").replace("_", "/")
    try:
        token = base64.b64decode(text + "=" * (-len(text) % 4), validate=True).decode()
    except ValueError:
        raise BadTokenError("the auth token is not base64 of UTF-8") from None
    return token, others


def _is_list(given: object) -> bool:
    return isinstance(given, Sequence) and not isinstance(given, (str, bytes))


def _name(name: object) -> str:
    known = isinstance(name, str) and _NAME.fullmatch(name) and not name.startswith(TOKEN_PREFIX)
    if not known:
        raise ValueError(f"not a subprotocol: {name!r}; write a name without spaces or commas")
    return cast("str", name)
