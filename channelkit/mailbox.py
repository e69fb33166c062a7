"""The way from the rest of the program to one member. Pure."""

from __future__ import annotations

import weakref
from typing import Generic, Protocol, final

from typing_extensions import TypeVar

__all__ = ["Inbox", "Mailbox"]

Info_contra = TypeVar("Info_contra", contravariant=True, default=object)


class Inbox(Protocol):
    """Where a member's infos wait. The runtime implements it."""

    @property
    def open(self) -> bool:
        """Whether its member can still be told something."""
        ...

    def inform(self, info: object) -> bool:
        """Put an info behind what waits; False where the member ends or has ended."""
        ...


@final
class Mailbox(Generic[Info_contra]):
    """The way to one member, for whatever else runs in this program: `self.mailbox`.

    It may be kept in a set or a dict and passed to other tasks; a member has
    one. It does not keep its member alive, and says so when that is gone. A
    ``Mailbox[object]`` fits wherever a ``Mailbox[Tick]`` is wanted, so who
    keeps mailboxes says what it will put there: ``set[Mailbox[Tick]]``.

    No client can reach it. It belongs to its event loop; from another thread
    use ``endpoint.from_thread.inform(mailbox, info)``.
    """

    __slots__ = ("__weakref__", "_inbox", "_topic")

    def __init__(self, topic: str, inbox: Inbox) -> None:
        self._topic = topic
        self._inbox = weakref.ref(inbox)

    @property
    def topic(self) -> str:
        """The member's topic."""
        return self._topic

    @property
    def open(self) -> bool:
        """Whether the member can still be told something."""
        inbox = self._inbox()
        return inbox is not None and inbox.open

    def inform(self, info: Info_contra) -> bool:
        """Send the member an info, for the `on_info` of its class; returns at once.

        It queues behind what the member has to do. What a member whose join
        is still pending is sent waits for the grant.

        Returns:
            Whether it was put there: not to a member that ends or has ended,
            nor above `Limits.infos`, which ends the member. No promise that it
            will be handled.
        """
        inbox = self._inbox()
        return inbox is not None and inbox.inform(info)

    def __repr__(self) -> str:
        return f"<Mailbox {self._topic!r} {'open' if self.open else 'closed'}>"
