"""A client as the first Phoenix shipped one to browsers (protocol.md A.7), over a real socket."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeAlias, final

from .client import TEXT, Peer, close, frame

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from channelkit.transports.listener import Address

    from .client import Closed

__all__ = ["BEAT", "FirstChannel", "FirstSocket", "message"]

Callback: TypeAlias = Callable[[Any], None]
Joined: TypeAlias = "Callable[[FirstChannel], Awaitable[None]]"

BEAT: dict[str, Any] = {
    "channel": "phoenix",
    "topic": "conn",
    "event": "heartbeat",
    "message": {},
}


def message(event: str, content: object, topic: str = "1", channel: str = "room") -> dict[str, Any]:
    """An envelope, in either direction."""
    return {"channel": channel, "topic": topic, "event": event, "message": content}


@final
class FirstChannel:
    """One joined pair of channel and topic."""

    def __init__(self, socket: FirstSocket, pair: tuple[str, str], content: object) -> None:
        self.pair = pair
        self.content = content
        self._socket = socket
        self._bindings: list[tuple[str, Callback]] = []

    def on(self, event: str, callback: Callback) -> None:
        """Call back at each message of this event."""
        self._bindings.append((event, callback))

    def off(self, event: str) -> None:
        """Call nobody back any more."""
        self._bindings = [each for each in self._bindings if each[0] != event]

    def reset(self) -> None:
        """Forget all callbacks: a join again sets them anew."""
        self._bindings.clear()

    def trigger(self, event: str, content: object) -> None:
        """Tell those who want to know."""
        for name, callback in tuple(self._bindings):
            if name == event:
                callback(content)

    async def send(self, event: str, content: object) -> None:
        """Send an event; nothing is waited for."""
        await self._socket.write(event, content, self.pair)

    async def leave(self, content: object = None) -> None:
        """Leave, and be told nothing any more."""
        await self._socket.leave(self, {} if content is None else content)


@final
class FirstSocket:
    """A connection that can be made again; its owner reads with `hear`, the browser's event loop.

    Attributes:
        heard: Every message that came, in order.
    """

    def __init__(self, address: Address, path: str) -> None:
        self.heard: list[Any] = []
        self._address = address
        self._path = path
        self._channels: list[tuple[FirstChannel, Joined]] = []
        self.peer: Peer

    async def __aenter__(self) -> Self:
        await self.connect()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.peer.__aexit__(kind, error, trace)

    async def connect(self) -> None:
        """Connect, and join again whatever was joined."""
        self.peer = await Peer.connect(self._address)
        await self.peer.open(self._path)
        for channel, joined in tuple(self._channels):
            await self._rejoin(channel, joined)

    async def join(self, channel: str, topic: str, content: object, joined: Joined) -> None:
        """Join; calls back as soon as the join is sent, since no answer comes."""
        made = FirstChannel(self, (channel, topic), content)
        self._channels.append((made, joined))
        await self._rejoin(made, joined)

    async def _rejoin(self, channel: FirstChannel, joined: Joined) -> None:
        channel.reset()
        await self.write("join", channel.content, channel.pair)
        await joined(channel)

    async def leave(self, channel: FirstChannel, content: object) -> None:
        """Send the leave of a channel, and forget it."""
        await self.write("leave", content, channel.pair)
        self._channels = [each for each in self._channels if each[0].pair != channel.pair]

    async def heartbeat(self) -> None:
        """What the browser's timer does every 30 seconds, from 0.5 on."""
        await self.write("heartbeat", {}, ("phoenix", "conn"))

    async def write(self, event: str, content: object, pair: tuple[str, str]) -> None:
        """Send an envelope."""
        channel, topic = pair
        text = json.dumps(message(event, content, topic, channel)).encode()
        await self.peer.send(frame(TEXT, text))

    async def hear(self, count: int = 1) -> list[Any]:
        """Take the next messages, and tell the channels whose channel and topic they name."""
        heard = [await self.peer.message() for _ in range(count)]
        for each in heard:
            assert list(each) == ["channel", "topic", "event", "message"]
            for channel, _ in tuple(self._channels):
                if channel.pair == (each["channel"], each["topic"]):
                    channel.trigger(each["event"], each["message"])
        self.heard += heard
        return heard

    async def quiet(self) -> None:
        """Nothing has come, and nothing comes before the answer to a heartbeat."""
        await self.heartbeat()
        assert await self.hear() == [BEAT]

    async def close(self) -> Closed:
        """Close, as a page does that is left."""
        await self.peer.send(close(1001))
        return await self.peer.closed()
