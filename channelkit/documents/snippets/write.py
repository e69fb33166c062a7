"""All snippets of a contract, for every client. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, final

from .given import Given, Heard, Present
from .kit import KitWriter
from .phoenix import PhoenixWriter
from .python import PythonWriter
from .typescript import TypeScriptWriter

if TYPE_CHECKING:
    from ...contract.form import (
        ChannelContract,
        Contract,
        EndpointContract,
        EventContract,
        PresenceContract,
        PushContract,
    )
    from ..about import About
    from .given import Asked, Called, Joined
    from .snippet import Snippet, Writer

__all__ = ["Snippets"]


@final
class Snippets:
    """The snippets of a contract, in the order in which they are shown.

    Those of a channel stand behind that of its join, which stands behind that of
    its endpoint's connection. The same contract gives the same code.

    Args:
        about: Where the program is served, and what its modules are called.
    """

    def __init__(self, contract: Contract, about: About) -> None:
        self._given = Given(contract)
        self._writers: tuple[Writer, ...] = (
            PhoenixWriter(about),
            TypeScriptWriter(about, contract),
            PythonWriter(about, contract),
            KitWriter(about, contract),
        )

    def connect(
        self, endpoint: EndpointContract, asked: Asked | None = None
    ) -> tuple[Snippet, ...]:
        """How to connect; with these values, or with samples."""
        asked = asked or self._given.asked(endpoint)
        return tuple(writer.connect(asked) for writer in self._writers)

    def join(
        self, endpoint: EndpointContract, channel: ChannelContract, joined: Joined | None = None
    ) -> tuple[Snippet, ...]:
        """How to join a topic; with these values, or with samples."""
        joined = joined or self._given.joined(endpoint, channel)
        return tuple(writer.join(joined) for writer in self._writers)

    def event(
        self, channel: ChannelContract, event: EventContract, called: Called | None = None
    ) -> tuple[Snippet, ...]:
        """How to push an event, and what comes back; with these values, or with samples."""
        called = called or self._given.called(channel, event)
        return tuple(writer.event(called) for writer in self._writers)

    def push(self, channel: ChannelContract, push: PushContract) -> tuple[Snippet, ...]:
        """How to hear of an event."""
        heard = Heard(channel, push)
        return tuple(writer.push(heard) for writer in self._writers)

    def presence(self, channel: ChannelContract, presence: PresenceContract) -> tuple[Snippet, ...]:
        """How to know who is here."""
        present = Present(channel, presence)
        return tuple(writer.presence(present) for writer in self._writers)
