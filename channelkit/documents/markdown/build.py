"""Contract → one Markdown file that reads well on a code host. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, final

from ..framework import event_errors, join_errors
from ..snippets import Snippets
from .addresses import Addresses
from .channels import Chapter, filled, heading, snippets
from .fields import Fields
from .signs import code, inline, prose, table, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...contract.form import Contract, EndpointContract
    from ..about import About
    from ..framework import Answer

__all__ = ["markdown"]

NOTHING: Final = "There are no channels."

LIMITS: Final = {
    "topics": "topics that a socket may have joined",
    "message": "bytes of a message",
    "fragments": "frames of a message",
    "concurrent": "events that one member may have in work at once",
    "join": "seconds that a join may take",
    "idle": "seconds without a word from the client, heartbeats included",
    "body": "bytes of the body of an HTTP request",
}


def markdown(contract: Contract, about: About) -> str:
    """The document of a contract, with a line end at the end: the same input, the same text."""
    addresses, examples = Addresses(), Snippets(contract, about)
    fields = Fields(contract.schemas, addresses)
    parts = [_Part(contract, one, addresses, fields, examples) for one in contract.endpoints]
    body = [block for part in parts for block in part.blocks(about)]
    types = list(fields.types())
    if types:
        body += heading(2, "Types", addresses.of("types"))
    for name, blocks in types:
        body += [*heading(3, code(name), addresses.of("type", name)), *blocks]
    lines = [line for part in parts for line in part.contents()]
    lines += [f"- [Types](#{addresses.of('types')})"] if types else []
    contents = ["## Contents", "\n".join(lines)] if lines else [NOTHING]
    return "\n\n".join([*_head(contract, about), *contents, *body]) + "\n"


@final
class _Part:
    """An endpoint with its channels."""

    def __init__(
        self,
        contract: Contract,
        endpoint: EndpointContract,
        addresses: Addresses,
        fields: Fields,
        examples: Snippets,
    ) -> None:
        self._endpoint = endpoint
        self._addresses = addresses
        self._fields = fields
        self._examples = examples
        self._chapters = [
            Chapter(contract, endpoint, channel, addresses, fields, examples)
            for channel in endpoint.channels
        ]

    def contents(self) -> Iterator[str]:
        """Its lines in the table of contents."""
        yield f"- [{code(self._endpoint.path)}](#{self._at()})"
        for chapter in self._chapters:
            parts = (f"[{name}](#{address})" for name, address in chapter.contents())
            yield f"  - [{chapter.heading}](#{chapter.address}): {', '.join(parts)}"

    def blocks(self, about: About) -> Iterator[str]:
        """All of it."""
        endpoint = self._endpoint
        connect = endpoint.connect
        yield from heading(2, code(endpoint.path), self._at())
        yield from filled("" if connect is None else prose(connect.description))
        yield table(("to connect", "this"), _connecting(endpoint, about))
        if connect is None:
            yield "Everybody may connect, and parameters mean nothing."
        else:
            told = "**Parameters** in the query of the URL"
            yield from self._fields.payloads(told, connect.params)
            if connect.refuses:
                yield "**Refused** with:"
                yield self._fields.refusals(connect.refuses, status=True)
        yield from snippets(self._examples.connect(endpoint))
        yield from heading(3, "Limits", self._at("limits"))
        yield table(("limit", "of what"), _limits(endpoint))
        yield from self._errors()
        for chapter in self._chapters:
            yield from chapter.blocks()

    def _errors(self) -> Iterator[str]:
        """What the framework answers, wherever it is asked."""
        endpoint = self._endpoint
        events = [event for channel in endpoint.channels for event in channel.events]
        several = {answer: None for event in events for answer in event_errors(endpoint, event)}
        if endpoint.channels:
            yield from heading(3, "Errors of any join", self._at("join errors"))
            yield table(("reason", "when"), map(_answer, join_errors(endpoint)))
        if several:
            yield from heading(3, "Errors of any event", self._at("event errors"))
            yield table(("reason", "when"), map(_answer, several))

    def _at(self, *names: str) -> str:
        return self._addresses.of("endpoint", self._endpoint.path, *names)


def _head(contract: Contract, about: About) -> Iterator[str]:
    yield f"# {text(about.title)}"
    yield (
        f"Version {text(about.version_of(contract))} of the protocol, which is that of "
        "[Phoenix Channels](https://hexdocs.pm/phoenix/channels.html). Written from the server's "
        f"declarations: {code(contract.fingerprint)}."
    )


def _connecting(endpoint: EndpointContract, about: About) -> Iterator[tuple[str, str]]:
    yield "address, for phoenix.js", code(about.address(endpoint.path))
    yield "transports", ", ".join(endpoint.transports)
    versions = ", ".join(map(code, endpoint.serializers))
    yield "versions of the wire (`vsn`)", f"{versions}; {code(endpoint.vsn)} if none is asked for"
    if endpoint.subprotocols is not None:
        yield "subprotocols", ", ".join(map(code, endpoint.subprotocols)) or "none"


def _limits(endpoint: EndpointContract) -> Iterator[tuple[str, str]]:
    if endpoint.rate is not None:
        yield endpoint.rate, "pushes of a socket, over all topics"
    for name, limit in endpoint.limits.items():
        yield f"{limit:g}" if isinstance(limit, float) else str(limit), LIMITS.get(name, name)


def _answer(answer: Answer) -> tuple[str, str]:
    return code(answer.reason), inline(answer.when)
