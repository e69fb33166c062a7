"""Declarative real-time channels with typed messages, Phoenix Channels on the wire."""

from .certificates import Certificate
from .channel import Channel, Socket
from .connect_info import ConnectInfo, Peer, Uri
from .declare import (
    Event,
    Join,
    Stream,
    after_join,
    channel,
    on_broadcast,
    on_drain,
    on_event,
    on_info,
    on_join,
    on_leave,
)
from .draining import ServerStats, Stats
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
from .filters import SECRET_WORDS, FilterParameters
from .here import Here
from .http import HttpRequest, HttpResponse
from .instruments import (
    ChannelHandledIn,
    ChannelJoined,
    ChannelLeft,
    LogLevels,
    SocketConnected,
    SocketDisconnected,
    SocketDrain,
)
from .limits import Limits
from .longpoll import LongPoll
from .mailbox import Mailbox
from .messages import Message, Ok, Open, Refusal
from .origins import Origin
from .presence import Presence
from .raw_endpoint import RawEndpoint
from .raw_frames import Ping, Pong
from .raw_socket import RawSocket
from .routers import Router
from .secrecy import Secret
from .server import Server
from .topics import Topic
from .transports.static import static

__all__ = [
    "SECRET_WORDS",
    "CallFailed",
    "Certificate",
    "Channel",
    "ChannelHandledIn",
    "ChannelJoined",
    "ChannelKitError",
    "ChannelLeft",
    "ConnectInfo",
    "DeclarationError",
    "Disconnected",
    "Endpoint",
    "Event",
    "Exit",
    "FilterParameters",
    "Here",
    "HttpRequest",
    "HttpResponse",
    "Join",
    "Limits",
    "LocalProtocolError",
    "LogLevels",
    "LongPoll",
    "Mailbox",
    "Message",
    "Ok",
    "Open",
    "Origin",
    "Peer",
    "Ping",
    "Pong",
    "Presence",
    "RawEndpoint",
    "RawSocket",
    "Refusal",
    "Refused",
    "RemoteProtocolError",
    "Router",
    "Secret",
    "Server",
    "ServerStats",
    "Socket",
    "SocketConnected",
    "SocketDisconnected",
    "SocketDrain",
    "Stats",
    "Stream",
    "Topic",
    "Uri",
    "after_join",
    "channel",
    "on_broadcast",
    "on_drain",
    "on_event",
    "on_info",
    "on_join",
    "on_leave",
    "static",
]
