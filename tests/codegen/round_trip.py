"""A generated module, made a program again: what it declares, served, and its contract."""

from __future__ import annotations

import importlib.util
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from typing_extensions import TypeIs

from channelkit import Channel, ConnectInfo, Endpoint, Limits, Open
from channelkit.codegen import client
from channelkit.contract import contract_of
from channelkit.contract.form import Model
from channelkit.declare import Event
from channelkit.longpoll import LongPoll

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from pathlib import Path
    from types import ModuleType

    from channelkit.channel import AnyChannel
    from channelkit.contract import Contract
    from channelkit.contract.form import ChannelContract, ConnectContract, EndpointContract

__all__ = ["declared", "imported", "round_trip"]


@contextmanager
def imported(text: str, folder: Path, name: str = "chat_client") -> Generator[ModuleType]:
    """A module of this text, for as long as the block lasts."""
    path = folder / f"{name}.py"
    path.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
        yield module
    finally:
        del sys.modules[name]


def round_trip(contract: Contract, folder: Path) -> Contract:
    """The contract of what the module of a contract with one endpoint declares.

    What clients do not declare (limits, transports, permissions) is taken from the first.
    """
    (endpoint,) = contract.endpoints
    with imported(client(contract, endpoint, "python"), folder) as module:
        return contract_of([_endpoint(module, endpoint)])


def declared(module: ModuleType, channel: ChannelContract) -> type[AnyChannel]:
    """The class of a channel."""
    named = {event.event for event in channel.events}
    for found in _channels(module):
        if found.__pattern__ == channel.pattern and {one.name for one in _events(found)} == named:
            return found
    raise AssertionError(f"nothing declares {channel.name}")


def _channels(module: ModuleType) -> Iterator[type[AnyChannel]]:
    names: list[str] = module.__all__
    values: list[object] = [getattr(module, name) for name in names]
    return filter(_is_channel, values)


def _events(channel: type[AnyChannel]) -> list[Event[Any, Any, Any]]:
    return [*filter(_is_event, vars(channel).values())]


def _is_channel(value: object) -> TypeIs[type[AnyChannel]]:
    return isinstance(value, type) and issubclass(value, Channel)


def _is_event(value: object) -> TypeIs[Event[Any, Any, Any]]:
    return isinstance(value, Event)


def _endpoint(module: ModuleType, endpoint: EndpointContract) -> Endpoint[Any]:
    limits: Any = endpoint.limits
    given: Any = {} if endpoint.connect is None else {"connect": _connect(module, endpoint.connect)}
    return Endpoint(
        endpoint.path,
        [_served(declared(module, channel), channel) for channel in endpoint.channels],
        limits=Limits(**limits),
        longpoll=LongPoll() if "longpoll" in endpoint.transports else False,
        subprotocols=endpoint.subprotocols,
        rate=endpoint.rate,
        vsn=endpoint.vsn,
        **given,
    )


def _served(channel: type[AnyChannel], contract: ChannelContract) -> type[AnyChannel]:
    """The class as its server has it: with its name and its permissions."""
    channel.__declared__ = False
    channel.__name__ = contract.name
    permissions = {event.event: event.permission for event in contract.events}
    for event in _events(channel):
        event.allow = _permission(permissions[event.name])
    return channel


def _permission(name: str | None) -> Callable[[Any], bool] | None:
    def allow(member: Channel[Any, Any]) -> bool:
        raise NotImplementedError

    allow.__name__ = name or ""
    return None if name is None else allow


def _connect(module: ModuleType, contract: ConnectContract) -> object:
    """A `connect` with these parameters and refusals."""

    def named(ref: str) -> Any:
        return getattr(module, ref.removeprefix("#/schemas/").replace("-", ""))

    async def connect(params: Any, info: ConnectInfo) -> Any:
        raise NotImplementedError

    params: Any = [named(one.ref) if isinstance(one, Model) else Open for one in contract.params]
    result: Any = dict[str, Any]
    for refusal in contract.refuses:
        result = result | named(refusal.ref)
    kind = params[0]
    for one in params[1:]:
        kind = kind | one
    connect.__annotations__ = {"params": kind, "info": ConnectInfo, "return": result}
    return connect
