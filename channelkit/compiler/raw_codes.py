"""The problems of a raw socket's class. Pure."""

from __future__ import annotations

from .codes import Code

__all__ = ["RawCode"]


class RawCode(Code):
    """What can be wrong with a class of callbacks for bare frames."""

    NO_FRAMES = (
        "CK067",
        "the raw endpoint's class takes no frames",
        "a subclass of RawSocket that overrides on_frame",
        "add  async def on_frame(self, frame: str | bytes) -> None: ...",
    )
    NOT_A_CALLBACK = (
        "CK068",
        "the callback cannot be called as the connection does",
        "{expected}",
        "write it as  {expected}: ...",
    )
    NEVER_CALLED = (
        "CK069",
        "the raw socket's class has a method that nobody calls",
        "the callbacks {names}, and helpers that are not called on_…",
        "{advice}",
    )
