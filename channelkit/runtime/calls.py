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

__all__ = ["called"]


async def called(handler: Handler, instance: AnyChannel, message: object) -> Verdict:
    """What a handler returns, or refuses by raising."""
    try:
        return await handler(instance, message)
    except Refused as refusal:
        return refusal.refusal
    except anyio.get_cancelled_exc_class() as error:
        if anyio.current_effective_deadline() == -math.inf:
            raise
        # Nobody cancelled us: the handler awaited something that was cancelled.
        raise RuntimeError("the handler awaited something that was cancelled") from error
