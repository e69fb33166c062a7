"""What an author's handlers decide of a join, an info and an intercepted broadcast."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import Refused
from ..exits import Expired, Revoked
from ..messages import Message
from ..payloads import Invalid
from ..serializers import Unsendable
from ..wire import (
    EXPIRED,
    JOIN_CRASHED,
    JOIN_TIMEOUT,
    NO_BINARY,
    OVERLOADED,
    REVOKED,
    Reply,
    refused,
)
from . import log
from .calls import Crashes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..channel import AnyChannel
    from ..dispatch import Route
    from ..exits import Exit
    from ..payloads import Answer, Verdict
    from ..serializers import Serializer
    from ..wire import Push
    from .pubsub import Publication

__all__ = ["changed", "decided", "informed", "why_not"]


async def decided(
    route: Route,
    instance: AnyChannel,
    push: Push,
    serializer: Serializer,
    crashed: Callable[[Exception], None],
) -> tuple[Verdict, Answer]:
    """The join handler's verdict and its answer, which is known to have a form on the wire."""
    plan = route.join
    verdict: Verdict = None
    answer: Answer = ("error", refused(JOIN_CRASHED))
    with Crashes(crashed):
        params = plan.accepts.decode(push.payload)
        if isinstance(params, Invalid):
            return None, ("error", params.response())
        try:
            verdict = await plan.handler(instance, params)
        except Refused as refusal:
            verdict = refusal.refusal
        settled = plan.answers.settle(verdict) or ("ok", {})
        try:
            serializer.reply(Reply(push.join_ref, push.ref, push.topic, *settled))
        except Unsendable:
            settled = ("error", refused(NO_BINARY))
        answer = settled
    return verdict, answer


async def changed(
    route: Route, instance: AnyChannel, publication: Publication, names: Mapping[str, object]
) -> Message | None:
    """What the channel makes of a broadcast that it intercepts; None drops it.

    Raises:
        LocalProtocolError: The handler gave what its annotation does not declare.
    """
    event = publication.broadcast.event
    plan = route.intercepts[event]
    message = plan.accepts.decode(publication.content())
    if isinstance(message, Invalid):
        log.warning("intercept skipped", **names, event=event)
        return None
    result = await plan.handler(instance, message)
    plan.answers.settle(result)
    return result if isinstance(result, Message) else None


async def informed(
    route: Route, instance: AnyChannel, info: object, names: Mapping[str, object]
) -> None:
    """Let the handler of this class of infos have it."""
    for plan in route.infos:
        if isinstance(info, plan.classes):
            await plan.handler(instance, info)
            return
    log.warning("unhandled info", **names, info=type(info).__name__)


def why_not(reason: Exit | None) -> str:
    """Why a join that was cut short is refused; without a reason its time was up."""
    match reason:
        case None:
            return JOIN_TIMEOUT
        case Expired():
            return EXPIRED
        case Revoked():
            return REVOKED
        case _:
            return OVERLOADED
