"""What all connections of one endpoint share: table, limits, topics, and who is connected."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, final

from .connection import Connection
from .pool import Pool
from .pubsub import PubSub
from .tracker import Tracker

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ..dispatch import DispatchTable
    from ..draining import Stats
    from ..exits import Exit
    from ..handshake import Welcome
    from ..limits import Limits
    from ..rates import Rate
    from ..serializers import Serializer
    from .bell import Bell
    from .carrier import Carrier
    from .instruments import Instruments

__all__ = ["Hub"]


@final
class Hub(Pool[Connection]):
    """The meeting point of an endpoint's connections on one event loop.

    Attributes:
        rate: How often each of its sockets may push, None for as often as it likes.
    """

    def __init__(
        self,
        table: DispatchTable,
        limits: Limits,
        *,
        rate: Rate | None = None,
        on_disconnect: Callable[[Any, Exit], Awaitable[None]] | None = None,
        hibernate_after: float | None = None,
        instruments: Instruments | None = None,
    ) -> None:
        super().__init__(
            limits,
            on_disconnect=on_disconnect,
            hibernate_after=hibernate_after,
            instruments=instruments,
        )
        self.table = table
        self.rate = rate
        self.pubsub = PubSub()
        self.tracker = Tracker(self.pubsub, limits)

    def opened(
        self,
        carrier: Carrier,
        serializer: Serializer,
        welcome: Welcome,
        *,
        peer: str,
        over: Bell | None = None,
    ) -> Connection:
        """The connection over a carrier, that `connect` has let in; it is still to be run."""
        return Connection(
            self,
            carrier,
            serializer,
            assigns=welcome.assigns,
            id=welcome.id,
            expires=welcome.expires,
            peer=peer,
            over=over,
        )

    def stats(self) -> Stats:
        """What the sockets are and hold now."""
        return replace(super().stats(), topics=len(self.pubsub))
