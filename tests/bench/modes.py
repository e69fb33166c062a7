"""What is measured: the modes, the servers, and the words that each server speaks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

__all__ = [
    "BASELINE",
    "MODES",
    "PHOENIX",
    "TYPED",
    "Kind",
    "Mode",
    "Protocol",
    "Subject",
    "subjects",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """Templates for ``load``: a number stands for %n, the body for %b."""

    path: str
    join: str
    joined: str
    echo: str
    echoed: str
    bcast: str
    accepted: str
    posted: str


PHOENIX = Protocol(
    path="/socket/websocket?vsn=2.0.0",
    join='["1","1","echo:bench","phx_join",{}]',
    joined='["1","1","echo:bench","phx_reply",{"status":"ok","response":{}}]',
    echo='["1","%n","echo:bench","echo",{"body":"%b","n":%n}]',
    echoed='["1","%n","echo:bench","phx_reply",{"status":"ok","response":{"body":"%b","n":%n}}]',
    bcast='["1","%n","echo:bench","bcast",{"body":"%b","n":%n}]',
    accepted='["1","%n","echo:bench","phx_reply",{"status":"ok","response":{}}]',
    posted='[null,null,"echo:bench","bcast",{"body":"%b","n":%n}]',
)
TYPED = Protocol(
    path="/",
    join='{"event":"join","ref":1,"topic":"bench"}',
    joined='{"event":"reply","ref":1,"status":"ok","payload":null}',
    echo='{"event":"echo","ref":%n,"topic":"bench","payload":{"body":"%b","n":%n}}',
    echoed='{"event":"reply","ref":%n,"status":"ok","payload":{"body":"%b","n":%n}}',
    bcast='{"event":"bcast","ref":%n,"topic":"bench","payload":{"body":"%b","n":%n}}',
    accepted='{"event":"reply","ref":%n,"status":"ok","payload":null}',
    posted='{"event":"bcast","topic":"bench","payload":{"body":"%b","n":%n}}',
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A server to measure: the module that is started, and how it is spoken to."""

    name: str
    module: str
    options: tuple[str, ...] = ()
    protocol: Protocol


BASELINE = "picows-typed"
PEERS = (
    Subject(name=BASELINE, module="tests.bench.picows_typed", protocol=TYPED),
    Subject(name="websockets-typed", module="tests.bench.websockets_typed", protocol=TYPED),
)


def subjects(loops: list[str]) -> list[Subject]:
    """Ours, once for each event loop, and the peers."""
    ours = [
        Subject(
            name=f"channelkit-{loop}",
            module="tests.bench.server",
            options=("--loop", loop),
            protocol=PHOENIX,
        )
        for loop in loops
    ]
    return [*ours, *PEERS]


class Kind(StrEnum):
    """What the load does."""

    ECHO = "echo"
    FANOUT = "fanout"
    CONNECT = "connect"
    MEMORY = "memory"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mode:
    """One load. Written ``echo50x8``: kind, connections, window."""

    kind: Kind
    connections: int = 2000
    window: int = 1
    body: int = 64

    @classmethod
    def parse(cls, name: str) -> Mode:
        """Read a mode's name.

        Raises:
            ValueError: It is no mode, or asks for more than the bounds allow.
        """
        found = re.fullmatch(rf"({'|'.join(Kind)})(\d+)?(?:x(\d+))?", name)
        if not found:
            raise ValueError(f"no mode is called {name!r}")
        kind = Kind(found[1])
        usual = 2 if kind is Kind.FANOUT else 1
        mode = cls(kind=kind, connections=int(found[2] or 2000), window=int(found[3] or usual))
        if not (0 < mode.connections <= 5000 and 0 < mode.window <= 64):
            raise ValueError(f"{name}: at most 5000 connections and 64 in flight")
        return mode

    @property
    def load(self) -> Kind:
        """The mode of ``load`` that makes it."""
        return Kind.CONNECT if self.kind is Kind.MEMORY else self.kind

    @property
    def title(self) -> str:
        """What happens, for the table's heading."""
        many = f"{self.connections:,} sockets" if self.connections > 1 else "1 socket"
        match self.kind:
            case Kind.ECHO:
                return f"{many}, {self.window} in flight on each"
            case Kind.FANOUT:
                return f"{self.connections:,} subscribers, {self.window} broadcasts in flight"
            case Kind.CONNECT:
                return f"{many} connect and join, 32 at a time"
            case Kind.MEMORY:
                return f"{many} joined and idle, on a fresh process"

    @property
    def operation(self) -> str:
        """What is counted."""
        match self.kind:
            case Kind.ECHO:
                return "echo"
            case Kind.FANOUT:
                return "delivery"
            case Kind.CONNECT | Kind.MEMORY:
                return "join"


MODES = "memory,connect2000,echo1,echo50,echo50x8,echo1000,fanout100,fanout1000"
