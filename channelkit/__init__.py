"""Declarative real-time channels with typed messages, Phoenix Channels on the wire."""

from .channel import Channel, Socket
from .declare import (
    Event,
    Join,
    after_join,
    channel,
    on_broadcast,
    on_event,
    on_info,
    on_join,
    on_leave,
)
from .endpoint import Endpoint
from .errors import (
    CallFailed,
    ChannelKitError,
    DeclarationError,
    Disconnected,
    LocalProtocolError,
    Refused,
    RemoteProtocolError,
)
from .exits import Exit
from .handshake import ConnectInfo
from .http import HttpRequest, HttpResponse
from .limits import Limits
from .messages import Message, Ok, Open, Refusal
from .server import Server
from .topics import Topic
from .transports.static import static

__all__ = [
    "CallFailed",
    "Channel",
    "ChannelKitError",
    "ConnectInfo",
    "DeclarationError",
    "Disconnected",
    "Endpoint",
    "Event",
    "Exit",
    "HttpRequest",
    "HttpResponse",
    "Join",
    "Limits",
    "LocalProtocolError",
    "Message",
    "Ok",
    "Open",
    "Refusal",
    "Refused",
    "RemoteProtocolError",
    "Server",
    "Socket",
    "Topic",
    "after_join",
    "channel",
    "on_broadcast",
    "on_event",
    "on_info",
    "on_join",
    "on_leave",
    "static",
]
