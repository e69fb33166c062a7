"""Which web pages may open a socket here: the origin policy. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple, final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["OriginPolicy", "split_host"]

DEFAULT_PORTS: Final = {"http": 80, "https": 443, "ws": 80, "wss": 443}

_HOST = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[-0-9A-Za-z._~%!$&'()*+,;=]+)(?::[0-9]{0,5})?")


class _Origin(NamedTuple):
    """An origin; in a policy, None stands for any."""

    scheme: str | None
    host: str
    port: int | None


@final
class OriginPolicy:
    """Checks the Origin header (protocol.md B1c); without that header everybody passes.

    Browsers always send it, so this keeps other sites' pages from using the
    cookies of a visitor; a program can write there what it likes.

    Args:
        origins: True: the page's host must be the one in the request's Host
            header, whatever the scheme and port. False: every origin. A list:
            one of these, each a URL without a path. Its scheme and port may
            be left out (``//example.com``), which allows any; a scheme alone
            stands for its default port. ``*.`` before a host allows the host
            and all below it.

    Raises:
        ValueError: An entry of the list is no origin.
    """

    __slots__ = ("_allowed", "_any")

    def __init__(self, origins: bool | Sequence[str]) -> None:
        if isinstance(origins, str):
            raise ValueError(f"origins is True, False or a list, got {origins!r}")  # noqa: TRY004  (as all mistakes in it)
        self._any = origins is False
        self._allowed = None if isinstance(origins, bool) else tuple(map(_entry, origins))

    def allows(self, origin: str | None, host: str | None) -> bool:
        """Whether a page of this origin may connect to this Host."""
        if origin is None or self._any:
            return True
        came = _parsed(origin)
        if came is None:
            return False
        if self._allowed is None:
            own = None if host is None else split_host(host)
            return own is not None and came.host == own[0]
        return any(_matches(allowed, came) for allowed in self._allowed)


def split_host(host: str) -> tuple[str, int | None] | None:
    """The name in a Host header, in lower case, and its port; None for what is no host."""
    if _HOST.fullmatch(host) is None:
        return None
    try:
        parts = urlsplit(f"//{host}")
        name, port = parts.hostname, parts.port
    except ValueError:  # a port above 65535, or no IPv6 address between the brackets
        return None
    return name or "", port


def _parsed(origin: str) -> _Origin | None:
    """An origin with its port, None for what has no host: ``null``, ``file://`` and junk."""
    try:
        parts = urlsplit(origin)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if not host:
        return None
    scheme = parts.scheme or None
    return _Origin(scheme, host, port or DEFAULT_PORTS.get(scheme or ""))


def _entry(text: str) -> _Origin:
    """An entry of the list; its host may begin with ``*.``."""
    origin = _parsed(text)
    if origin is None or "*" in origin.host.removeprefix("*."):
        raise ValueError(
            f"not an origin: {text!r}; write https://example.com, //example.com or //*.example.com"
        )
    return origin


def _matches(allowed: _Origin, came: _Origin) -> bool:
    """Compare part by part, and hosts by label: ``*.ex.com`` is not ``prefix-ex.com``."""
    if allowed.scheme not in (None, came.scheme) or allowed.port not in (None, came.port):
        return False
    if not allowed.host.startswith("*."):
        return came.host == allowed.host
    return came.host == allowed.host[2:] or came.host.endswith(allowed.host[1:])
