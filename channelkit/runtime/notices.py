"""What the instruments are told of a connection and its members, once it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..instruments import ChannelHandledIn, ChannelJoined, ChannelLeft, SocketDisconnected
from ..wire import JOIN_CRASHED

if TYPE_CHECKING:
    from ..dispatch import EventPlan
    from ..exits import Exit
    from ..member import Member
    from ..payloads import Answer
    from ..wire import Body, Push
    from .carried import Carried
    from .connection import Connection

__all__ = ["tell_disconnected", "tell_handled", "tell_joined", "tell_left"]


def tell_joined(connection: Connection, member: Member, answer: Answer, since: float) -> None:
    """A join was decided; the next one finds out again who listens."""
    instruments, route = connection.hub.instruments, member.match.route
    instruments.refresh()
    status, response = answer
    reason = None if status == "ok" else _reason(response)
    instruments.tell(
        ChannelJoined(
            duration=connection.loop.stopwatch() - since,
            endpoint=instruments.endpoint,
            topic=member.topic,
            pattern=route.pattern.text,
            peer=connection.peer,
            id=connection.id,
            result="crashed" if reason == JOIN_CRASHED else status,
            reason=reason,
            masked=instruments.masked(member.join.payload, route.join.accepts.secrets),
        )
    )


def tell_handled(
    connection: Connection,
    member: Member,
    plan: EventPlan,
    push: Push,
    seconds: float,
    answer: Answer | None,
    *,
    crashed: bool = False,
) -> None:
    """An event was handled, or refused."""
    instruments = connection.hub.instruments
    status, response = answer or ("none", None)
    instruments.tell(
        ChannelHandledIn(
            duration=seconds,
            endpoint=instruments.endpoint,
            topic=member.topic,
            pattern=member.match.route.pattern.text,
            peer=connection.peer,
            id=connection.id,
            event=push.event,
            ref=push.ref,
            result="crashed" if crashed else status,
            reason=_reason(response) if status == "error" else None,
            masked=instruments.masked(push.payload, plan.accepts.secrets),
        )
    )


def tell_left(connection: Connection, member: Member, reason: Exit, since: float) -> None:
    """A member is gone."""
    instruments = connection.hub.instruments
    instruments.tell(
        ChannelLeft(
            duration=connection.loop.stopwatch() - since,
            endpoint=instruments.endpoint,
            topic=member.topic,
            pattern=member.match.route.pattern.text,
            peer=connection.peer,
            id=connection.id,
            exit=reason,
        )
    )


def tell_disconnected(connection: Carried, reason: Exit, since: float) -> None:
    """A connection is over."""
    instruments = connection.pool.instruments
    instruments.tell(
        SocketDisconnected(
            duration=connection.loop.clock() - since,
            endpoint=instruments.endpoint,
            peer=connection.peer,
            id=connection.id,
            exit=reason,
        )
    )


def _reason(response: Body) -> str | None:
    """Why, in one word, as the client reads it."""
    reason = response.get("reason") if isinstance(response, dict) else None
    return reason if isinstance(reason, str) else None
