"""Endpoints that are polled, and what `connect` learns of it."""

from __future__ import annotations

from typing import Literal, assert_type

from channelkit import (
    Channel,
    ConnectInfo,
    Endpoint,
    LongPoll,
    Message,
    RawEndpoint,
    RawSocket,
    Refusal,
    channel,
    on_join,
)
from channelkit.testing import connect as connect_to


class Enter(Message):
    pass


class WebSocketsOnly(Refusal):
    pass


@channel("lobby")
class Lobby(Channel[None]):
    @on_join
    async def join(self, params: Enter) -> None:
        pass


class Echo(RawSocket[None]):
    async def on_frame(self, frame: str | bytes) -> str | bytes | None:
        return frame


async def connect(params: Enter, info: ConnectInfo) -> WebSocketsOnly | None:
    assert_type(info.transport, Literal["websocket", "longpoll"])
    return WebSocketsOnly() if info.transport == "longpoll" else None


polled = Endpoint("/polled", channels=[Lobby], longpoll=True)
patient = Endpoint("/patient", channels=[Lobby], longpoll=LongPoll(window=25.0))
signed = Endpoint("/signed", [Lobby], connect, longpoll=LongPoll(secret="x" * 32))
never = Endpoint("/never", channels=[Lobby], longpoll=False)
raw = RawEndpoint("/raw", Echo, longpoll=True)

assert_type(polled.longpoll, LongPoll | None)


async def main() -> None:
    async with connect_to(signed, info=ConnectInfo(transport="websocket")) as socket:
        await socket.join(Lobby.topic_for(), Lobby.join, Enter())
