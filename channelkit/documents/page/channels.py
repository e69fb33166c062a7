"""A channel as a page of a manual: its topic, how to join, what to send, what comes. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .elements import joined, tag
from .payloads import fields, payloads, refusals
from .prose import prose

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ...contract.form import (
        ChannelContract,
        EventContract,
        JoinContract,
        PresenceContract,
        PushContract,
        Schema,
    )
    from .elements import Children, Html
    from .outline import ChannelPart

__all__ = ["channel_page"]


def channel_page(part: ChannelPart, schemas: Mapping[str, Schema], *, console: bool) -> Html:
    """The whole page of a channel; with places where a console puts what it does there."""
    return tag(
        "section",
        _Page(part, schemas, console=console).content(),
        id=part.address,
        class_="channel",
        aria_labelledby=f"{part.address}-title",
        data_channel=part.channel.pattern,
        data_endpoint=part.endpoint.path,
    )


class _Page:
    def __init__(self, part: ChannelPart, schemas: Mapping[str, Schema], *, console: bool) -> None:
        self._part, self._schemas, self._console = part, schemas, console

    def content(self) -> Iterator[Html]:
        channel, part = self._part.channel, self._part
        yield self._opening(channel)
        yield self._join(channel.join)
        if channel.events:
            yield tag("h3", "What you send", id=f"{part.address}.send")
            yield from map(self._event, channel.events, part.events)
        if channel.pushes:
            yield tag("h3", "What you receive", id=f"{part.address}.receive")
            yield from map(self._push, channel.pushes, part.pushes)
        if channel.presence is not None:
            yield self._presence(channel.presence, part.presence)

    def _opening(self, channel: ChannelContract) -> Html:
        return tag(
            "header",
            tag("h2", tag("code", channel.pattern), id=f"{self._part.address}-title"),
            prose(channel.description),
        )

    def _join(self, join: JoinContract) -> Html:
        return tag(
            "article",
            tag("h3", "Join"),
            prose(join.description),
            self._said("Parameters", payloads(join.accepts, self._schemas), 4),
            self._said("Reply", payloads(join.answers, self._schemas), 4) if join.answers else None,
            self._said("Refusals", refusals(join.refuses, self._schemas), 4)
            if join.refuses
            else None,
            self._slot(),
            id=self._part.join,
            data_join=True,
        )

    def _event(self, event: EventContract, address: str) -> Html:
        return tag(
            "article",
            tag("h4", tag("code", event.event)),
            prose(event.description),
            self._said("Payload", payloads(event.accepts, self._schemas), 5),
            self._said("Reply", payloads(event.answers, self._schemas), 5)
            if event.answers
            else None,
            self._said("Refusals", refusals(event.refuses, self._schemas), 5)
            if event.refuses
            else None,
            self._slot(),
            id=address,
            data_event=event.event,
        )

    def _push(self, push: PushContract, address: str) -> Html:
        return tag(
            "article",
            tag("h4", tag("code", push.event)),
            prose(push.description),
            self._said("Payload", payloads(push.payload, self._schemas), 5),
            self._slot(),
            id=address,
            data_push=push.event,
        )

    def _presence(self, presence: PresenceContract, address: str | None) -> Html:
        name = presence.meta.ref.removeprefix("#/schemas/")
        return tag(
            "article",
            tag("h3", "Presence"),
            self._said("Each meta", fields(self._schemas[name]), 4),
            self._slot(),
            id=address,
            data_presence=True,
        )

    def _slot(self) -> Html | None:
        return tag("div", data_console_slot=True) if self._console else None

    @staticmethod
    def _said(title: str, content: Children, level: int) -> Html:
        return joined(tag(f"h{level}", title), content)
