"""Replays a transcript against a running server."""

from __future__ import annotations

import http.client
import select
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, cast, final
from urllib.parse import parse_qsl, urlencode

from .peer import PATIENCE, Peer
from .polling import Poller
from .presences import normal, without_presences
from .speech import said

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pydantic import JsonValue

    from .transcript import Answers, Entry, Transcript

__all__ = ["polls", "replay", "vsn_of"]

VSN = {"ws": "2.0.0", "ws1": "1.0.0", "ws0": "0.x", "lp": "2.0.0", "lp1": "1.0.0"}

ROUNDS = 2
"""Heartbeats there and back after each step: what is late is later than these take."""


def replay(
    transcript: Transcript, wanted: Sequence[Answers], address: str, *, deflate: bool = False
) -> Answers:
    """Hold the conversation, and give what the server answered.

    Nothing sleeps: a step is over when what was heard is one of the wanted
    answers, or when patience ends; then heartbeats prove that no more comes.

    Args:
        address: The server, as ``http://host:port``.
        deflate: Offer permessage-deflate.
    """
    with ExitStack() as stack:
        return _Replay(transcript, wanted, address, stack, deflate=deflate).run()


@final
class _Replay:
    def __init__(
        self,
        transcript: Transcript,
        wanted: Sequence[Answers],
        address: str,
        stack: ExitStack,
        *,
        deflate: bool,
    ) -> None:
        self._transcript = transcript
        self._wanted = wanted
        self._address = address
        self._answers: Answers = []
        self._peers: dict[str, Peer] = {
            name: stack.enter_context(Peer(address, _target(connection), deflate=deflate))
            for name, connection in transcript.connections.items()
            if not polls(connection)
        }
        self._pollers: dict[str, Poller] = {
            name: stack.enter_context(Poller(address, urlencode(_params(connection))))
            for name, connection in transcript.connections.items()
            if polls(connection)
        }

    def run(self) -> Answers:
        """Every step, each when the one before is answered."""
        self._answers.append({"open": {name: peer.opened for name, peer in self._peers.items()}})
        for step in self._transcript.steps:
            polled = self._do(step)
            self._answers.append({**self._gathered(), **polled})
        self._close()
        return normal(self._answers)

    def _do(self, step: Entry) -> Entry:
        """Do a step; what a long-poll client is answered comes at once."""
        polled: Entry = {}
        for name, value in step.items():
            if name in self._pollers:
                polled[name] = self._pollers[name].ask(value, self._targets(name))
            elif name == "http":
                self._answers.append({"http": self._requested(cast("str", value))})
            elif value == "FIN":
                self._peers[name].end_writing()
            else:
                self._peers[name].send(said(value))
        return polled

    def _targets(self, name: str) -> list[JsonValue]:
        """What this step may bring one connection."""
        index = len(self._answers)
        return [answers[index].get(name) for answers in self._wanted if index < len(answers)]

    def _requested(self, request: str) -> int:
        """The status that a plain request is answered with."""
        method, _, target = request.partition(" ")
        connection = http.client.HTTPConnection(
            self._address.removeprefix("http://"), timeout=PATIENCE
        )
        try:
            connection.request(method, target)
            return connection.getresponse().status
        finally:
            connection.close()

    def _gathered(self) -> Entry:
        """What a step brought."""
        index = len(self._answers)
        targets = [
            {name: heard for name, heard in answers[index].items() if name not in self._pollers}
            for answers in self._wanted
            if index < len(answers)
        ]
        self._listen(lambda: normal([*self._answers, self._heard()])[-1] in targets)
        for _ in range(ROUNDS):
            for peer in self._open():
                peer.mark()
            assert self._listen(lambda: all(peer.caught_up for peer in self._peers.values())), (
                f"no answer to a heartbeat; heard {self._heard()}"
            )
        return _entry({name: peer.take() for name, peer in self._peers.items()})

    def _close(self) -> None:
        """Close from this side; what comes before the server's close is heard, too."""
        for peer in self._open():
            peer.close()
        assert self._listen(lambda: not self._open()), "the server did not close"
        late = without_presences(normal([self._heard()]))  # the others are told who has gone
        assert late == [{}], f"after the conversation: {late}"

    def _open(self) -> list[Peer]:
        return [peer for peer in self._peers.values() if not peer.over]

    def _heard(self) -> Entry:
        return _entry({name: peer.heard for name, peer in self._peers.items()})

    def _listen(self, enough: Callable[[], bool]) -> bool:
        """Listen until it is enough, or patience ends."""
        deadline = time.monotonic() + PATIENCE
        while not enough():
            remaining = deadline - time.monotonic()
            ready, _, _ = select.select(self._open(), [], [], max(remaining, 0))
            if not ready:
                return False
            for peer in ready:
                peer.receive()
        return True


def _entry(heard: dict[str, list[JsonValue]]) -> Entry:
    return {name: values for name, values in heard.items() if values}


def _target(connection: str) -> str:
    """The path and query of ``ws?user=ann``."""
    return "/socket/websocket?" + urlencode(_params(connection))


def polls(connection: str) -> bool:
    """Whether this is no WebSocket, but long-poll."""
    return connection.startswith("lp")


def vsn_of(connection: str) -> str | None:
    """The version that ``ws?user=ann`` asks for, None where it asks for none."""
    return _params(connection).get("vsn")


def _params(connection: str) -> dict[str, str]:
    """Those of its kind and its own; one without a value is left out."""
    kind, _, query = connection.partition("?")
    params = {"vsn": VSN[kind], **dict(parse_qsl(query, keep_blank_values=True))}
    return {name: text for name, text in params.items() if text}
