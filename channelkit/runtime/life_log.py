"""The log of an endpoint's life: the first of its instruments."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never, final

from ..instruments import (
    ChannelHandledIn,
    ChannelJoined,
    ChannelLeft,
    SocketConnected,
    SocketDisconnected,
    SocketDrain,
)
from ..wire import PHOENIX
from .log import at, enabled, told, warning

if TYPE_CHECKING:
    from ..instruments import LogLevels, Told

__all__ = ["LifeLog"]


@final
class LifeLog:
    """Logs what it is told, at the levels that the endpoint asks for."""

    def __init__(self, levels: LogLevels) -> None:
        self._levels = levels

    @property
    def hears_events(self) -> bool:
        """Whether every event that is handled makes a line."""
        return enabled(self._levels.handle_in)

    def tell(self, event: Told) -> None:
        """Log it. Topics that begin with "phoenix" are not logged, as in Phoenix."""
        match event:
            case SocketConnected():
                self._connected(event)
            case SocketDisconnected():
                exit_ = told(event.exit)
                at(self._levels.socket, "disconnected", peer=event.peer, id=event.id, exit=exit_)
            case SocketDrain():
                self._drain(event)
            case _ if event.topic.startswith(PHOENIX):
                pass
            case ChannelJoined():
                self._joined(event)
            case ChannelLeft():
                at(self._levels.join, "left", **_member(event), exit=told(event.exit))
            case ChannelHandledIn():
                self._handled(event)
            case _:
                assert_never(event)

    def _connected(self, event: SocketConnected) -> None:
        level = self._levels.socket
        if event.remedy is not None:
            warning(
                "refused",
                peer=event.peer,
                path=event.path,
                status=event.status,
                reason=event.reason,
                sent=event.sent,
                remedy=event.remedy,
            )
        elif not enabled(level):
            pass
        elif event.result == "error":
            at(
                self._levels.socket,
                "refused",
                peer=event.peer,
                path=event.path,
                status=event.status,
                reason=event.reason,
                vsn=event.vsn,
                params=event.params or None,
            )
        else:
            at(
                self._levels.socket,
                "connected",
                peer=event.peer,
                id=event.id,
                path=event.path,
                transport=event.transport,
                vsn=event.vsn,
                params=event.params,
            )

    def _joined(self, event: ChannelJoined) -> None:
        if not enabled(self._levels.join):
            return
        if event.result == "ok":
            at(self._levels.join, "joined", **_member(event), params=event.params)
        else:
            at(
                self._levels.join,
                "join refused",
                **_member(event),
                reason=event.reason,
                params=event.params,
            )

    def _handled(self, event: ChannelHandledIn) -> None:
        if enabled(self._levels.handle_in):
            at(
                self._levels.handle_in,
                "handled",
                **_member(event),
                event=event.event,
                result=event.result,
                reason=event.reason,
                params=event.params,
                seconds=round(event.duration, 4),
            )

    def _drain(self, event: SocketDrain) -> None:
        at(
            self._levels.drain,
            "draining",
            path=event.endpoint,
            sockets=event.count,
            total=event.total,
            round=event.index,
            rounds=event.rounds,
        )


def _member(event: ChannelJoined | ChannelLeft | ChannelHandledIn) -> dict[str, object]:
    """Who it is about."""
    return {"topic": event.topic, "peer": event.peer, "id": event.id}
