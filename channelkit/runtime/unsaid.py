"""What a client is not told, since its version of the wire has no form for it: the log is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..wire import NO_BINARY
from .log import info, warning

if TYPE_CHECKING:
    from ..wire import Reply

__all__ = ["dropped", "unanswered"]


def unanswered(reply: Reply, peer: str) -> None:
    """An error, in a version that has none."""
    response = reply.response
    reason = response.get("reason") if isinstance(response, dict) else None
    info("unanswered", peer=peer, topic=reply.topic, event=reply.ref, reason=reason)


def dropped(topic: str, event: str, peer: str) -> None:
    """A binary push or broadcast."""
    warning("dropped", peer=peer, topic=topic, event=event, reason=NO_BINARY)
