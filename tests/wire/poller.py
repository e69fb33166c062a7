"""A client that polls: one connection for its GETs, one for its POSTs, as a browser has."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Self, final

import anyio.lowlevel

from .client import Peer, Response, head

if TYPE_CHECKING:
    from types import TracebackType

    from pydantic import JsonValue

    from channelkit.transports.listener import Address

__all__ = ["NDJSON", "POLL", "Poller", "request"]

POLL = "/socket/longpoll?vsn=2.0.0"
NDJSON = "Content-Type: application/x-ndjson"


def request(method: str, target: str, *headers: str, body: bytes = b"") -> bytes:
    """One HTTP request; a length is given where there is a body."""
    length = [f"Content-Length: {len(body)}"] if body else []
    return head(f"{method} {target} HTTP/1.1", "Host: localhost", *length, *headers) + body


@final
class Poller:
    """One session, or none yet.

    Attributes:
        token: As the last answer gave it; "null" before, as phoenix.js writes it.
    """

    def __init__(self, gets: Peer, posts: Peer, target: str, headers: tuple[str, ...]) -> None:
        self.gets = gets
        self.posts = posts
        self.target = target
        self.headers = headers
        self.token = "null"

    @classmethod
    async def connect(cls, address: Address, *headers: str, target: str = POLL) -> Self:
        """A client that has not asked for anything yet."""
        gets, posts = await Peer.connect(address), await Peer.connect(address)
        return cls(gets, posts, target, headers)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.gets.__aexit__(kind, error, trace)
        await self.posts.__aexit__(kind, error, trace)

    @property
    def url(self) -> str:
        """The path and query of its requests, as phoenix.js makes them."""
        return f"{self.target}{'&' if '?' in self.target else '?'}token={self.token}"

    async def begin(self) -> None:
        """Send a GET, and let the server, which is on the same loop, read it."""
        await self.gets.send(request("GET", self.url, *self.headers))
        await self.settle()

    async def settle(self) -> None:
        """Let the server read and do what was just sent."""
        for _ in range(10):
            await anyio.lowlevel.checkpoint()

    async def ask(self) -> Response:
        """Send a GET, wait for its answer."""
        await self.begin()
        return await self.gets.response()

    async def get(self) -> Any:
        """The same, giving the body; a new token is kept."""
        await self.begin()
        return await self.got()

    async def got(self) -> Any:
        """The body of the answer to the GET that was begun; a new token is kept."""
        response = await self.gets.response()
        assert response.status == 200, response
        answer = response.json()
        self.token = answer.get("token", self.token)
        return answer

    async def open(self) -> str:
        """Open a session; its token."""
        assert await self.get() == {"status": 410, "token": self.token, "messages": []}
        return self.token

    async def heard(self, count: int = 1) -> list[Any]:
        """So many messages, parsed; more of them is a failure."""
        messages: list[Any] = []
        while len(messages) < count:
            messages += await self.heard_now()
        assert len(messages) == count, messages
        return messages

    async def heard_until(self, ref: str) -> list[Any]:
        """The messages up to the one with this ref, which is the last."""
        messages: list[Any] = []
        while not messages or messages[-1][1] != ref:
            messages += await self.heard_now()
        return messages

    async def heard_now(self) -> list[Any]:
        """The messages of one GET, parsed."""
        answer = await self.get()
        assert answer["status"] == 200, answer
        return [json.loads(message) for message in answer["messages"]]

    async def post(self, body: bytes, *headers: str) -> Response:
        """Send a POST, wait for its answer."""
        return await self.posts.ask(request("POST", self.url, *headers, *self.headers, body=body))

    async def say(self, *messages: JsonValue | bytes) -> Any:
        """POST messages as ndjson, bytes as they are; the body of the answer."""
        lines = [
            message if isinstance(message, bytes) else json.dumps(message).encode()
            for message in messages
        ]
        response = await self.post(b"\n".join(lines), NDJSON)
        assert response.status == 200, response
        return response.json()

    async def join(self, topic: str = "room:1") -> None:
        """Join, with "1" as join_ref."""
        assert await self.say(["1", "1", topic, "phx_join", {}]) == {"status": 200}
        (reply,) = await self.heard()
        assert reply[4]["status"] == "ok", reply
