"""Calling an author's handler."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import anyio

from ..errors import Refused

if TYPE_CHECKING:
    from ..channel import AnyChannel
    from ..dispatch import Handler
    from ..payloads import Verdict

__all__ = ["StrayCancellationError", "being_cancelled", "called"]


async def called(handler: Handler, instance: AnyChannel, message: object) -> Verdict:
    """What a handler returns, or refuses by raising."""
    try:
        return await handler(instance, message)
    except Refused as refusal:
        return refusal.refusal
    except anyio.get_cancelled_exc_class() as error:
        if being_cancelled():
            raise
        raise StrayCancellationError from error


def being_cancelled() -> bool:
    """Whether it is us who are cancelled, and not something that a handler awaited."""
    return anyio.current_effective_deadline() == -math.inf


class StrayCancellationError(Exception):
    """A handler awaited something that somebody else cancelled; the handler's fault, not an end."""

    def __init__(self) -> None:
        super().__init__("the handler awaited something that was cancelled")
