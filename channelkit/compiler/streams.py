"""Events whose handler is an async generator: what it yields, and how it ends. Pure."""

from __future__ import annotations

import inspect
from collections.abc import AsyncGenerator, AsyncIterator
from typing import TYPE_CHECKING, Final, get_args, get_origin

from ..dispatch import StreamPlan
from ..messages import Message, Ok, Refusal
from ..payloads import Answers
from .annotations import arms, shown, union
from .handler_codes import HandlerCode
from .payload_types import is_message, is_refusal, report_bare
from .places import plain
from .problems import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..dispatch import Streamer
    from .payload_types import Reading
    from .signatures import Typed

__all__ = ["is_stream", "read_stream"]

_STREAMS: Final = (AsyncIterator, AsyncGenerator)


def is_stream(handler: object) -> bool:
    """Whether a handler yields its answer."""
    return inspect.isasyncgenfunction(plain(handler))


def read_stream(
    handler: Streamer,
    typed: Typed | None,
    pushes: Mapping[type[Message], str] | None,
    reading: Reading,
) -> tuple[StreamPlan, Answers] | None:
    """What a stream pushes and how it is answered; None if something is wrong, and reported.

    Args:
        handler: The generator function.
        typed: Its return annotation.
        pushes: What the channel declares; None if that could not be read.
        reading: The run.
    """
    yielded = _yielded(typed, reading)
    if typed is None or yielded is None or pushes is None:
        return None
    refusals = tuple(arm for arm in yielded if is_refusal(arm) and arm is not Refusal)
    items = {arm: pushes[arm] for arm in yielded if is_message(arm) and arm in pushes}
    fine: set[object] = {*refusals, *items}
    wrong = [arm for arm in yielded if arm not in fine]
    for arm in wrong:
        _report(arm, typed, pushes, reading)
    for refusal in refusals:
        reading.models.check_refusal(refusal)
    if not items and not wrong:
        _report_empty(yielded, typed, pushes, reading)
    if not items or wrong:
        return None
    answers = Answers(replies=(Ok,), refusals=refusals, silent=False)
    return StreamPlan(handler=handler, items=items), answers


def _yielded(typed: Typed | None, reading: Reading) -> tuple[object, ...] | None:
    """The types of the items."""
    if typed is None:
        return None
    match typed.arms:
        case (stream,) if get_origin(stream) in _STREAMS:
            return arms(get_args(stream)[0])
        case _:
            messages = tuple(filter(is_message, typed.arms))
            reading.findings.report(
                HandlerCode.STREAM_RETURN,
                typed.place,
                got=union(typed.arms),
                example=union(messages) if messages else "Posted",
            )
            return None


def _report(
    arm: object, typed: Typed, pushes: Mapping[type[Message], str], reading: Reading
) -> None:
    if arm is Message or arm is Refusal:
        report_bare(arm, typed.place, reading.findings)
        return
    names, got = [shown(push) for push in pushes], shown(arm)
    reading.findings.report(
        HandlerCode.STREAM_ITEM,
        typed.place,
        got=got,
        hint=did_you_mean(got, names),
        remedy=_remedy(arm),
        pushes=", ".join(names) or "there are none",
        example=got,
    )


def _report_empty(
    yielded: tuple[object, ...],
    typed: Typed,
    pushes: Mapping[type[Message], str],
    reading: Reading,
) -> None:
    reading.findings.report(
        HandlerCode.STREAM_ITEM,
        typed.place,
        got=f"{union(yielded)} alone",
        remedy="name what it streams; an event that only refuses returns its Refusal",
        pushes=", ".join(map(shown, pushes)) or "there are none",
    )


def _remedy(arm: object) -> str | None:
    """What to do about an item that declaring it would not help."""
    if is_message(arm):
        return None
    if arm is bytes:
        return 'binary needs an event too, as in  class Chunk(Open, event="chunk")'
    return "give the items a class of their own, as in  class Posted(Message): body: str"
