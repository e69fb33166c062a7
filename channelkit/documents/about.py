"""What a document says about a program that its contract does not know. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from ..contract.form import Contract

__all__ = ["LOCAL", "About"]

LOCAL: Final = "ws://localhost:4000"
"""Where `channelkit run` serves, if nothing else is said."""

SCHEMES: Final = {"http": "ws", "https": "wss"}


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """A program, as its documents introduce it.

    Attributes:
        module: Where snippets of Python have its classes from, as in ``examples.chat``; those of
            TypeScript have them from a module beside them that is called like its last part.
        title: What it is called.
        version: Of its protocol; the beginning of the contract's fingerprint if None.
        url: Where it is served: ``wss://chat.example``, without the path of an endpoint.
    """

    title: str = "Real-time protocol"
    version: str | None = None
    url: str = LOCAL
    module: str = "protocol"

    def version_of(self, contract: Contract) -> str:
        """The version that is told."""
        digest = contract.fingerprint.removeprefix("sha256:")
        return digest[:12] if self.version is None else self.version

    @property
    def scheme(self) -> str:
        """``ws`` or ``wss``."""
        scheme = urlsplit(self.url).scheme
        return SCHEMES.get(scheme, scheme)

    @property
    def host(self) -> str:
        """Its host, with the port where one is named."""
        return urlsplit(self.url).netloc

    @property
    def prefix(self) -> str:
        """The path below which its endpoints are, as behind a proxy; mostly empty."""
        return urlsplit(self.url).path.rstrip("/")

    def address(self, path: str) -> str:
        """The whole address of an endpoint, as phoenix.js takes it."""
        return f"{self.scheme}://{self.host}{self.prefix}{path}"

    def problem(self) -> str | None:
        """What is wrong with the URL, None where it can be used."""
        parts = urlsplit(self.url)
        if self.scheme not in SCHEMES.values() or not parts.netloc or parts.query or parts.fragment:
            return f"expected a URL like wss://chat.example, got {self.url!r}"
        return None
