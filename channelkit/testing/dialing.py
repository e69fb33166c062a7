"""What it takes to be connected in memory, whatever is spoken then."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, cast

import anyio
import anyio.lowlevel

from ..connect_info import ConnectInfo, Peer, Uri
from ..errors import Refused
from ..handshake import Accepted, Denied
from ..messages import Message
from ..serializers import SERIALIZERS
from ..transports.admission import Arrival
from ..transports.site import Door
from ..verdicts import declined

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping

    from pydantic import JsonValue

    from ..handshake import Welcome
    from ..mount import Mount
    from ..runtime.carried import Carried
    from ..serializers import Serializer
    from ..transports.site import Application

__all__ = ["let_in", "running"]


async def let_in(
    endpoint: Mount,
    params: Message | Mapping[str, JsonValue] | None,
    info: ConnectInfo | None,
    serializer: Serializer = SERIALIZERS[0],  # which a raw endpoint has no use for
) -> Welcome:
    """What the endpoint's `connect` says; its instruments are told.

    Raises:
        Refused: It refused; carries the typed refusal.
        CallFailed: The connect parameters are invalid.
    """
    fields = params.model_dump(mode="json") if isinstance(params, Message) else dict(params or {})
    uri = Uri(host="test", path=endpoint.socket_path)
    info = info or ConnectInfo(peer=Peer("127.0.0.1", 0), uri=uri)
    asked = Accepted(serializer=serializer, params=fields, info=info, subprotocol=None)
    # To pyright, a cached_property is none of a protocol's properties.
    arrival = Arrival(Door(cast("Application", endpoint)), "", info.transport)
    arrival.admitted(lambda: asked)
    welcome = await endpoint.connect(fields, info)
    if isinstance(welcome, Denied):
        arrival.refused(welcome)
        plan = endpoint.connect_plan
        raise Refused(declined(() if plan is None else plan.refusals, welcome.response))
    arrival.connected(welcome.id)
    return welcome


@asynccontextmanager
async def running(connection: Carried, hang_up: Callable[[], None]) -> AsyncGenerator[None]:
    """Run a connection for as long as the block lasts; at its end the client hangs up."""
    failure: BaseException | None = None
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(connection.run)
        while not connection.reading and connection.exit is None:
            await anyio.lowlevel.checkpoint()  # from its first step on it counts
        try:
            yield
        except anyio.get_cancelled_exc_class():
            raise
        except BaseException as error:  # pytest.fail raises one, too
            failure = error
        finally:
            hang_up()
    if failure is not None:  # as it was raised, not in the group of a task that nobody sees
        raise failure
