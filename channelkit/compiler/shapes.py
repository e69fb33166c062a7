"""What each kind of handler takes and returns, in words. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from .handler_codes import HandlerCode

__all__ = [
    "CONNECT",
    "EVENT",
    "FETCH",
    "HOOK",
    "INFO",
    "INTERCEPT",
    "JOIN",
    "LEAVE",
    "STREAM",
    "Shape",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One kind of handler."""

    takes: tuple[int, ...] = (1,)
    """How many parameters it may have, ``self`` apart."""
    parameters: str = "self and the payload"
    elsewhere: str = "on self or in the payload"
    """Where it finds what it might want as further parameters."""
    accepts: str = "a Message subclass or bytes"
    accepts_example: str = "NewMessage"
    binary: bool = True
    """Whether it may take bytes."""
    untyped: HandlerCode = HandlerCode.NO_PARAMETER_TYPE
    """What a parameter without a type is."""
    returns: str = "None"
    returns_example: str = "None"
    ok: bool = False
    """Whether it may return Ok."""
    yields: bool = False
    """Whether it is an async generator."""


JOIN: Final = Shape(
    accepts_example="JoinRoom",
    returns="Message subclasses, bytes or None (granted), Refusal subclasses (refused)",
    returns_example="RoomState | RoomFull",
)
EVENT: Final = Shape(
    returns="Message subclasses, bytes, Ok (an empty reply), Refusal subclasses, None (no reply)",
    returns_example="Accepted",
    ok=True,
)
STREAM: Final = Shape(
    returns="AsyncIterator[...] of the channel's pushes and Refusal subclasses",
    returns_example="AsyncIterator[Posted]",
    yields=True,
)
HOOK: Final = Shape(takes=(0,), parameters="self alone")
LEAVE: Final = Shape(parameters="self and the reason", untyped=HandlerCode.NOT_EXIT)
INFO: Final = Shape(parameters="self and the info", untyped=HandlerCode.INFO_TYPE)
INTERCEPT: Final = Shape(
    parameters="self and the message",
    accepts="one of the channel's pushes",
    accepts_example="Posted",
    returns="the same message, None (to drop it), or both",
    returns_example="Posted | None",
)
CONNECT: Final = Shape(
    takes=(1, 2),
    parameters="the params, and perhaps a ConnectInfo",
    elsewhere="in the params and the ConnectInfo",
    accepts="a Message subclass",
    accepts_example="ConnectParams",
    binary=False,
    returns="the assigns, and Refusal subclasses",
    returns_example="User | Denied",
)
FETCH: Final = Shape(
    takes=(2,),
    parameters="the topic, and the metas of each key",
    elsewhere="in the metas",
    accepts="str, the topic",
    accepts_example="str",
    returns="a model for each key, as a Mapping",
    returns_example="dict[str, Profile]",
)
