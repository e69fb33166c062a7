"""Calling an author's handler: permission, payload, call, check of the result."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import anyio

from ..errors import Refused
from ..payloads import Invalid
from ..wire import FORBIDDEN, refused

if TYPE_CHECKING:
    from ..channel import AnyChannel
    from ..dispatch import EventPlan, Handler
    from ..payloads import Answer, Verdict
    from ..wire import Push

__all__ = ["answered", "called"]


async def answered(plan: EventPlan, instance: AnyChannel, push: Push) -> Answer | None:
    """Handle one event; None where its handler stays silent.

    Raises:
        Exception: Whatever the handler raised, or a `LocalProtocolError`
            where it returned what it does not declare.
    """
    if plan.allow is not None and not plan.allow(instance):
        return "error", refused(FORBIDDEN)
    message = plan.accepts.decode(push.payload)
    if isinstance(message, Invalid):
        return "error", message.response()
    return plan.answers.settle(await called(plan.handler, instance, message))


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
