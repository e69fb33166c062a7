"""What can be instrumented: `instrument`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..instruments import Hooks

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..instruments import (
        ChannelHandledIn,
        ChannelJoined,
        ChannelLeft,
        SocketConnected,
        SocketDisconnected,
        SocketDrain,
    )
    from .instruments import Instrument, Instruments

__all__ = ["Instrumented"]


class Instrumented:
    """Tells functions what happens at it.

    Attributes:
        instruments: Those that are told, for the transports and the runtime.
    """

    def __init__(self, instruments: Instruments) -> None:
        self.instruments = instruments

    def instrument(
        self,
        *,
        socket_connected: Callable[[SocketConnected], None] | None = None,
        socket_disconnected: Callable[[SocketDisconnected], None] | None = None,
        channel_joined: Callable[[ChannelJoined], None] | None = None,
        channel_left: Callable[[ChannelLeft], None] | None = None,
        channel_handled_in: Callable[[ChannelHandledIn], None] | None = None,
        socket_drain: Callable[[SocketDrain], None] | None = None,
    ) -> Instrument:
        """Call these functions with what happens at this endpoint, until they are removed.

        They are called in the event loop, one after another, and hold it up
        as long as they take. One that raises harms nobody: that is logged
        once. Several instruments may be installed, at any time; one that
        hears of handled events costs each event a few microseconds.

        Returns:
            The instrument, to remove it; as a ``with`` block it removes itself.

        Raises:
            ValueError: No function is given.
            TypeError: A function is a coroutine function.
        """
        return self.instruments.add(
            Hooks(
                socket_connected=socket_connected,
                socket_disconnected=socket_disconnected,
                channel_joined=channel_joined,
                channel_left=channel_left,
                channel_handled_in=channel_handled_in,
                socket_drain=socket_drain,
            )
        )
