"""Contracts of any size."""

from __future__ import annotations

from channelkit import Channel, Endpoint, Message, channel, on_event, on_join
from channelkit.contract import Contract, contract_of

__all__ = ["big_contract"]


class Line(Message):
    """A line of many."""

    number: int
    words: str


class Answer(Message):
    """What comes back."""

    line: Line


@channel("one:{id}")
class One(Channel[None, Line]):
    """One of many."""

    id: int

    @on_join
    async def join(self, params: Line) -> Answer:
        return Answer(line=params)

    @on_event("event")
    async def event(self, message: Line) -> Answer:
        """Say a line."""
        return Answer(line=message)


def big_contract(channels: int, events: int = 10) -> Contract:
    """A contract of so many channels, each with so many events."""
    contract = contract_of([Endpoint("/big", [One])])
    (endpoint,) = contract.endpoints
    (channel,) = endpoint.channels
    (event,) = channel.events
    named = [event.model_copy(update={"event": f"event_{number}"}) for number in range(events)]
    many = [
        channel.model_copy(update={"pattern": f"topic_{number}:{{id}}", "events": tuple(named)})
        for number in range(channels)
    ]
    return contract.model_copy(
        update={"endpoints": (endpoint.model_copy(update={"channels": tuple(many)}),)}
    )
