"""A random life of several sockets: nothing acknowledged is lost, nothing is left."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

import anyio
import anyio.lowlevel

from channelkit import Limits
from channelkit.wire import Broadcast, Push, Reply

from .hall import Books, Hall, Note, Told, dial

if TYPE_CHECKING:
    from collections.abc import Callable

    from channelkit import Endpoint
    from channelkit.testing import ClientSocket
    from channelkit.wire import Ref

    from .faults import Faults

__all__ = ["LIMITS", "live"]

TOPICS = ["hall:a", "hall:b"]
LIMITS = Limits(inbox=6, topics=3, concurrent=2)
IN_ORDER = ("tell", "whisper")


@dataclass
class Client:
    """One socket and what it asked for."""

    socket: ClientSocket
    name: int
    asked: dict[Ref, tuple[str, int, str]] = field(
        default_factory=dict["Ref", tuple[str, int, str]]
    )
    blocked: bool = False


class Life:
    """Does random things, with numbers that are never used twice."""

    def __init__(self, random: Random, dialled: Callable[[], ClientSocket]) -> None:
        self.random = random
        self.all: list[Client] = []
        self.number = 0
        self._dialled = dialled

    def dial(self) -> Client:
        """One more socket."""
        self.all.append(client := Client(self._dialled(), len(self.all)))
        return client

    def step(self, client: Client) -> Client:
        """Do one thing; gives the client to go on with."""
        socket, topic = client.socket, self.random.choice(TOPICS)
        match self.random.choices(["join", "event", "leave", "rare", "block"], [3, 12, 1, 1, 1])[0]:
            case "join":
                ref = f"j{self.fresh()}"
                socket.push(topic, "phx_join", {"patience": self.random.randrange(4)}, join_ref=ref)
            case "event":
                event = self.random.choice(["tell", "whisper", "beside", "count"])
                self._ask(client, topic, event)
            case "leave":
                socket.push(topic, "phx_leave", {})
            case "block":
                client.blocked = not client.blocked
                (socket.carrier.block if client.blocked else socket.carrier.unblock)()
            case _:
                end = self.random.choice(["crash", "stop", "hang_up", "drop", "close"])
                if end in ("drop", "close"):
                    (socket.drop if end == "drop" else socket.close)()
                    return self.dial()
                self._ask(client, topic, end)
        return self.dial() if socket.carrier.closed is not None else client

    def _ask(self, client: Client, topic: str, event: str) -> None:
        number = self.fresh()
        push = client.socket.push(topic, event, {"n": number}, ref=f"e{number}")
        client.asked[push.ref] = (event, number, topic)

    def fresh(self) -> int:
        """A number that was never used."""
        self.number += 1
        return self.number


async def live(
    seed: int, endpoint: Endpoint[Books], faults: Faults | None = None, *, steps: int = 600
) -> Books:
    """A life of four sockets at a time, so many steps long; then nothing may be lost or left.

    Args:
        faults: What goes wrong meanwhile; to be told of the connections.
    """
    random, books = Random(seed), Books()
    if faults is not None:
        books.fault = faults.in_handler
    alive: list[Client] = []
    server = anyio.create_task_group()

    def dialled() -> ClientSocket:
        scope = anyio.CancelScope()
        socket = dial(endpoint, books, server, scope, socket_id="x")
        if faults is not None and socket.carrier.connection is not None:
            faults.scopes[socket.carrier.connection] = scope
        return socket

    life = Life(random, dialled)
    async with server:
        current = [life.dial() for _ in range(4)]
        for _ in range(600):
            index = random.randrange(len(current))
            current[index] = life.step(current[index])
            if random.random() < 0.02:
                endpoint.inform("hall:a", Note(n=0))
                await endpoint.broadcast(Hall.topic_for(name="b"), Told(n=life.fresh()))
            if random.random() < 0.005:
                endpoint.disconnect("x")
            for _ in range(random.choice([0, 0, 1, 2, 5])):
                await anyio.lowlevel.checkpoint()
        for client in life.all:
            client.socket.carrier.unblock()
        await anyio.wait_all_tasks_blocked()
        alive += [client for client in life.all if _lives(client.socket)]
        for client in life.all:
            client.socket.drop()

    assert books.open == 0
    for client in life.all:
        _check(client, books)
    for client in alive:
        _check_answered(client, books)
    assert sorted(number for number, _ in books.left) == books.granted
    assert (len(endpoint.hub.connections), len(endpoint.hub.pubsub)) == (0, 0)
    return books


def _check(client: Client, books: Books) -> None:
    answered: dict[str, list[int]] = {topic: [] for topic in TOPICS}
    refs: list[Ref] = []
    told: list[int] = []
    counted: dict[Ref, int] = {}
    whispered: list[int] = []
    ended: set[Ref] = set()
    for one in client.socket.received:
        match one:
            case Reply(ref=ref, status=status, topic=topic):
                refs.append(ref)
                if ref in client.asked and status == "ok":
                    event, number, asked_of = client.asked[ref]
                    assert topic == asked_of
                    assert number in books.handled  # acknowledged, so it was done
                    if event in IN_ORDER:
                        answered[topic].append(number)
            case Broadcast(event="told", payload={"n": int(n)}):
                told.append(n)
            case Push(event="phx_close" | "phx_error", join_ref=ref):
                assert ref not in ended
                ended.add(ref)
            case Push(event="whispered", join_ref=ref, payload={"n": int(n)}):
                assert ref not in ended
                whispered.append(n)
            case Push(event="counted", ref=ref, payload={"n": int(n)}):
                assert n == counted.get(ref, 0) + 1
                assert ref not in refs  # nothing of a stream follows its reply
                counted[ref] = n
            case _:
                pass
    assert len(refs) == len(set(refs))  # at most one reply each
    assert all(numbers == sorted(numbers) for numbers in answered.values())
    assert len(told) == len(set(told))
    assert len(whispered) == len(set(whispered))


def _check_answered(client: Client, books: Books) -> None:
    """Every push of a live connection has its answer, but one that raised."""
    refs = [one.ref for one in client.socket.received if isinstance(one, Reply)]
    asked = [
        ref
        for ref, (event, number, _) in client.asked.items()
        if event != "crash" and number not in books.raised
    ]
    assert [ref for ref in asked if ref not in refs] == []


def _lives(socket: ClientSocket) -> bool:
    connection = socket.carrier.connection
    return connection is not None and connection.exit is None
