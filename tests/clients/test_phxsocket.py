"""phxsocket as PyPI has it, in conversation with a running server: threads, version 1.0.0.

It counts its refs from the number 0, not a string, and sends no join_ref.
"""

from __future__ import annotations

import threading
import urllib.request
from contextlib import suppress
from queue import Queue
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import uuid4

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..browser.server import ExampleServer

pytestmark = [
    pytest.mark.slow,
    # Its heartbeat's thread may find the client closed between its look and its push.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning"),
]

phxsocket: Any = pytest.importorskip("phxsocket")

PATIENCE = 10.0
T = TypeVar("T")


def within_patience(act: Callable[[], T]) -> T:
    """What it returns; phxsocket itself waits for ever."""
    done: Queue[tuple[T | None, Exception | None]] = Queue()

    def run() -> None:
        try:
            done.put((act(), None))
        except Exception as error:
            done.put((None, error))

    threading.Thread(target=run, daemon=True).start()
    result, error = done.get(timeout=PATIENCE)
    if error is not None:
        raise error
    return result  # type: ignore[return-value]  # no error: it returned


class Phx:
    """Clients of one server, closed when the test is over."""

    def __init__(self, server: ExampleServer) -> None:
        self.server = server
        self._clients: list[Any] = []

    def client(self, **params: str) -> Any:
        """A client that is not connected yet."""
        address = self.server.address.replace("http", "ws")
        client = phxsocket.Client(f"{address}/socket/websocket", params)
        self._clients.append(client)
        return client

    def connected(self, **params: str) -> Any:
        """A client that is."""
        client = self.client(**params)
        assert within_patience(client.connect)
        return client

    def joined(self, topic: str, **params: str) -> Any:
        """A channel of a client of its own, joined."""
        channel = self.connected().channel(topic, params)
        assert within_patience(channel.join) == {}
        return channel

    def close(self) -> None:
        for client in self._clients:
            client.on_close = None
            # Its thread has ended already, or is about to.
            with suppress(phxsocket.client.SocketClosedError, RuntimeError):
                within_patience(client.close)


@pytest.fixture
def phx(server: ExampleServer) -> Iterator[Phx]:
    made = Phx(server)
    yield made
    made.close()


@pytest.fixture
def topic() -> str:
    return f"echo:{uuid4()}"


def reply(channel: Any, event: str, payload: object) -> object:
    """What a push is answered with."""
    return within_patience(channel.push(event, payload, reply=True).wait_for_response)


def heard(channel: Any, event: str) -> Queue[Any]:
    """What the channel is sent under an event."""
    letters: Queue[Any] = Queue()
    channel.on(event, letters.put)
    return letters


def closes(client: Any) -> Queue[Any]:
    """Each close of the client."""
    letters: Queue[Any] = Queue()
    client.on_close = letters.put
    return letters


def test_it_joins_pushes_and_is_answered(phx: Phx, topic: str) -> None:
    channel = phx.joined(topic)

    assert reply(channel, "echo", {"n": [1, None]}) == {
        "status": "ok",
        "response": {"n": [1, None]},
    }
    assert reply(channel, "error", {}) == {"status": "error", "response": {"reason": "bad"}}


@pytest.mark.parametrize(
    ("channel", "reason"), [("room", "unauthorized"), ("nowhere", "unmatched topic")]
)
def test_a_refused_join_raises_and_says_why(phx: Phx, channel: str, reason: str) -> None:
    refused = phx.connected().channel(f"{channel}:{uuid4()}", {"token": "no"})

    with pytest.raises(phxsocket.channel.ChannelConnectError, match=reason):
        within_patience(refused.join)


def test_it_hears_pushes(phx: Phx, topic: str) -> None:
    channel = phx.joined(topic)
    pushed = heard(channel, "pushed")

    assert reply(channel, "push_me", {"n": 1}) == {"status": "ok", "response": {}}

    assert pushed.get(timeout=PATIENCE) == {"n": 1}


def test_it_hears_broadcasts(phx: Phx) -> None:
    room = f"room:{uuid4()}"
    ann, bob = phx.joined(room, token="ok", user="ann"), phx.joined(room, token="ok", user="bob")
    letters = [heard(channel, "new_msg") for channel in (ann, bob)]

    assert reply(ann, "new_msg", {"body": "hi"}) == {"status": "ok", "response": {}}

    assert [each.get(timeout=PATIENCE) for each in letters] == [{"body": "hi"}] * 2


def test_it_leaves_and_is_told_of_the_close(phx: Phx, topic: str) -> None:
    channel = phx.joined(topic)
    closed: Queue[bool] = Queue()
    channel.on_close = lambda: closed.put(True)

    channel.leave()  # it looks for the reply where there is none, and says False whatever came

    assert closed.get(timeout=PATIENCE)
    assert reply(channel, "echo", {}) == {
        "status": "error",
        "response": {"reason": "unmatched topic"},
    }


def test_a_crash_is_heard_and_it_can_join_again(phx: Phx, topic: str) -> None:
    channel = phx.joined(topic)
    errors = heard(channel, "phx_error")

    channel.push("crash", {})

    assert errors.get(timeout=PATIENCE) == {"reason": "channel_crash"}
    assert within_patience(channel.join) == {}
    assert reply(channel, "echo", {"n": 1}) == {"status": "ok", "response": {"n": 1}}


def test_heartbeats_are_answered_with_their_number(phx: Phx) -> None:
    client = phx.client()
    client.heartbeat_interval = 0.02
    messages: Queue[Any] = Queue()
    client.on_message = messages.put

    within_patience(client.connect)

    answers = [messages.get(timeout=PATIENCE) for _ in range(3)]
    assert sorted(answer.ref for answer in answers) == [0, 1, 2]
    assert {answer.topic for answer in answers} == {"phoenix"}


def test_a_refused_connect_raises(phx: Phx) -> None:
    with pytest.raises(Exception, match="HTTP 403"):
        within_patience(phx.client(token="deny").connect)


def test_it_comes_back_after_a_disconnect_by_id(phx: Phx, topic: str) -> None:
    user = str(uuid4())
    client = phx.connected(user=user)
    closed = closes(client)

    with urllib.request.urlopen(f"{phx.server.address}/disconnect?user={user}") as answer:
        assert answer.status == 200

    assert closed.get(timeout=PATIENCE) is client
    assert comes_back(client, topic)


@pytest.mark.parametrize("how", ["kill", "terminate"])
def test_it_comes_back_to_a_server_that_was_restarted(phx: Phx, topic: str, how: str) -> None:
    client = phx.connected()
    closed = closes(client)

    getattr(phx.server, how)()
    phx.server.start()

    assert closed.get(timeout=PATIENCE) is client
    assert comes_back(client, topic)


def comes_back(client: Any, topic: str) -> bool:
    """It does nothing by itself: connect and join are the program's."""
    client.thread.join()
    within_patience(client.connect)
    channel = client.channel(topic)
    within_patience(channel.join)
    return reply(channel, "echo", {}) == {"status": "ok", "response": {}}
