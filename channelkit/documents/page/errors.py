"""The errors that the server itself answers, whatever a channel declares. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...wire import ERROR
from ..framework import event_errors, join_errors
from .articles import heading, said
from .elements import tag
from .prose import inline

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..framework import Answer
    from .elements import Html
    from .outline import Outline

__all__ = ["errors_page"]

INTRO = "Beside the refusals that they declare, joins and events may be answered with these errors."


def errors_page(book: Outline) -> Html:
    """What every join and every event may be answered beside what it declares."""
    endpoints = [part.endpoint for part in book.endpoints]
    joins = [answer for endpoint in endpoints for answer in join_errors(endpoint)]
    events = [
        answer
        for endpoint in endpoints
        for channel in endpoint.channels
        for event in channel.events
        for answer in event_errors(endpoint, event)
    ]
    crash = (
        "A handler that fails is answered by ",
        tag("code", ERROR),
        " on its topic: the membership has ended, and clients join again by themselves.",
    )
    return tag(
        "section",
        tag("div", heading(2, book.errors, "Errors"), tag("p", INTRO), class_="words"),
        tag(
            "div",
            tag("div", said(3, "Of a join", _reasons(joins)), class_="words"),
            tag("div", said(3, "Of an event", _reasons(events)), class_="words"),
            class_="columns",
        ),
        tag("p", crash, class_="note"),
        id=book.errors,
        class_="chapter",
        aria_label="Errors",
    )


def _reasons(answers: Iterable[Answer]) -> Html:
    """Each once, with when it comes."""
    return tag("ul", map(_reason, dict.fromkeys(answers)), class_="refusals")


def _reason(answer: Answer) -> Html:
    when = f"{answer.when[:1].upper()}{answer.when[1:]}."
    return tag(
        "li",
        tag("p", tag("code", answer.reason, class_="name"), class_="head"),
        tag("p", inline(when)),
        data_refusal=answer.reason,
    )
