"""The certificate that a peer shows under TLS. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self, final

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Certificate"]


@final
@dataclass(frozen=True, slots=True)
class Certificate:
    """A client's certificate, checked against the server's authorities.

    Attributes:
        der: The whole of it, in DER (X.690).
        subject: Whom it names, by attribute: ``"commonName"``,
            ``"organizationName"``; the last one of a name counts.
        names: Its alternative names, each with its kind: ``("DNS", "example.com")``.
    """

    der: bytes = field(repr=False)
    subject: Mapping[str, str] = field(default_factory=dict[str, str])
    names: tuple[tuple[str, str], ...] = ()

    @classmethod
    def read(cls, der: bytes | None, fields: Mapping[str, Any] | None) -> Self | None:
        """The certificate that Python's ssl module knows; None where there is none.

        Args:
            der: What ``getpeercert(binary_form=True)`` gives.
            fields: What ``getpeercert()`` gives.
        """
        if der is None:
            return None
        known = fields or {}
        subject = {name: value for group in known.get("subject", ()) for name, value in group}
        return cls(der, subject, tuple(known.get("subjectAltName", ())))
