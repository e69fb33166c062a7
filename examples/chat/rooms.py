"""What the chat remembers, in this process only: who sits in which room, and what was said last."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from .messages import Posted

__all__ = ["SEATS", "Room", "Rooms", "Seat"]

HISTORY = 50
SEATS = 50
ROOMS = 200


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Seat:
    """One join's place in a room: two seats are the same only if they are one."""

    name: str
    visitor: str
    number: int
    """In order of arrival."""


class Room:
    """One room. Whoever has been in it longest is its moderator."""

    def __init__(self) -> None:
        self.history: deque[Posted] = deque(maxlen=HISTORY)
        self._seats: dict[str, Seat] = {}
        self._arrivals = 0

    @property
    def moderator(self) -> Seat | None:
        """The oldest seat."""
        return next(iter(self._seats.values()), None)

    @property
    def full(self) -> bool:
        """Whether all seats are taken."""
        return len(self._seats) >= SEATS

    @property
    def empty(self) -> bool:
        """Whether nobody is here."""
        return not self._seats

    def seat_of(self, name: str) -> Seat | None:
        """Who has this name, in whatever case it is written."""
        return self._seats.get(name.casefold())

    def take(self, name: str, visitor: str) -> Seat:
        """Sit down; a seat of the same name keeps its age."""
        holder = self.seat_of(name)
        self._arrivals += holder is None
        number = self._arrivals if holder is None else holder.number
        seat = Seat(name=name, visitor=visitor, number=number)
        self._seats[name.casefold()] = seat
        return seat

    def leave(self, seat: Seat) -> bool:
        """Stand up; False if the seat has been taken over meanwhile."""
        if self.seat_of(seat.name) is not seat:
            return False
        del self._seats[seat.name.casefold()]
        return True

    def said(self, id: str) -> Posted | None:  # noqa: A002  (it is the message's id)
        """What was said under this id, if it is remembered."""
        return next((posted for posted in self.history if posted.id == id), None)


class Rooms:
    """All rooms by name. An empty one is remembered until there are too many."""

    def __init__(self) -> None:
        self._rooms: dict[str, Room] = {}

    def __getitem__(self, name: str) -> Room:
        room = self._rooms.pop(name, None) or Room()
        self._forget_one()
        self._rooms[name] = room  # the last used is the last to be forgotten
        return room

    def _forget_one(self) -> None:
        if len(self._rooms) >= ROOMS:
            oldest = next((name for name, room in self._rooms.items() if room.empty), None)
            self._rooms.pop(oldest or "", None)
