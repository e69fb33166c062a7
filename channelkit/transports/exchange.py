"""One plain HTTP request and its response, through h11."""

from __future__ import annotations

from dataclasses import replace
from email.utils import formatdate
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, final

import anyio
import h11

from ..handshake import Rejected, read_request
from ..http import HttpResponse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..http import HttpRequest
    from ..limits import Limits
    from .link import Link

__all__ = ["Exchange", "rejection"]

CHUNK: Final = 64 * 1024
"""Bytes of a response that are written at a time."""


UNFINISHED: Final = (h11.IDLE, h11.SEND_BODY, h11.MUST_CLOSE, h11.CLOSED, h11.ERROR)
"""What a client's side is in when no further request of it can be read."""


def rejection(rejected: Rejected) -> HttpResponse:
    """The response that says what is wrong with a request."""
    return HttpResponse.text(f"{rejected.reason}\n", rejected.status, rejected.headers)


@final
class Exchange:
    """One request, from its head on, and its one response."""

    __slots__ = ("_h11", "_limits", "_link")

    def __init__(self, link: Link, limits: Limits) -> None:
        self._link = link
        self._limits = limits
        self._h11 = h11.Connection(h11.SERVER)

    def read(self, head: bytes) -> HttpRequest | Rejected:
        """The request of a complete head, without its body."""
        self._h11.receive_data(head)
        try:
            event = self._h11.next_event()
        except h11.RemoteProtocolError as error:
            return _malformed(error)
        assert isinstance(event, h11.Request)
        return read_request(
            method=event.method.decode("ascii"),
            target=event.target.decode("ascii"),
            version=event.http_version.decode("ascii"),
            fields=[
                (name.decode("ascii"), value.decode("latin-1")) for name, value in event.headers
            ],
            peer=self._link.peername,
            secure=self._link.secure,
            certificate=self._link.certificate,
        )

    async def read_body(
        self, request: HttpRequest, rest: bytes, limit: int
    ) -> HttpRequest | Rejected:
        """The request with its body.

        Args:
            rest: What came behind the head; `rest` gives back what is not the body's.
            limit: Bytes of the body.
        """
        if int(request.headers.get("content-length", "0")) > limit:
            return TOO_BIG
        if rest:  # to h11, nothing is the end of everything
            self._h11.receive_data(rest)
        with anyio.move_on_after(self._limits.idle):
            try:
                return await self._collect(request, limit)
            except h11.RemoteProtocolError as error:
                return _malformed(error)
        return Rejected(408, "the body took too long")

    async def _collect(self, request: HttpRequest, limit: int) -> HttpRequest | Rejected:
        parts: list[bytes] = []
        size = 0
        while True:
            event = self._h11.next_event()
            if event is h11.NEED_DATA:
                self._invite()
                self._h11.receive_data(await self._link.receive())
            elif isinstance(event, h11.Data):
                parts.append(bytes(event.data))
                size += len(event.data)
                if size > limit:
                    return TOO_BIG
            else:
                return replace(request, body=b"".join(parts))

    def _invite(self) -> None:
        """Tell a client that waits for it to send the body (RFC 9110 §10.1.1)."""
        if self._h11.they_are_waiting_for_100_continue:
            headers: list[tuple[bytes, bytes]] = []
            self._link.write(
                self._sent(h11.InformationalResponse(status_code=100, headers=headers))
            )

    @property
    def rest(self) -> bytes:
        """What came behind the request."""
        return self._h11.trailing_data[0]

    async def respond(self, response: HttpResponse, *, last: bool, head_only: bool = False) -> bool:
        """Write the response.

        Args:
            last: No further request is taken on this link.
            head_only: The request was a HEAD.

        Returns:
            Whether another request may follow.
        """
        last = last or self._h11.their_state in UNFINISHED
        bodiless = response.status in (204, 304)
        headers = _headers(response.headers)
        if not bodiless:
            headers.append((b"content-length", b"%d" % len(response.body)))
        if last:
            headers.append((b"connection", b"close"))
        data = self._sent(
            h11.Response(
                status_code=response.status, headers=headers, reason=_phrase(response.status)
            )
        )
        if not (head_only or bodiless):
            data += self._sent(h11.Data(data=response.body))
        data += self._sent(h11.EndOfMessage())
        return await self._write(data) and self._h11.our_state is h11.DONE

    def _sent(self, event: h11.Event) -> bytes:
        return self._h11.send(event) or b""

    async def _write(self, data: bytes) -> bool:
        """Write at the peer's pace; False where it does not read."""
        for start in range(0, len(data), CHUNK):
            self._link.write(data[start : start + CHUNK])
            with anyio.move_on_after(self._limits.idle) as timer:
                await self._link.drain()
            if timer.cancelled_caught:
                return False
        return True


TOO_BIG: Final = Rejected(413, "the body is too big")


def _malformed(error: h11.RemoteProtocolError) -> Rejected:
    what = str(error).partition(":")[0]  # without what the peer wrote
    return Rejected(error.error_status_hint, f"this is not HTTP: {what}")


def _headers(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    named = [(name.encode("ascii"), value.encode("latin-1")) for name, value in headers.items()]
    return [(b"date", formatdate(usegmt=True).encode("ascii")), *named]


def _phrase(status: int) -> bytes:
    try:
        return HTTPStatus(status).phrase.encode("ascii")
    except ValueError:
        return b""
