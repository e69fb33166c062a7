"""A client's connection, which comes back by itself, and `connect` that makes it."""

from __future__ import annotations

import random
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeVar, cast, final

import anyio
import anyio.lowlevel

from ..channel import AnyChannel
from ..errors import CallFailed
from ..messages import Message, Refusal
from ..payloads import body
from ..wire import JOIN
from .address import Address
from .codec import snapshot
from .declared import declared
from .dialing import Dialer
from .driver import Driver
from .machine import NORMAL, ClientMachine
from .room import ClientRoom
from .room_machine import CLOSED, RoomMachine
from .settings import Settings
from .transitions import SocketState

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence

    from ..declare import Join
    from ..topics import Topic
    from .changes import Changes, SocketChange
    from .dialing import ConnectParams, Opener

__all__ = ["ClientSocket", "connect"]

C = TypeVar("C", bound=AnyChannel)
# The type checkers' messages name these variables.
JoinParams = TypeVar("JoinParams", bound=Message | bytes)
Verdict = TypeVar("Verdict", bound=Message | bytes | Refusal | None)
Pushes = TypeVar("Pushes", bound=Message)


@final
class ClientSocket:
    """One client's connection, shared by its rooms; made by `connect`.

    A lost connection is made again, and its rooms join again, until the
    program or the server closes it for good.
    """

    def __init__(self, driver: Driver, settings: Settings) -> None:
        self._driver = driver
        self._settings = settings

    @property
    def state(self) -> SocketState:
        """Where it stands: connecting, open, waiting (to connect again) or closed."""
        return self._driver.machine.state

    def changes(self) -> Changes[SocketChange]:
        """Each new state from now on, as an async iteration that ends behind "closed".

        A reader that falls a hundred behind misses the oldest.
        """
        return self._driver.changes.changes()

    async def join(
        self,
        topic: Topic[Pushes],
        join: Join[C, JoinParams, Verdict],
        params: JoinParams,
        *,
        timeout: float | None = None,
    ) -> tuple[ClientRoom[C, Pushes], Verdict]:
        """Join a topic: the typed room, and the join's typed verdict.

        A refusal is returned; the room is then closed. A room that is joined
        joins again by itself, with the same params. A second join of a topic
        takes the place of the first. While the connection is away a join waits
        for it.

        Args:
            timeout: Seconds that each join, and a leave, may take, instead of `Settings.timeout`.

        Raises:
            CallFailed: The framework answered: unmatched topic, join crashed, invalid payload, …
                Or nobody: "timeout", "closed".
            LocalProtocolError: The topic was not made by `topic_for`, or the join is of another
                channel.
            DeclarationError: Something in the channel's class cannot work.
            ValueError: The params have no form on the wire.
        """
        route = declared(topic, join)
        payload = snapshot(topic.name, JOIN, body(params))
        seconds = self._settings.timeout if timeout is None else timeout
        machine = RoomMachine(topic.name, payload, timeout=seconds)
        room = ClientRoom[C, Pushes](self._driver, route, machine, self._settings)
        await anyio.lowlevel.checkpoint()
        self._driver.join(machine, room)
        try:
            return room, cast("Verdict", await room.decided())
        except BaseException:  # cancelled, or of no use: nothing of it stays
            self._driver.do(self._driver.machine.leave(machine))
            raise

    async def wait_open(self) -> None:
        """Wait until the connection is open, as after it was lost.

        Raises:
            CallFailed: It is closed for good; its ``__cause__`` says why, where the server did it.
        """
        await anyio.lowlevel.checkpoint()
        while self.state is not SocketState.OPEN:
            if self.state is SocketState.CLOSED:
                raise CallFailed(CLOSED) from self._driver.cause
            await self._driver.changes.next()

    async def wait_closed(self) -> SocketChange:
        """Wait until it is closed for good, and tell how."""
        await anyio.lowlevel.checkpoint()
        while self.state is not SocketState.CLOSED:
            await self._driver.changes.next()
        return cast("SocketChange", self._driver.changes.last)

    async def close(self, code: int = NORMAL, reason: str = "") -> None:
        """Close for good: rooms are closed, calls that wait fail, "closed".

        It waits for the server's goodbye, at most `Settings.closing`.

        Args:
            code: 1000, or 3000 to 4999.
            reason: At most 123 bytes of UTF-8.

        Raises:
            ValueError: The code or the reason cannot be sent.
        """
        if code != NORMAL and not 3000 <= code <= 4999:
            raise ValueError(f"a client closes with 1000, or 3000 to 4999, got {code}")
        if len(reason.encode()) > 123:
            raise ValueError("a reason has at most 123 bytes")
        await self._driver.close(code, reason)


@asynccontextmanager
async def connect(
    url: str,
    params: ConnectParams
    | Callable[[], ConnectParams]
    | Callable[[], Awaitable[ConnectParams]]
    | None = None,
    *,
    refusals: Sequence[type[Refusal]] = (),
    auth_token: str | Callable[[], str] | Callable[[], Awaitable[str]] | None = None,
    headers: Mapping[str, str] | None = None,
    tls: ssl.SSLContext | None = None,
    deflate: bool = False,
    settings: Settings | None = None,
    opener: Opener | None = None,
) -> AsyncGenerator[ClientSocket]:
    """Connect to an endpoint, for as long as the block lasts; at its end the client closes.

    It waits until the connection is open. From then on a lost connection is
    made again with phoenix.js's patience, unless the server closed it with
    1000 or refuses it for good: HTTP 4xx, but for 404, 408, 425 and 429.

    Args:
        url: The endpoint's: ``wss://chat.example/socket``.
        params: The connect parameters: a message, a mapping, or a function that gives one,
            which is asked each time, as for a token that gets old.
        refusals: Those that the endpoint's `connect` may answer.
        auth_token: As phoenix.js's `authToken`; or a function, as for the params.
        headers: More headers of the request, such as Origin or Authorization.
        tls: How wss:// is secured, instead of `ssl.create_default_context()`.
        deflate: Whether to offer permessage-deflate (RFC 7692).
        settings: Times and bounds.
        opener: Opens the stream of bytes instead of TCP to the URL's host: a unix socket,
            a proxy, a test.

    Raises:
        Refused: The endpoint's `connect` refused, with one of `refusals`.
        ConnectFailed: There is no connection for another reason.
        ValueError: The URL is none, or the params have no form in it.
    """
    settings = settings or Settings()
    dialer = Dialer(
        address=Address.parse(url),
        settings=settings,
        params=params,
        auth_token=auth_token,
        headers=dict(headers or {}),
        refusals=tuple(refusals),
        tls=tls,
        deflate=deflate,
        opener=opener,
    )
    machine = ClientMachine(settings, random.random)
    failure: BaseException | None = None
    async with anyio.create_task_group() as tasks:
        driver = Driver(machine, dialer, tasks)
        try:
            await driver.open()
            yield ClientSocket(driver, settings)
        except anyio.get_cancelled_exc_class():
            raise
        except BaseException as error:  # raised below, as it is and in no group
            failure = error
        finally:
            with anyio.CancelScope(shield=True):  # bounded by Settings.closing
                await driver.close()
            tasks.cancel_scope.cancel()
    if failure is not None:
        raise failure
