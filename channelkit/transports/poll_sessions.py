"""The long-poll sessions of one endpoint: each a connection whose peer comes and goes."""

from __future__ import annotations

import secrets
import time
from collections import deque
from typing import TYPE_CHECKING, Final, final

import anyio
import anyio.lowlevel

from ..exits import (
    BadEncoding,
    Closed,
    ConnectionLost,
    Disconnected,
    Drained,
    Expired,
    Revoked,
    TimedOut,
    TooSlow,
)
from ..longpoll import Tokens
from ..paths import PathPattern
from ..polling import Polling, Status
from ..runtime.bell import current_loop
from ..runtime.log import crashed
from ..serializers.text_only import text_only
from .frames import is_utf8

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..exits import Exit
    from ..handshake import Accepted, Welcome
    from ..longpoll import LongPoll, Posted
    from ..polling import Answer, Turn
    from ..runtime.bell import Bell
    from ..wire import Frame
    from .site import Application, Site

__all__ = ["LONGPOLL", "PollDoor", "PollSession"]

LONGPOLL: Final = "/longpoll"
"""What follows an endpoint's path where long-poll requests come in."""

SLICE: Final = 64 * 1024
"""Bytes of a POST that are taken before everybody else has a turn."""

GONE: Final = (Closed, ConnectionLost, TimedOut, TooSlow)
"""Exits of a client that will not ask for what still waits."""

BANNED: Final = (Expired, Revoked)
"""Exits of a client that shall not have it."""

GOING_AWAY: Final = 1001
"""The code of a `Disconnected` by id: that is banned, too."""


@final
class PollDoor:
    """Where the long-poll requests of one endpoint come in, and the sessions they opened."""

    def __init__(self, application: Application, options: LongPoll) -> None:
        self.application = application
        self.path = application.path + LONGPOLL
        self.pattern = PathPattern(self.path)
        self.window = options.window
        self._tokens = Tokens(options.key(secrets.token_bytes(32)), self.path)
        self._sessions: dict[bytes, PollSession] = {}

    @property
    def full(self) -> bool:
        """Whether there are as many sessions as may be."""
        return len(self._sessions) >= self.application.limits.polls

    def find(self, token: str) -> PollSession | None:
        """The session that a token names, None where it is gone or never was."""
        name = self._tokens.verify(token, time.time())
        return None if name is None else self._sessions.get(name)

    def open(self, accepted: Accepted, welcome: Welcome, peer: str) -> PollSession:
        """A new session, which begins to live with its `run`."""
        name = secrets.token_bytes(16)
        token = self._tokens.sign(name, time.time())
        session = self._sessions[name] = PollSession(self, name, token, accepted, welcome, peer)
        return session

    async def run(self, session: PollSession, site: Site) -> None:
        """Serve a session to its end; no mistake of ours raises out of here."""
        site.enter()
        if site.draining:  # since it was opened: the drain has not seen it
            session.connection.close(Drained())
        try:
            await session.run()
        except Exception as error:
            crashed("connection crashed", error, peer=session.connection.peer)
        finally:
            del self._sessions[session.name]
            site.leave()

    def tick(self, now: float) -> None:
        """Look at the time: sessions that nobody asks for."""
        for session in self._sessions.values():
            session.tick(now)


@final
class _Post:
    """A POST whose messages are not all taken."""

    __slots__ = ("bell", "size")

    def __init__(self, size: int, bell: Bell) -> None:
        self.size = size
        self.bell = bell


