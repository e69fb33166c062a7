from __future__ import annotations

import dataclasses
import math
from typing import Any

import pytest

from channelkit.limits import Limits, checked_seconds


def test_the_defaults_are_those_of_the_documents() -> None:
    assert dataclasses.asdict(Limits()) == {
        "topics": 100,
        "message": 1_048_576,
        "fragments": 1_024,
        "inbox": 64,
        "infos": 1_000,
        "concurrent": 16,
        "presences": 16,
        "presence_window": 0.05,
        "presence_fetch": 5.0,
        "streams": 16,
        "outbox": 1_048_576,
        "outbox_frames": 1_000,
        "high_water": 65_536,
        "too_slow_after": 5.0,
        "stall_timeout": 5.0,
        "slow_handler": 1.0,
        "join": 8.0,
        "leave": 5.0,
        "drain": 5.0,
        "connect": 5.0,
        "handshake": 5.0,
        "closing": 2.0,
        "head": 16_384,
        "headers": 100,
        "body": 1_048_576,
        "polls": 10_000,
        "poll_body": 8_000_000,
        "idle": 60.0,
        "sockets": 100_000,
        "lag": 0.1,
    }


@pytest.mark.parametrize("value", [0, -1, -0.5, math.nan, None])
@pytest.mark.parametrize("name", [field.name for field in dataclasses.fields(Limits)])
def test_a_limit_is_positive(name: str, value: float | None) -> None:
    values: dict[str, Any] = {name: value}

    with pytest.raises(ValueError, match=rf"^Limits\.{name} must be positive$"):
        Limits(**values)


def test_a_limit_may_be_infinite() -> None:
    assert Limits(idle=math.inf).idle == math.inf


def test_limits_are_frozen() -> None:
    limits = Limits()

    with pytest.raises(dataclasses.FrozenInstanceError):
        limits.topics = 5  # type: ignore[misc]


@pytest.mark.parametrize("value", [None, 0.5, 60, math.inf])
def test_a_time_that_may_be_none_is_positive(value: float | None) -> None:
    assert checked_seconds("idle_timeout", value) == value


@pytest.mark.parametrize("value", [0, -1, math.nan])
def test_a_time_that_is_not_positive_is_refused(value: float) -> None:
    text = rf"^idle_timeout is a positive number of seconds or None, got {value}$"
    with pytest.raises(ValueError, match=text):
        checked_seconds("idle_timeout", value)
