"""Instruments, and secrets."""

from __future__ import annotations

from typing import Annotated, assert_type

from pydantic import JsonValue

from channelkit import (
    ChannelHandledIn,
    ChannelJoined,
    ChannelLeft,
    Endpoint,
    FilterParameters,
    LogLevels,
    Message,
    Secret,
    SocketConnected,
    SocketDisconnected,
    SocketDrain,
)
from channelkit.exits import Exit, Left
from tests.typing.accepted.endpoints import Free


class Login(Message):
    pin: Annotated[str, Secret()]
    answers: list[Annotated[str, Secret()]]


login = Login(pin="1", answers=[])
assert_type(login.pin, str)

endpoint = Endpoint(
    "/socket",
    [Free],
    filter_parameters=FilterParameters.adding("iban"),
    log=LogLevels(join=None, handle_in="info"),
)
quiet = Endpoint("/quiet", [Free], log=False)


class Metrics:
    """Methods are functions."""

    def joined(self, event: ChannelJoined) -> None:
        assert_type(event.params, JsonValue)
        assert_type(event.duration, float)

    def anything(self, event: object) -> None: ...


def connected(event: SocketConnected) -> None:
    match event.result:
        case "ok":
            assert_type(event.params, JsonValue)
        case "error":
            assert_type(event.status, int | None)


def left(event: ChannelLeft) -> None:
    reason: Exit = event.exit
    if isinstance(reason, Left):
        assert_type(reason, Left)


def handled(event: ChannelHandledIn) -> None:
    assert_type(event.event, str)


def over(event: SocketDisconnected) -> None: ...


def drained(event: SocketDrain) -> None:
    assert_type(event.count, int)


async def main() -> None:
    metrics = Metrics()
    instrument = endpoint.instrument(
        socket_connected=connected,
        socket_disconnected=over,
        channel_joined=metrics.joined,
        channel_left=left,
        channel_handled_in=handled,
        socket_drain=drained,
    )
    instrument.remove()
    events: list[object] = []
    with endpoint.instrument(channel_joined=metrics.anything):
        endpoint.instrument(channel_joined=events.append, socket_drain=lambda one: drained(one))
