"""Which web pages may open a socket here: the origin policy. Pure."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from .http import HttpRequest

__all__ = ["DEFAULT_PORTS", "Origin", "OriginPolicy", "Origins", "split_host"]

DEFAULT_PORTS: Final = {"http": 80, "https": 443, "ws": 80, "wss": 443}

_HOST = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[-0-9A-Za-z._~%!$&'()*+,;=]+)(?::[0-9]{0,5})?")


@final
@dataclass(frozen=True, slots=True)
class Origin:
    """Where a page comes from, for a policy that is a function.

    Attributes:
        text: The Origin header as it came.
        scheme: ``"https"``, in lower case; None where there is none.
        host: In lower case; None for what has no host: ``null``, ``file://`` and junk.
        port: The port, or the scheme's own; None where neither is known.
    """

    text: str
    scheme: str | None = None
    host: str | None = None
    port: int | None = None

    def __str__(self) -> str:
        return self.text


Origins: TypeAlias = bool | Literal["conn"] | Sequence[str] | Callable[[Origin], bool]
"""What `Endpoint(origins=...)` takes; see `OriginPolicy`."""


@final
class OriginPolicy:
    """Checks the Origin header (protocol.md B1c); without that header everybody passes.

    Browsers always send it, so this keeps other sites' pages from using the
    cookies of a visitor; a program can write there what it likes.

    Args:
        origins: True: the page's host must be the one in the request's Host
            header, whatever the scheme and port. ``"conn"``: scheme, host and
            port must all be the request's. False: every origin. A list: one
            of these, each a URL without a path. Its scheme and port may
            be left out (``//example.com``), which allows any; a scheme alone
            stands for its default port. ``*.`` before a host allows the host
            and all below it. A function: it is given the `Origin`, also one
            without a host, and says True or False; it must not wait.

    Raises:
        ValueError: It is none of these, or an entry of the list is no origin.
    """

    __slots__ = ("_allowed", "_any", "_asks", "_exact", "_own", "_served")

    def __init__(self, origins: Origins) -> None:
        self._any = origins is False
        self._exact = origins == "conn"
        self._own = origins is True or self._exact
        self._served = False
        self._allowed: tuple[Origin, ...] = ()
        self._asks: Callable[[Origin], object] | None = None
        if isinstance(origins, bool) or self._exact:
            return
        if callable(origins):
            self._asks = _askable(origins)
        elif _is_list(origins):
            self._allowed = tuple(map(_entry, origins))
        else:
            raise ValueError(
                f'origins is True, False, "conn", a list or a function, got {origins!r}'
            )

    def with_served(self) -> OriginPolicy:
        """The same, that also lets in the pages of the host and port that are asked.

        Their scheme may be another, because a proxy in front may speak TLS.
        """
        policy = copy(self)
        policy._served = True
        return policy

    def allows(self, request: HttpRequest) -> bool:
        """Whether the page that the request comes from may connect.

        Raises:
            TypeError: The policy's function says neither True nor False.
            Exception: Whatever that function raises.
        """
        text = request.headers.get("origin")
        if text is None or self._any:
            return True
        came = _parsed(text)
        if self._served and _is_served(came, request):
            return True
        if self._asks is not None:
            return _answered(self._asks(came))
        if came.host is None:
            return False
        if not self._own:
            return any(_matches(allowed, came) for allowed in self._allowed)
        own = split_host(request.headers.get("host", ""))
        if own is None or came.host != own[0]:
            return False
        port = own[1] or DEFAULT_PORTS[request.scheme]
        return not self._exact or (came.scheme, came.port) == (request.scheme, port)


def _is_served(came: Origin, request: HttpRequest) -> bool:
    own = split_host(request.headers.get("host", ""))
    if own is None or came.host is None or came.scheme not in ("http", "https"):
        return False
    return (came.host, came.port) == (own[0], own[1] or DEFAULT_PORTS[came.scheme])


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


def _is_list(given: object) -> bool:
    return isinstance(given, Sequence) and not isinstance(given, (str, bytes))


def _parsed(text: str) -> Origin:
    """An origin with its port; without a host for ``null``, ``file://`` and junk."""
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        return Origin(text)
    scheme = parts.scheme or None
    return Origin(text, scheme, host or None, port or DEFAULT_PORTS.get(scheme or ""))


def _entry(entry: object) -> Origin:
    """An entry of the list; its host may begin with ``*.``."""
    origin = _parsed(entry) if isinstance(entry, str) else Origin("")
    if origin.host is None or "*" in origin.host.removeprefix("*.") or not _bare(origin.text):
        raise ValueError(
            f"not an origin: {entry!r}; write https://example.com, //example.com or //*.example.com"
        )
    return origin


def _bare(text: str) -> bool:
    """Whether a URL holds no more than an origin does; a last slash is forgiven."""
    parts = urlsplit(text)
    more = (parts.username, parts.password, parts.query, parts.fragment)
    return parts.path in ("", "/") and not any(more)


def _matches(allowed: Origin, came: Origin) -> bool:
    """Compare part by part, and hosts by label: ``*.ex.com`` is not ``prefix-ex.com``."""
    if allowed.scheme not in (None, came.scheme) or allowed.port not in (None, came.port):
        return False
    host, wanted = came.host or "", allowed.host or ""
    if not wanted.startswith("*."):
        return host == wanted
    return host == wanted[2:] or host.endswith(wanted[1:])


def _askable(policy: Callable[..., object]) -> Callable[[Origin], object]:
    """A function that can be asked about an origin."""
    called = getattr(policy, "__call__", None)  # noqa: B004  (an object may be async only there)
    if any(map(inspect.iscoroutinefunction, (policy, called))):
        raise ValueError("the origins function is async; it must answer at once, so make it a def")
    try:
        inspect.signature(policy).bind(Origin(""))
    except TypeError as error:
        raise ValueError(
            f"the origins function cannot be called with an origin: {error}; "
            "write  def allowed(origin: Origin) -> bool"
        ) from None
    except (ValueError, NameError):  # a builtin without a signature; unreadable annotations
        pass
    return policy


def _answered(answer: object) -> bool:
    if isinstance(answer, bool):
        return answer
    raise TypeError(
        f"the origins function returned {type(answer).__name__}; it must return True or False"
    )
