from __future__ import annotations

from typing import Any

import pytest

from channelkit import FilterParameters, LogLevels, SocketConnected
from channelkit.instruments import KINDS, ChannelHandledIn, ChannelJoined, Hooks
from channelkit.masking import Masked, Secrets


def hook(event: object) -> None:
    """Hear of it."""


async def asynchronous(event: object) -> None:
    """Nobody would await it."""


class Awaited:
    """Called like a function, and no better."""

    async def __call__(self, event: object) -> None:
        """Nobody would await it."""


def masked(payload: object) -> Masked:
    return Masked(payload, Secrets(), FilterParameters())


def test_the_hooks_are_called_like_the_events() -> None:
    assert list(KINDS.values()) == list(Hooks.__dataclass_fields__)


def test_an_instrument_without_a_function_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one of socket_connected, "):
        Hooks()


@pytest.mark.parametrize("function", [asynchronous, Awaited()])
def test_a_coroutine_function_is_refused(function: object) -> None:
    with pytest.raises(TypeError, match="channel_joined is called and not awaited"):
        Hooks(channel_joined=function)  # type: ignore[arg-type]  # pyright: ignore


def test_one_function_is_enough() -> None:
    assert Hooks(socket_drain=hook).socket_drain is hook


def test_params_are_shown_masked_and_not_in_the_repr() -> None:
    joined = ChannelJoined(
        duration=0.5,
        endpoint="/socket",
        topic="room:1",
        pattern="room:{id}",
        peer="",
        id=None,
        result="ok",
        masked=masked({"token": "1234", "n": 1}),
    )
    handled = ChannelHandledIn(
        duration=0.5,
        endpoint="/socket",
        topic="room:1",
        pattern="room:{id}",
        peer="",
        id=None,
        event="e",
        ref="1",
        result="ok",
        masked=masked(b"1234"),
    )

    assert joined.params == {"token": "[FILTERED]", "n": 1}
    assert handled.params == "<4 bytes>"
    assert "token" not in repr(joined)


def test_a_request_that_was_never_read_has_no_params() -> None:
    refused = SocketConnected(
        duration=0.0,
        endpoint="/socket",
        path="/socket/websocket",
        transport="websocket",
        peer="",
        result="error",
        status=400,
    )

    assert refused.params == {}


def test_the_option_log_stands_for_levels() -> None:
    nothing = LogLevels(socket=None, join=None, handle_in=None, drain=None)

    assert LogLevels.of(True) == LogLevels()
    assert LogLevels.of(False) == nothing
    assert LogLevels.of(LogLevels(join="debug")) == LogLevels(join="debug")


def test_a_level_that_is_none_is_refused() -> None:
    louder: Any = "loud"

    with pytest.raises(ValueError, match=r"LogLevels.join is debug, info, .* or None, got 'loud'"):
        LogLevels(join=louder)
