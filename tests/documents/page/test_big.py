"""Big contracts: size and time grow with what there is to tell, and no faster."""

from __future__ import annotations

from typing import Final

from channelkit.documents.page import render

from .big import big_contract

MOST_PER_EVENT: Final = 6_000
"""Bytes of the page for one event, its share of the channel and the contract's JSON included."""


def size(channels: int, events: int = 10) -> int:
    return len(render(big_contract(channels, events)).encode())


def test_each_channel_costs_as_much_as_the_one_before() -> None:
    one, two, three = size(10), size(20), size(30)

    assert abs((three - two) - (two - one)) < 0.02 * (two - one)


def test_two_hundred_channels_of_ten_events_stay_below_a_bound_for_each() -> None:
    whole, frame = size(200), size(0)

    assert (whole - frame) / (200 * 10) < MOST_PER_EVENT
    assert frame < 120_000
