"""The problems of what an endpoint is given beside its channels. Pure."""

from __future__ import annotations

from .codes import Code

__all__ = ["EndpointCode"]


class EndpointCode(Code):
    """What can be wrong with an endpoint's functions, and with who may ask for what."""

    ALLOW_ELSEWHERE = (
        "CK070",
        "the permission is made for another channel",
        "a function that takes {channel}",
        "write  def {example}(channel: {channel}) -> bool ; or Channel[{assigns}, Any] for several",
    )
    IDENTIFY = (
        "CK071",
        "identify does not fit",
        "a plain function of the assigns: ({assigns}) -> str | None",
        'write  def identify(assigns: {assigns}) -> str: return f"user:{{assigns.id}}"',
    )
    EXPIRES_AT = (
        "CK072",
        "expires_at does not fit",
        "a plain function of the assigns: ({assigns}) -> datetime | None",
        "write  def expires_at(assigns: {assigns}) -> datetime: return assigns.expires",
    )
    ON_DISCONNECT = (
        "CK073",
        "on_disconnect does not fit",
        "an async function of the assigns and the reason: ({assigns}, Exit) -> None",
        "write  async def on_disconnect(assigns: {assigns}, reason: Exit) -> None: ...",
    )
    NOT_CONNECT_INFO = (
        "CK074",
        "connect's second parameter is no ConnectInfo",
        "ConnectInfo, which says where the connection comes from",
        "write  {parameter}: ConnectInfo ; what else connect needs, it can close over",
    )
