"""The mark `here = Presence(Meta)`: itself from the class, the member's own from an instance."""

from __future__ import annotations

from typing import cast

from channelkit import Channel, Message, Presence
from channelkit.dispatch import Fetch
from channelkit.presence import Presence as PurePresence


class Online(Message):
    status: str


class Room(Channel[None]):
    here = Presence(Online)


class Port:
    """As much of a port as presence needs."""

    here = "the member's own"


def test_from_the_class_it_is_the_declaration() -> None:
    assert isinstance(Room.here, PurePresence)
    assert (Room.here.meta, Room.here.fetch) == (Online, None)


def test_it_remembers_its_fetch() -> None:
    fetch = cast("Fetch", print)

    assert Presence(Online, fetch=fetch).fetch is fetch


def test_from_a_member_it_is_what_its_port_offers() -> None:
    member = object.__new__(Room)
    member.__dict__["_port"] = Port()

    assert cast("object", member.here) == "the member's own"
