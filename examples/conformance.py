"""The conformance server: one channel for each behaviour of the wire, and nothing else.

Run it with ``python -m examples.conformance --port 4000``; its contract is
written down in `docs/conformance.md`.
"""

from __future__ import annotations

import argparse
import hashlib
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Literal, cast

import anyio
from pydantic import BaseModel, Field, JsonValue
from pydantic_core import from_json

from channelkit import (
    Channel,
    Endpoint,
    HttpRequest,
    HttpResponse,
    Limits,
    LongPoll,
    Message,
    Ok,
    Open,
    Presence,
    RawEndpoint,
    RawSocket,
    Refusal,
    Server,
    after_join,
    channel,
    on_event,
    on_join,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from channelkit.transports.listener import Listening


class ConnectParams(Message):
    """What a client may say when it connects."""

    token: str = ""
    connect_token: str = ""
    user: str | None = None


class Assigns(BaseModel):
    """What is known of a socket."""

    user: str | None


class Denied(Refusal):
    """The connection was refused."""


async def connect(params: ConnectParams) -> Assigns | Denied:
    """Refuse the token "deny", take everybody else."""
    refused = "deny" in (params.token, params.connect_token)
    return Denied() if refused else Assigns(user=params.user)


def identify(assigns: Assigns) -> str | None:
    """The socket's id is its user's."""
    return None if assigns.user is None else f"user:{assigns.user}"


class Bad(Refusal):
    """An error reply with a reason."""


class Bare(Refusal, reason=None):
    """An error reply without one."""


class Pushed(Open, event="pushed"):
    """What `push_me` pushes."""


class PushedBin(Open, event="pushed_bin"):
    """What `push_bin` pushes."""


class Bcast(Open, event="bcast"):
    """What `bcast` broadcasts."""


class BcastBin(Open, event="bcast_bin"):
    """What `bcast_bin` broadcasts."""


class BinSize(Message):
    """What came, measured."""

    size: int
    md5: str


class Items(Message):
    """How many items a stream shall bring, and how it shall end."""

    items: Annotated[int, Field(ge=0, le=1000)]
    then: Literal["ok", "error"] = "ok"


class Streamed(Message):
    """An item of a stream, numbered from 1."""

    n: int


@channel("echo:{rest*}")
class Echo(Channel[Assigns, Pushed | PushedBin | Bcast | BcastBin | Streamed]):
    """Answers each event in one of the ways there are."""

    rest: str

    @on_join
    async def join(self, params: Open) -> None:
        """Let everybody in."""

    @on_event("echo")
    async def echo(self, message: Open) -> Open:
        """Reply ok with the same payload."""
        return message

    @on_event("noreply")
    async def noreply(self, message: Open) -> None:
        """Say nothing."""

    @on_event("stream")
    async def stream(self, message: Items) -> AsyncIterator[Streamed | Bad]:
        """Push so many items with the ref of this push, then reply."""
        for n in range(1, message.items + 1):
            yield Streamed(n=n)
        if message.then == "error":
            yield Bad()

    @on_event("crash")
    async def crash(self, message: Open) -> None:
        """Raise."""
        raise RuntimeError("crashed as asked")

    @on_event("stop")
    async def stop_normally(self, message: Open) -> None:
        """End the channel normally, without a reply."""
        self.stop()

    @on_event("stop_reply")
    async def stop_reply(self, message: Open) -> Open:
        """Reply, then end normally."""
        self.stop()
        return message

    @on_event("stop_shutdown")
    async def stop_shutdown(self, message: Open) -> None:
        """End normally, as for a shutdown."""
        self.stop()

    @on_event("stop_error")
    async def stop_error(self, message: Open) -> None:
        """End abnormally."""
        self.stop(error="as asked")

    @on_event("expire")
    async def expire(self, message: Open) -> Ok:
        """Reply ok; the member's time is up."""
        self.expire_at(datetime.now(UTC))
        return Ok()

    @on_event("expire_socket")
    async def expire_socket(self, message: Open) -> None:
        """The socket's time is up."""
        self.socket.expire_at(datetime.now(UTC))

    @on_event("push_me")
    async def push_me(self, message: Open) -> Ok:
        """Push the same payload, then reply ok."""
        await self.push(Pushed(payload=message.payload))
        return Ok()

    @on_event("push_bin")
    async def push_bin(self, message: bytes) -> Ok:
        """Push the same bytes, then reply ok."""
        await self.push(PushedBin(payload=message))
        return Ok()

    @on_event("error")
    async def error(self, message: Open) -> Bad:
        """Reply error with a reason."""
        return Bad()

    @on_event("error_bare")
    async def error_bare(self, message: Open) -> Bare:
        """Reply error without one."""
        return Bare()

    @on_event("bin")
    async def bin(self, message: bytes) -> bytes:
        """Reply with the same bytes."""
        return message

    @on_event("bin_size")
    async def bin_size(self, message: bytes) -> BinSize:
        """Reply with what came, measured."""
        digest = hashlib.md5(message, usedforsecurity=False).hexdigest()
        return BinSize(size=len(message), md5=digest)

    @on_event("bcast")
    async def bcast(self, message: Open) -> Ok:
        """Broadcast the same payload, then reply ok."""
        await self.broadcast(Bcast(payload=message.payload))
        return Ok()

    @on_event("bcast_bin")
    async def bcast_bin(self, message: bytes) -> Ok:
        """Broadcast the same bytes, then reply ok."""
        await self.broadcast(BcastBin(payload=message))
        return Ok()

    @on_event("async", concurrent=True)
    async def later(self, message: Open) -> Open:
        """Reply ok 50 ms later; other events are handled meanwhile."""
        await anyio.sleep(0.05)
        return message


class JoinRoom(Message):
    """Who is let in."""

    token: Literal["ok"]
    user: JsonValue = None


class Unauthorized(Refusal):
    """The token is not "ok"."""


class NewMsg(Open, event="new_msg"):
    """What somebody said."""


class Online(Message):
    """What is known of who is here."""

    status: str


class SetStatus(Message):
    """What is to be known from now on."""

    status: str


@channel("room:{rest*}")
class Room(Channel[Assigns, NewMsg]):
    """A room behind a token, which tells who is here."""

    rest: str
    here = Presence(Online)

    @on_join
    async def join(self, params: JoinRoom | Open) -> Unauthorized | None:
        """Let those in whose token is "ok"; whatever else came is refused."""
        if not isinstance(params, JoinRoom):
            return Unauthorized()
        users = (params.user, self.assigns.user, "anon")
        self.user = next(user for user in users if isinstance(user, str) or type(user) is int)
        return None

    @after_join
    async def arrived(self) -> None:
        """Track, then push who is here."""
        self.here.track(self.user, Online(status="online"))
        await self.here.push_state()

    @on_event("set_status")
    async def set_status(self, message: SetStatus) -> Ok:
        """Update what is known of this member."""
        self.here.update(self.user, Online(status=message.status))
        return Ok()

    @on_event("new_msg")
    async def new_msg(self, message: Open) -> Ok:
        """Broadcast it to all."""
        await self.broadcast(NewMsg(payload=message.payload))
        return Ok()

    @on_event("new_msg_from")
    async def new_msg_from(self, message: Open) -> Ok:
        """Broadcast it to all but the sender."""
        await self.broadcast_from(NewMsg(payload=message.payload))
        return Ok()


@channel("slow:{rest*}")
class Slow(Channel[Assigns]):
    """A channel whose join takes its time."""

    rest: str

    @on_join
    async def join(self, params: Open) -> None:
        """Let everybody in, 200 ms later."""
        await anyio.sleep(0.2)

    @on_event("echo")
    async def echo(self, message: Open) -> Open:
        """Reply ok with the same payload."""
        return message


class RawEcho(RawSocket[None]):
    """Returns text and binary frames unchanged."""

    async def on_frame(self, frame: str | bytes) -> str | bytes:
        """Return it."""
        return frame


def make_server(
    *,
    port: int,
    check_origin: bool = False,
    deflate: bool = False,
    window: float = 10.0,
    max_message_size: int | None = None,
    max_fragments: int | None = None,
) -> Server:
    """The conformance server on 127.0.0.1.

    Args:
        max_message_size: Bytes of one message to /echo; a limit's default if not given.
        max_fragments: Frames of one message there.
    """
    usual = Limits()
    limits = Limits(
        message=usual.message if max_message_size is None else max_message_size,
        fragments=usual.fragments if max_fragments is None else max_fragments,
        outbox=max(usual.outbox, 2 * (max_message_size or 0)),
        too_slow_after=60,
    )
    echoes = [
        RawEndpoint(path, RawEcho, limits=limits, origins=check_origin, deflate=deflate)
        for path in ("/echo", "/echo/websocket")
    ]
    endpoint = Endpoint(
        "/socket",
        [Echo, Room, Slow],
        connect,
        identify=identify,
        origins=check_origin,
        deflate=deflate,
        longpoll=LongPoll(window=window),
    )

    async def ready(request: HttpRequest) -> HttpResponse:
        return HttpResponse(200, b"ready")

    async def disconnect(request: HttpRequest) -> HttpResponse:
        endpoint.disconnect(f"user:{request.query.get('user', '')}")
        return HttpResponse(200, b"disconnected")

    async def broadcast(request: HttpRequest) -> HttpResponse:
        query = request.query
        try:
            payload = cast("JsonValue", from_json(query.get("payload", "{}"), allow_inf_nan=False))
        except ValueError:
            return HttpResponse(400, b"the payload is not JSON")
        if not isinstance(payload, dict):
            return HttpResponse(400, b"the payload is no object")
        await endpoint.broadcast_raw(query.get("topic", ""), query.get("event", ""), payload)
        return HttpResponse(200, b"broadcast")

    return Server(
        endpoint,
        *echoes,
        http={"/": ready, "/disconnect": disconnect, "/broadcast": broadcast},
        host="127.0.0.1",
        port=port,
    )


server = make_server(port=4000)
"""As it is without options, for the commands: `channelkit contract examples.conformance:server`."""


def announce(listening: Sequence[Listening]) -> None:
    """The one line that says it is ready, and where."""
    print(f"conformance server on {listening[0].address}", flush=True)


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until a signal ends it."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m examples.conformance")
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "4000")))
    parser.add_argument("--loop", choices=["auto", "asyncio", "uvloop", "trio"], default="auto")
    parser.add_argument("--check-origin", action="store_true", help="take the own host only")
    parser.add_argument("--deflate", action="store_true", help="offer permessage-deflate")
    parser.add_argument(
        "--longpoll-window", type=float, default=10.0, help="seconds that a GET waits"
    )
    parser.add_argument("--max-message-size", type=int, metavar="BYTES", help="to /echo")
    parser.add_argument("--max-fragments", type=int, metavar="N", help="of a message to /echo")
    options = parser.parse_args(arguments)
    try:
        chosen = make_server(
            port=options.port,
            check_origin=options.check_origin,
            deflate=options.deflate,
            window=options.longpoll_window,
            max_message_size=options.max_message_size,
            max_fragments=options.max_fragments,
        )
    except ValueError as error:
        parser.error(str(error))
    try:
        chosen.run(loop=options.loop, ready=announce)
    except (OSError, OverflowError) as error:
        parser.exit(1, f"cannot listen on port {options.port}: {error}\n")


if __name__ == "__main__":
    main()
