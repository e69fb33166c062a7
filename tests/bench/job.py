"""The typed job done by hand, as the peers do it: what a program without channelkit writes.

A frame is one JSON object, ``{"event", "ref", "topic", "payload"}``. Every frame
is validated, every answer and every broadcast is a new model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Generic, Literal, TypeVar, assert_never

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

__all__ = ["Client"]

C = TypeVar("C")


class Body(BaseModel):
    """What both events carry, in either direction."""

    body: Annotated[str, Field(max_length=1024 * 1024)]
    n: int


class Join(BaseModel):
    """Enter a topic."""

    event: Literal["join"]
    ref: int
    topic: str


class Echo(BaseModel):
    """Have a payload sent back."""

    event: Literal["echo"]
    ref: int
    topic: str
    payload: Body


class Bcast(BaseModel):
    """Have a payload sent to everybody."""

    event: Literal["bcast"]
    ref: int
    topic: str
    payload: Body


class Reply(BaseModel):
    """The answer to the message with this ref."""

    event: Literal["reply"] = "reply"
    ref: int | None
    status: Literal["ok", "error"] = "ok"
    payload: Body | None = None


class Posted(BaseModel):
    """What everybody in the topic gets."""

    event: Literal["bcast"] = "bcast"
    topic: str
    payload: Body


INCOMING: TypeAdapter[Join | Echo | Bcast] = TypeAdapter(
    Annotated[Join | Echo | Bcast, Field(discriminator="event")]
)


class Client(Generic[C]):
    """One connection: what it joined, and what its messages cause.

    Args:
        connection: What stands for the client in a topic's set of members.
        topics: The members of every topic, shared by all clients.
        send_all: Sends one text to many connections.
    """

    def __init__(
        self,
        connection: C,
        topics: dict[str, set[C]],
        send_all: Callable[[Collection[C], str], None],
    ) -> None:
        self._connection = connection
        self._topics = topics
        self._send_all = send_all
        self._joined: set[str] = set()

    def receive(self, text: str | bytes) -> str:
        """Handle a message; what comes back is its answer."""
        try:
            message = INCOMING.validate_json(text)
        except ValidationError:
            return Reply(ref=None, status="error").model_dump_json()
        if message.event != "join" and message.topic not in self._joined:
            return Reply(ref=message.ref, status="error").model_dump_json()
        return self._handle(message).model_dump_json()

    def _handle(self, message: Join | Echo | Bcast) -> Reply:
        match message:
            case Echo(ref=ref, payload=payload):
                return Reply(ref=ref, payload=Body(body=payload.body, n=payload.n))
            case Bcast(ref=ref, topic=topic, payload=payload):
                posted = Posted(topic=topic, payload=Body(body=payload.body, n=payload.n))
                self._send_all(self._topics[topic], posted.model_dump_json())
                return Reply(ref=ref)
            case Join(ref=ref, topic=topic):
                self._topics.setdefault(topic, set()).add(self._connection)
                self._joined.add(topic)
                return Reply(ref=ref)
            case _:
                assert_never(message)

    def gone(self) -> None:
        """Leave every topic."""
        for topic in self._joined:
            self._topics[topic].discard(self._connection)
