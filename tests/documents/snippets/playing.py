"""Snippets put together, as somebody who copies one after the other has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from channelkit.contract import Contract
    from channelkit.contract.form import EndpointContract
    from channelkit.documents.snippets import Language, Snippet, Snippets

__all__ = ["by_channel", "every", "in_order", "nested", "of"]


def in_order(snippets: Snippets, contract: Contract) -> Iterator[tuple[Snippet, ...]]:
    """All snippets of the first channel of a contract."""
    yield from every(snippets, contract.endpoints[0], channels=1)


def every(
    snippets: Snippets, endpoint: EndpointContract, channels: int | None = None
) -> Iterator[tuple[Snippet, ...]]:
    """All snippets of an endpoint, or of its first channels."""
    yield snippets.connect(endpoint)
    for channel in endpoint.channels[:channels]:
        yield snippets.join(endpoint, channel)
        for event in channel.events:
            yield snippets.event(channel, event)
        for push in channel.pushes:
            yield snippets.push(channel, push)
        if channel.presence is not None:
            yield snippets.presence(channel, channel.presence)


def by_channel(snippets: Iterable[Snippet]) -> list[list[Snippet]]:
    """Snippets of channels, each join with those that go on there."""
    found: list[list[Snippet]] = []
    for one in snippets:
        if "const room = " in one.body:
            found.append([])
        found[-1].append(one)
    return found


def of(language: Language, groups: Iterable[tuple[Snippet, ...]]) -> list[Snippet]:
    """Those for one client."""
    return [one for group in groups for one in group if one.language == language]


def nested(snippets: list[Snippet]) -> tuple[str, str]:
    """Python: the imports, and all the rest in the block of the connection."""
    connect, *others = snippets
    imports = "\n".join(line for one in snippets for line in one.imports)
    inner = "\n".join(one.body for one in others).replace("\n", "\n    ")
    head, dots, _ = connect.body.rpartition("...")
    assert dots
    return imports, head + inner
