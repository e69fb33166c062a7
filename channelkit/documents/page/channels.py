"""A channel as a page of a manual: its topic, how to join, what to send, what comes. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, final

from ...wire import PRESENCE_DIFF, PRESENCE_STATE
from ..words import name_of, schema_words
from .articles import answers, article, facts, heading, said, samples_of
from .elements import joined, tag
from .panels import snippets
from .prose import prose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...contract.form import (
        ChannelContract,
        EventContract,
        JoinContract,
        ParameterContract,
        PresenceContract,
        PushContract,
    )
    from .articles import Book
    from .elements import Children, Html
    from .outline import ChannelPart

__all__ = ["channel_page", "pattern_code"]

SEND = "What you send"
RECEIVE = "What you receive"


def channel_page(part: ChannelPart, book: Book) -> Html:
    """The whole page of a channel."""
    return tag(
        "section",
        _Page(part, book).content(),
        id=part.address,
        class_="chapter",
        aria_label=f"Channel {part.channel.pattern}",
        data_channel=part.channel.pattern,
        data_endpoint=part.endpoint.path,
    )


def pattern_code(pattern: str) -> Html:
    """A pattern, what varies in it marked."""
    parts = re.split(r"(\{[^}]*\})", pattern)
    return tag("code", (tag("var", part) if part[:1] == "{" else part for part in parts))


@final
class _Page:
    def __init__(self, part: ChannelPart, book: Book) -> None:
        self._part, self._book = part, book

    def content(self) -> Iterator[Html]:
        channel, part = self._part.channel, self._part
        yield self._opening(channel)
        yield self._join(channel.join)
        if channel.events:
            yield self._group(SEND, "send")
            yield self._beside("Events")
            yield from map(self._event, channel.events, part.events)
        if channel.pushes:
            yield self._group(RECEIVE, "receive")
            yield from map(self._push, channel.pushes, part.pushes)
        if channel.presence is not None and part.presence is not None:
            yield self._presence(channel.presence, part.presence)

    def _group(self, title: str, name: str) -> Html:
        address = f"{self._part.address}.{name}"
        return tag("h3", tag("a", title, href=f"#{address}"), id=address, class_="group")

    def _beside(self, what: str) -> Html:
        """Where it is told what else may be answered."""
        link = tag("a", "errors", href=f"#{self._book.outline.errors}")
        text = f"{what} may also be answered with one of the ", link, " of the server itself."
        return tag("p", text, class_="note")

    def _opening(self, channel: ChannelContract) -> Html:
        part = self._part
        words = (
            tag("p", "Channel ", tag("code", channel.name), class_="eyebrow"),
            heading(2, part.address, pattern_code(channel.pattern)),
            prose(channel.description),
            self._topic(channel),
        )
        return tag(
            "header",
            tag("div", words, class_="words"),
            tag("div", self._index(channel), class_="code"),
        )

    def _topic(self, channel: ChannelContract) -> Html:
        if not channel.parameters:
            return tag("p", "One topic, with this very name.", class_="note")
        items = tag("ul", map(self._parameter, channel.parameters), class_="fields")
        return said(3, "Topic", items)

    def _parameter(self, parameter: ParameterContract) -> Html:
        words = schema_words(parameter.value, self._book.outline.contract.schemas)
        rest = tag("p", "The rest of the topic, colons and all; it may be empty.")
        return tag(
            "li",
            tag(
                "p",
                tag("code", parameter.name, class_="name"),
                tag("span", self._book.sent.words(words), class_="type"),
                class_="head",
            ),
            prose(str(parameter.value.get("description", ""))),
            rest if parameter.rest else None,
            data_parameter=parameter.name,
        )

    def _index(self, channel: ChannelContract) -> Html:
        """Everything that the channel has, as links."""
        part = self._part
        links = [("join", "", part.join)]
        links += [("send", e.event, to) for e, to in zip(channel.events, part.events, strict=True)]
        links += [
            ("receive", p.event, to) for p, to in zip(channel.pushes, part.pushes, strict=True)
        ]
        if part.presence is not None:
            links.append(("presence", "", part.presence))
        items = (
            tag(
                "li",
                tag(
                    "a",
                    tag("span", kind, class_=kind),
                    " ",
                    tag("code", name) if name else None,
                    href=f"#{to}",
                ),
            )
            for kind, name, to in links
        )
        return tag("ul", items, class_="index")

    def _join(self, join: JoinContract) -> Html:
        words = (
            heading(3, self._part.join, "Join"),
            prose(join.description),
            said(4, "Parameters", self._book.sent.payloads(join.accepts)),
            answers(self._book, 4, join.answers, join.refuses),
            self._beside("A join"),
        )
        codes = self._book.snippets.join(self._part.endpoint, self._part.channel)
        code = (
            snippets("How to join", codes),
            samples_of(self._book, "Replies to a join", {"ok": join.answers}, join.refuses),
        )
        return article(self._book, self._part.join, words, code, data_join=True)

    def _event(self, event: EventContract, address: str) -> Html:
        words = (
            heading(4, address, tag("code", event.event), "send"),
            prose(event.description),
            facts(self._rules(event)),
            said(5, "Payload", self._book.sent.payloads(event.accepts)),
            answers(self._book, 5, event.answers, event.refuses),
        )
        name, replies = event.event, {"ok": event.answers}
        code = (
            snippets(f"How to push {name}", self._book.snippets.event(self._part.channel, event)),
            samples_of(self._book, f"Replies to {name}", replies, event.refuses),
        )
        return article(self._book, address, words, code, data_event=event.event)

    def _rules(self, event: EventContract) -> Iterator[tuple[str, Children]]:
        """Who may send it, how often, and what comes back when."""
        if event.permission is None:
            yield "Who may", "every member"
        else:
            yield "Who may", ("whom ", tag("code", event.permission), " allows")
        if event.rate is not None:
            yield "How often", event.rate
        yield "Replies", self._replies(event)
        if event.streams is not None:
            yield "Streams", self._streams(event.streams)

    @staticmethod
    def _replies(event: EventContract) -> str:
        if not event.answers:
            return "only refusals" if event.refuses else "none"
        order = "may overtake others" if event.concurrent else "in order"
        return f"{'one, or none' if event.silent else 'always one'}, {order}"

    def _streams(self, streams: tuple[str, ...]) -> Html:
        """The pushes that come with its ref, then the reply."""
        channel, part = self._part.channel, self._part
        known = dict(zip((push.event for push in channel.pushes), part.pushes, strict=True))
        links = (
            (tag("a", tag("code", name), href=f"#{known[name]}"), " ")
            if name in known
            else (tag("code", name), " ")
            for name in streams
        )
        return joined(links, "with its ref, until the reply ends them")

    def _push(self, push: PushContract, address: str) -> Html:
        varies = "It may differ from member to member, or not come at all."
        words = (
            heading(4, address, tag("code", push.event), "receive"),
            prose(push.description),
            tag("p", varies, class_="note") if push.intercepted else None,
            said(5, "Payload", self._book.received.payloads(push.payload)),
        )
        name = push.event
        code = (
            snippets(f"How to hear {name}", self._book.snippets.push(self._part.channel, push)),
            samples_of(self._book, f"A sample of {name}", {name: push.payload}),
        )
        return article(self._book, address, words, code, data_push=push.event)

    def _presence(self, presence: PresenceContract, address: str) -> Html:
        book = self._book
        intro = (
            "Who is here. ",
            tag("code", PRESENCE_STATE),
            " comes with everybody, ",
            tag("code", PRESENCE_DIFF),
            " with who came and left; each key has a list of metas.",
        )
        beside = presence.beside
        words = (
            heading(3, address, "Presence"),
            tag("p", intro),
            said(4, "Each meta", book.received.named(name_of(presence.meta.ref))),
            None
            if beside is None
            else said(4, "Beside the metas", book.received.named(name_of(beside.ref))),
        )
        codes = book.snippets.presence(self._part.channel, presence)
        code = snippets("How to know who is here", codes)
        return article(book, address, words, code, data_presence=True)