@final
class PollSession:
    """Implements `Carrier` for a connection.

    Attributes:
        name: What the token stands for.
        token: How the client names it.
        connection: Whom it carries for.
    """

    def __init__(
        self,
        door: PollDoor,
        name: bytes,
        token: str,
        accepted: Accepted,
        welcome: Welcome,
        peer: str,
    ) -> None:
        loop = current_loop()
        self.name = name
        self.token = token
        self._clock = loop.clock
        self._limits = door.application.limits
        self._polling = Polling(door.window, self._limits, loop.clock())
        self._waiting: tuple[Turn, Bell] | None = None
        self._taken = loop.bell()
        self._posts: deque[_Post] = deque()
        self._reading = False
        self._paused = False
        self.connection = door.application.opened(
            self, text_only(accepted.serializer), welcome, peer=peer
        )
        self.connection.idle_timeout = None  # whether the client lives, its GETs tell

    async def run(self) -> None:
        """Serve to the end; what still waits then has `Limits.closing` seconds to be asked for."""
        await self.connection.run()
        with anyio.move_on_after(self._limits.closing):
            while self._polling.count:
                await self._taken.wait()

    def tick(self, now: float) -> None:
        """Look at the time: a client that does not ask any more is gone."""
        if self._polling.expired(now):
            self.connection.close(TimedOut())

    # The client's GETs.

    @property
    def over(self) -> bool:
        """Whether there is nothing any more to be had from it."""
        reason = self.connection.exit
        return reason is not None and not (self._polling.count and _may_still_have(reason))

    def begin(self, bell: Bell) -> Turn:
        """A GET came; whoever waited before is told."""
        self._wake()
        turn = self._polling.begin(self._clock())
        self._waiting = turn, bell
        return turn

    def ready(self, turn: Turn) -> bool:
        """See `Polling.ready`."""
        return self._polling.ready(turn)

    def take(self, turn: Turn) -> Answer:
        """See `Polling.take`."""
        answer = self._polling.take(turn, self._clock())
        self._forget(turn)
        if answer.status is Status.MESSAGES:
            self._taken.ring()
            self._resume_writing()
        return answer

    def withdraw(self, turn: Turn) -> None:
        """See `Polling.withdraw`."""
        self._polling.withdraw(turn, self._clock())
        self._forget(turn)

    def _forget(self, turn: Turn) -> None:
        if self._waiting is not None and self._waiting[0] is turn:
            self._waiting = None

    def _wake(self) -> None:
        if self._waiting is not None:
            self._waiting[1].ring()

    # The client's POSTs.

    async def post(self, messages: Sequence[Posted], bell: Bell, window: float) -> Status:
        """Give the messages of a POST to the connection, after those of the POSTs before it.

        Returns:
            MESSAGES when all are taken; GONE when the session is over, by them
            or before them; HELD when the window was: what is not taken by
            then never will be.
        """
        size = sum(len(message.data) for message in messages)
        if self._posts and size + sum(post.size for post in self._posts) > self._limits.poll_body:
            return Status.HELD
        turn = _Post(size, bell)
        self._posts.append(turn)
        try:
            with anyio.move_on_after(window):
                return await self._give(turn, deque(messages))
        finally:
            self._posts.remove(turn)
            self._next_post()
        return Status.HELD

    async def _give(self, turn: _Post, messages: deque[Posted]) -> Status:
        given = 0
        while messages and self.connection.exit is None:
            if turn is not self._posts[0] or not self._reading:
                await turn.bell.wait()
                continue
            message = messages.popleft()
            if not message.binary and not is_utf8(message.data):
                self.connection.lost(BadEncoding())
                break
            self.connection.received(message.data, binary=message.binary)
            given += len(message.data)
            if given > SLICE:
                given = 0
                await anyio.lowlevel.checkpoint()
        return Status.MESSAGES if self.connection.exit is None else Status.GONE

    def _next_post(self) -> None:
        if self._posts:
            self._posts[0].bell.ring()

    # From the connection: Carrier.

    def send(self, frame: Frame) -> None:
        """See `Carrier.send`; there is no binary here, and a ping has no form."""
        if frame.binary:
            return
        self._polling.put(frame.data)
        self._wake()
        if self._polling.full and not self._paused:
            self._paused = True
            self.connection.writing_paused()

    def _resume_writing(self) -> None:
        if self._paused:
            self._paused = False
            self.connection.writing_resumed()

    def buffered(self) -> int:
        """See `Carrier.buffered`."""
        return self._polling.size

    def queued(self) -> int:
        """See `Carrier.queued`."""
        return self._polling.count

    def stirred(self) -> bool:
        """See `Carrier.stirred`."""
        return False

    def hibernate(self) -> None:
        """See `Carrier.hibernate`: between two requests there is nothing to give back."""

    def pause_reading(self) -> None:
        """See `Carrier.pause_reading`."""
        self._reading = False
        if self.connection.exit is not None:
            for post in self._posts:
                post.bell.ring()

    def resume_reading(self) -> None:
        """See `Carrier.resume_reading`."""
        self._reading = True
        self._next_post()

    def close(self, reason: Exit) -> None:
        """See `Carrier.close`: a client learns of it with its next GET."""
        self._polling.end(keep=_may_still_have(reason))
        self._wake()
        for post in self._posts:
            post.bell.ring()


def _may_still_have(reason: Exit) -> bool:
    """Whether a client whose session ended so may ask for what was sent before."""
    if isinstance(reason, Disconnected):
        return reason.code != GOING_AWAY
    return not isinstance(reason, (*GONE, *BANNED))
