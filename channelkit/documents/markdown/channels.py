"""A channel as a chapter: how to join, what to push, what comes. Pure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, final

from ..samples import Samples
from ..words import name_of, schema_words
from .signs import code, fenced, prose, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ...contract.form import (
        ChannelContract,
        Contract,
        EndpointContract,
        EventContract,
        JoinContract,
        Payload,
        PresenceContract,
        PushContract,
    )
    from ..snippets import Snippet, Snippets
    from .addresses import Addresses
    from .fields import Fields

__all__ = ["Chapter", "filled", "heading", "snippets"]


@final
class Chapter:
    """Writes what stands in the document of one channel.

    Args:
        addresses: Where everything stands.
    """

    def __init__(
        self,
        contract: Contract,
        endpoint: EndpointContract,
        channel: ChannelContract,
        addresses: Addresses,
        fields: Fields,
        examples: Snippets,
    ) -> None:
        self._contract = contract
        self._endpoint = endpoint
        self._channel = channel
        self._addresses = addresses
        self.address = addresses.of("channel", endpoint.path, channel.pattern)
        self._fields = fields
        self._examples = examples
        self._samples = Samples(contract.schemas)

    @property
    def heading(self) -> str:
        """What it is called, as Markdown."""
        return code(self._channel.pattern)

    def contents(self) -> Iterator[tuple[str, str]]:
        """Its parts, as Markdown, with their addresses."""
        yield "join", self._at("join")
        for event in self._channel.events:
            yield f"event {code(event.event)}", self._at("event", event.event)
        for push in self._channel.pushes:
            yield f"push {code(push.event)}", self._at("push", push.event)
        if self._channel.presence is not None:
            yield "presence", self._at("presence")

    def blocks(self) -> Iterator[str]:
        """The whole chapter."""
        channel = self._channel
        yield from heading(2, self.heading, self.address)
        yield f"{code(channel.name)}, on {code(self._endpoint.path)}."
        yield from filled(prose(channel.description))
        if channel.parameters:
            yield table(
                ("in the topic", "type", "description"),
                (
                    (
                        code(one.name),
                        self._fields.words(schema_words(one.value, self._contract.schemas)),
                        "The rest of the topic, colons and all; may be empty." if one.rest else "",
                    )
                    for one in channel.parameters
                ),
            )
        yield from self._join(channel.join)
        if channel.events:
            yield "### Events"
            yield "What a member may push."
            for event in channel.events:
                yield from self._event(event)
        if channel.pushes:
            yield "### Pushes"
            yield "What a member gets."
            for push in channel.pushes:
                yield from self._push(push)
        if channel.presence is not None:
            yield from self._presence(channel.presence)

    def _at(self, *names: str) -> str:
        channel = self._channel.pattern
        return self._addresses.of("channel", self._endpoint.path, channel, *names)

    def _join(self, join: JoinContract) -> Iterator[str]:
        yield from heading(3, "Join", self._at("join"))
        yield from filled(prose(join.description))
        yield from self._fields.payloads("**Parameters**", join.accepts)
        yield from self._fields.payloads("**Answered** ok with", join.answers)
        if join.refuses:
            yield "**Refused** with:"
            yield self._fields.refusals(join.refuses)
        yield f"Or with one of the [errors of any join](#{self._errors('join')})."
        yield from snippets(self._examples.join(self._endpoint, self._channel))

    def _event(self, event: EventContract) -> Iterator[str]:
        yield from heading(4, code(event.event), self._at("event", event.event))
        yield from filled(prose(event.description))
        terms = list(self._terms(event))
        if terms:
            yield "\n".join(f"- {term}" for term in terms)
        yield from self._fields.payloads("**Payload**", event.accepts)
        yield from self._fields.payloads("**Answered** ok with", event.answers)
        if event.refuses:
            yield "**Refused** with:"
            yield self._fields.refusals(event.refuses)
        yield f"Or with one of the [errors of any event](#{self._errors('event')})."
        yield from snippets(self._examples.event(self._channel, event))

    def _terms(self, event: EventContract) -> Iterator[str]:
        """What is to be known of an event before it is pushed."""
        if event.permission is not None:
            yield f"Who: members whom {code(event.permission)} lets; others are `forbidden`."
        if event.rate is not None:
            yield f"How often: {event.rate}; what comes sooner is `rate_limited`."
        if event.silent:
            yield "No reply." if not event.answers else "There may be no reply."
        if event.streams is not None:
            items = ", ".join(
                f"[{code(item)}](#{self._at('push', item)})" for item in event.streams
            )
            yield f"Before the reply come pushes with its ref: {items or 'none'}."
        elif event.concurrent:
            yield "Its reply may overtake those of other events."

    def _push(self, push: PushContract) -> Iterator[str]:
        yield from heading(4, code(push.event), self._at("push", push.event))
        yield from filled(prose(push.description))
        if push.intercepted:
            yield "- Members may get it differently, or not at all."
        yield from self._fields.payloads("**Payload**", push.payload)
        yield from self._example(push.payload)
        yield from snippets(self._examples.push(self._channel, push))

    def _example(self, payloads: Iterable[Payload]) -> Iterator[str]:
        for payload in payloads:
            if payload.kind == "model":
                sample = self._samples.named(payload.ref, optional=True)
                yield fenced(json.dumps(sample, indent=2, ensure_ascii=False), "json")

    def _presence(self, presence: PresenceContract) -> Iterator[str]:
        yield from heading(3, "Presence", self._at("presence"))
        yield (
            "Who is here comes as `presence_state` and `presence_diff`, for phoenix.js's "
            "`Presence`. Each key has a list of `metas`, with `phx_ref` beside these fields:"
        )
        yield from self._fields.model(name_of(presence.meta.ref))
        if presence.beside is not None:
            yield "Beside the `metas` of a key stand:"
            yield from self._fields.model(name_of(presence.beside.ref))
        yield from snippets(self._examples.presence(self._channel, presence))

    def _errors(self, kind: str) -> str:
        return self._addresses.of("endpoint", self._endpoint.path, f"{kind} errors")


def heading(level: int, words: str, address: str) -> Iterator[str]:
    """A heading with an anchor of its own: each host makes another one of the words."""
    yield f'<a id="{address}"></a>'
    yield f"{'#' * level} {words}"


def filled(block: str) -> Iterator[str]:
    """A block, if there is anything in it."""
    if block:
        yield block


def snippets(group: Iterable[Snippet]) -> Iterator[str]:
    """Code to copy, folded where a host can fold."""
    several = list(group)
    titles = ", ".join(one.title for one in several)
    yield f"<details>\n<summary>{titles}</summary>"
    for one in several:
        yield f"**{one.title}**"
        yield fenced(one.text, one.syntax)
    yield "</details>"
