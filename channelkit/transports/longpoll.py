"""One long-poll request and its answer (protocol.md B1b).

The HTTP status is 200 whatever happened, the real one stands in the body;
only what is no long-poll request at all has a status of its own.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Final, final

import anyio
from pydantic_core import to_json

from ..exits import ConnectionLost, Drained
from ..handshake import Accepted, Denied, Rejected, Welcome, admit_poll, origin_problem
from ..http import HttpResponse
from ..longpoll import InvalidBatch, messages_in, without_token
from ..polling import Status
from ..wire import refused
from .admission import Arrival
from .link import peer_name

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from anyio.abc import TaskGroup

    from ..http import HttpRequest
    from .exchange import Exchange
    from .heads import HeadReader
    from .link import Link
    from .poll_sessions import PollDoor, PollSession
    from .site import Site

__all__ = ["LongPollRequest"]

TOKEN_HEADER: Final = "x-phoenix-longpoll-token"

ANSWER: Final = {
    "Content-Type": "application/json; charset=utf-8",
    "Cache-Control": "no-store",
    "Access-Control-Allow-Origin": "*",
    "X-Content-Type-Options": "nosniff",
}
"""The headers of every answer."""

MAX_AGE: Final = "3600"
"""Seconds for which a browser may remember what it asked with OPTIONS."""


FAILURES: Final = (
    Denied(500, refused("connect crashed")),
    Denied(503, refused("connect timeout")),
)
"""No decision of the application: it could not be asked."""


@final
class LongPollRequest:
    """A request to an endpoint's long-poll path.

    Args:
        heads: Where what comes behind the request is kept.
        variables: Those of the door's path; to `connect` they are parameters.
        tasks: Where a session lives that it opens.
    """

    def __init__(
        self,
        link: Link,
        heads: HeadReader,
        exchange: Exchange,
        door: PollDoor,
        variables: Mapping[str, str],
        site: Site,
        tasks: TaskGroup,
    ) -> None:
        self._link = link
        self._arrival = Arrival(door, peer_name(link), "longpoll")
        self._heads = heads
        self._exchange = exchange
        self._door = door
        self._variables = variables
        self._site = site
        self._tasks = tasks

    async def answer(self, request: HttpRequest) -> HttpResponse:
        """Read its body, do what it asks, and answer."""
        session = self._session(request)
        limits = self._door.application.limits
        limit = limits.body if session is None else limits.poll_body
        whole = await self._exchange.read_body(request, self._heads.rest(), limit)
        self._heads.feed(self._exchange.rest)
        if isinstance(whole, Rejected):
            return _failed(400 if whole.status == 413 else whole.status, whole.reason)
        origins = self._door.application.origins
        denied = self._arrival.admitted(lambda: origin_problem(request, origins))
        if denied is not None:
            return self._refused(denied)
        match request.method:
            case "OPTIONS":
                return _options(request)
            case "POST":
                return await self._post(whole, session)
            case "GET":
                if session is None or session.over:
                    return await self._open(request)
                return await self._poll(session)
            case _:
                return HttpResponse(400, b"", ANSWER)

    def _session(self, request: HttpRequest) -> PollSession | None:
        """The session that it means: by the header, else by the query."""
        named = request.headers.get(TOKEN_HEADER) or request.query.get("token", "")
        return self._door.find(named)

    async def _poll(self, session: PollSession) -> HttpResponse:
        """Wait until there is something to say."""
        turn = session.begin(self._link)
        try:
            with self._waiting() as peer, anyio.CancelScope(deadline=turn.until):
                while not (session.ready(turn) or peer.gone):
                    await self._link.wait()
            if peer.gone:  # what waits is the next GET's
                return _answered(session, Status.NOTHING)
            answer = session.take(turn)
        finally:
            session.withdraw(turn)
        if answer.status is Status.ENDED:
            return _status(answer.status)
        return _answered(session, answer.status, answer.messages)

    async def _post(self, request: HttpRequest, session: PollSession | None) -> HttpResponse:
        if session is None:
            return _status(Status.GONE)
        kind, limits = request.headers.get("content-type", ""), self._door.application.limits
        try:
            messages = messages_in(kind, request.body, limits.message)
        except InvalidBatch as error:
            return _failed(400, str(error))
        with self._waiting():
            return _status(await session.post(messages, self._link, self._door.window))

    async def _open(self, request: HttpRequest) -> HttpResponse:
        """Open a session, if its client may connect."""
        query = without_token(request.query_string)
        asked = replace(request, query_string=query)
        verdict = self._arrival.admitted(lambda: self._judged(asked))
        if not isinstance(verdict, Accepted):
            return self._refused(verdict)
        closed = self._closed()
        welcome = closed or await self._arrival.welcomed(verdict)
        if not isinstance(welcome, Welcome):
            return self._refused(welcome)
        closed = self._closed()  # by now, perhaps
        if closed is not None:
            why = Drained() if self._site.draining else ConnectionLost()
            pool, peer = self._door.application.pool, self._arrival.peer
            await pool.disconnected(welcome.assigns, why, peer=peer, id=welcome.id)
            return self._refused(closed)
        session = self._door.open(verdict, welcome, self._arrival.peer)
        self._arrival.connected(welcome.id)
        self._tasks.start_soon(self._door.run, session, self._site)
        return _answered(session, Status.GONE)

    def _judged(self, request: HttpRequest) -> Accepted | Rejected | Denied:
        verdict = admit_poll(request, self._door.application.vsn)
        if self._variables and isinstance(verdict, Accepted):
            return replace(verdict, params={**verdict.params, **self._variables})
        return verdict

    def _closed(self) -> Rejected | None:
        """Why no session can be opened, whoever asks for it."""
        if self._site.draining:
            return Rejected(503, "shutting down")
        return Rejected(503, "too many sessions") if self._door.full else None

    def _refused(self, reason: Rejected | Denied) -> HttpResponse:
        self._arrival.refused(reason)
        if isinstance(reason, Rejected):
            return _failed(reason.status, reason.reason)
        if reason in FAILURES:
            return _failed(reason.status, str(reason.response["reason"]))
        return _status(Status.REFUSED)

    @contextmanager
    def _waiting(self) -> Generator[_Peer]:
        """Keep an eye on the link while a request waits."""
        peer = _Peer(self._link, self._heads)
        self._link.attach(peer)
        if not self._heads.empty:
            self._link.pause_reading()
        try:
            yield peer
        finally:
            self._link.detach()


@final
class _Peer:
    """Whoever waits for an answer: a `Receiver` that sees it leave.

    Attributes:
        gone: It has ended its half, or the link is broken.
    """

    def __init__(self, link: Link, heads: HeadReader) -> None:
        self._link = link
        self._heads = heads
        self.gone = False

    def data(self, data: bytes) -> None:
        """See `Receiver.data`: the next request, already; that is enough for now."""
        self._heads.feed(data)
        self._link.pause_reading()

    def eof(self) -> None:
        """See `Receiver.eof`."""
        self.gone = True
        self._link.ring()

    def lost(self) -> None:
        """See `Receiver.lost`."""
        self.eof()

    def writing_paused(self) -> None:
        """See `Receiver.writing_paused`."""

    def writing_resumed(self) -> None:
        """See `Receiver.writing_resumed`."""


def _status(status: Status) -> HttpResponse:
    return HttpResponse(200, to_json({"status": status}), ANSWER)


def _answered(session: PollSession, status: Status, messages: tuple[str, ...] = ()) -> HttpResponse:
    content = {"status": status, "token": session.token, "messages": messages}
    return HttpResponse(200, to_json(content), ANSWER)


def _failed(status: int, reason: str) -> HttpResponse:
    """No answer of the protocol; a fault of ours reads as 500, after which phoenix.js retries."""
    content = {"status": min(status, 500), "reason": reason}
    return HttpResponse(status, to_json(content), ANSWER)


def _options(request: HttpRequest) -> HttpResponse:
    """What a browser asks before it sends another site's page's request."""
    allowed = {
        "Access-Control-Allow-Headers": request.headers.get("access-control-request-headers", ""),
        "Access-Control-Allow-Methods": "get, post, options",
        "Access-Control-Max-Age": MAX_AGE,
    }
    return HttpResponse(200, b"", {**ANSWER, **allowed})
