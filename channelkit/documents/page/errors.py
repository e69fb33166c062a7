"""The errors that the server itself answers, whatever a channel declares. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ... import wire
from .articles import heading
from .elements import tag
from .prose import inline

if TYPE_CHECKING:
    from .elements import Html

__all__ = ["REASONS", "errors_page"]

REASONS: Final = {
    wire.INVALID_PAYLOAD: "The payload does not fit its type; `errors` says where and why.",
    wire.FORBIDDEN: "The event's permission said no.",
    wire.RATE_LIMITED: "It came too soon; `retry_after` is how long to wait, in milliseconds.",
    wire.UNKNOWN_EVENT: "The channel has no such event.",
    wire.UNMATCHED_TOPIC: "The topic is not joined, or no channel has it. Nothing has happened:"
    " the push may be sent again.",
    wire.OVERLOADED: "Too much waits to be handled, or too many streams are open.",
    wire.CHANNEL_CLOSED: "The member ended while its event was handled: perhaps in part.",
    wire.TOO_MANY_CHANNELS: "A join above the limit of topics.",
    wire.JOIN_CRASHED: "The join failed for a reason of the server's.",
    wire.JOIN_TIMEOUT: "The join took longer than its limit.",
    wire.EXPIRED: "What allowed the join had ended before its reply left.",
    wire.REVOKED: "What allowed the join was taken back before its reply left.",
    wire.INVALID_MESSAGE: "The frame is no envelope of this version of the wire.",
    wire.NO_BINARY: "The answer is binary, which this version of the wire has no form for.",
}
"""Each reason, with when it comes."""


def errors_page(address: str) -> Html:
    """What every join and every event may be answered beside what it declares."""
    intro = "Any join or event may be answered with one of these, beside what it declares."
    crash = (
        "A handler that fails is answered by ",
        tag("code", wire.ERROR),
        " on its topic: the join has ended, and clients join again by themselves.",
    )
    return tag(
        "section",
        tag("div", heading(2, address, "Errors"), tag("p", intro), class_="words"),
        tag("ul", (_reason(*item) for item in REASONS.items()), class_="refusals"),
        tag("p", crash, class_="note"),
        id=address,
        class_="chapter",
        aria_label="Errors",
    )


def _reason(reason: str, when: str) -> Html:
    return tag(
        "li",
        tag("p", tag("code", reason, class_="name"), class_="head"),
        tag("p", inline(when)),
        data_refusal=reason,
    )
