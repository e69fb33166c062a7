"""The chat: one channel, its endpoint, and the server that serves its page too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from pydantic import StringConstraints

from channelkit import (
    Channel,
    Endpoint,
    Exit,
    Ok,
    Presence,
    Server,
    after_join,
    channel,
    on_event,
    on_info,
    on_join,
    on_leave,
    static,
)
from channelkit.js import JAVASCRIPT

from .messages import (
    Accepted,
    Arrived,
    Departed,
    Hello,
    JoinRoom,
    Keystroke,
    Kick,
    NameTaken,
    NewMsg,
    NoSuchMember,
    Posted,
    Removed,
    RoomFull,
    Seated,
    Typing,
    Visitor,
    Welcome,
)
from .rooms import SEATS, Rooms, Seat

__all__ = ["ChatRoom", "endpoint", "server"]

PAGE = Path(__file__).with_name("page")

rooms = Rooms()


@dataclass(frozen=True, slots=True)
class Vacate:
    """An info: the member on this seat has to go."""

    seat: Seat
    by: str | None


def is_moderator(member: ChatRoom) -> bool:
    """Whether this member may remove others."""
    return member.room.moderator is member.seat


@channel("room:{name}")
class ChatRoom(Channel[Visitor, Posted | Typing | Arrived | Departed | Removed]):
    """A room to talk in. Whoever has been here longest may remove others."""

    name: Annotated[str, StringConstraints(max_length=40)]
    here = Presence(Seated)

    @on_join
    async def join(self, params: JoinRoom) -> Welcome | NameTaken | RoomFull:
        """Take a seat. A visitor whose old connection still holds the name takes that over."""
        self.room = rooms[self.name]
        holder = self.room.seat_of(params.name)
        if holder is None and self.room.full:
            return RoomFull(limit=SEATS)
        if holder is not None and holder.visitor != self.assigns.id:
            return NameTaken(name=holder.name)
        self.is_new = holder is None
        if holder is not None:
            endpoint.inform(self.topic, Vacate(holder, by=None))
        self.removed_by: str | None = None
        self.seat = self.room.take(params.name, self.assigns.id)
        return Welcome(you=params.name, history=list(self.room.history))

    @after_join
    async def arrived(self) -> None:
        """Be here, and tell the others, unless the seat only changed its connection."""
        self.here.track(self.seat.name, Seated(seat=self.seat.number))
        await self.here.push_state()
        if self.is_new:
            await self.broadcast_from(Arrived(name=self.seat.name))

    @on_event("new_msg")
    async def new_msg(self, message: NewMsg) -> Accepted:
        """Say something to everybody in the room, once."""
        posted = self.room.said(message.id)
        if posted is None:
            user, now = self.seat.name, datetime.now(UTC)
            posted = Posted(id=message.id, user=user, body=message.body, at=now)
            self.room.history.append(posted)
            await self.broadcast(posted)
        return Accepted(at=posted.at)

    @on_event("typing")
    async def typing(self, message: Keystroke) -> None:
        """Show the others that this member is typing."""
        await self.broadcast_from(Typing(name=self.seat.name))

    @on_event("kick", allow=is_moderator)
    async def kick(self, message: Kick) -> Ok | NoSuchMember:
        """Remove a member."""
        seat = self.room.seat_of(message.name)
        if seat is None:
            return NoSuchMember(name=message.name)
        endpoint.inform(self.topic, Vacate(seat, by=self.seat.name))
        return Ok()

    @on_info
    async def vacate(self, info: Vacate) -> None:
        """Go, if it is this member who has to."""
        if info.seat is self.seat:
            self.removed_by = info.by
            await self.push(Removed(by=info.by))
            self.stop()

    @on_leave
    async def left(self, reason: Exit) -> None:
        """Give the seat back and tell the others."""
        if self.room.leave(self.seat):
            await self.broadcast_from(Departed(name=self.seat.name, removed_by=self.removed_by))


async def connect(params: Hello) -> Visitor:
    """Let every visitor in."""
    return Visitor(id=params.visitor)


endpoint: Endpoint[Visitor] = Endpoint("/socket", channels=[ChatRoom], connect=connect)
server = Server(endpoint, http={"/": static(PAGE), "/channelkit.js": static(JAVASCRIPT)})
