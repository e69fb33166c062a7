"""Instruments that hear of something else, or that nobody would await."""

from __future__ import annotations

from channelkit import ChannelJoined, FilterParameters, SocketConnected
from tests.typing.accepted.instruments import endpoint


async def asynchronous(event: ChannelJoined) -> None: ...


def of_sockets(event: SocketConnected) -> None: ...


def of_nothing() -> None: ...


# mypy> Argument "channel_joined" to "instrument" of
# pyright> "CoroutineType[Any, Any, None]" is not assignable to "None"
endpoint.instrument(channel_joined=asynchronous)

# mypy> Argument "channel_joined" to "instrument" of
# pyright> "ChannelJoined" is not assignable to "SocketConnected"
endpoint.instrument(channel_joined=of_sockets)

# mypy> Argument "channel_joined" to "instrument" of
# pyright> Function accepts too few positional parameters; expected 1 but received 0
endpoint.instrument(channel_joined=of_nothing)

# mypy> Unexpected keyword argument "channel_join"
# pyright> No parameter named "channel_join"
endpoint.instrument(channel_join=of_sockets)


def changed(event: ChannelJoined) -> None:
    # mypy> Property "topic" defined in "ChannelJoined" is read-only
    # pyright> Attribute "topic" is read-only
    event.topic = "other"
    # mypy> "ChannelJoined" has no attribute "payload"
    # pyright> Cannot access attribute "payload" for class "ChannelJoined"
    event.payload


# mypy> Argument 1 to "adding" of "FilterParameters" has incompatible type "list[str]"; expected "str"
# pyright> "list[str]" is not assignable to "str"
FilterParameters.adding(["iban"])
