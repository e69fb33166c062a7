"""What all articles of the page are made of: headings, facts, words beside code. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...contract.form import Empty, Model
from .elements import joined, tag
from .panels import panel, sample

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ...contract.form import Payload, RefusalContract
    from ..about import About
    from ..samples import Samples
    from ..snippets import Snippets
    from .elements import Attribute, Children, Html
    from .outline import Outline
    from .panels import Pane
    from .payloads import Payloads

__all__ = ["Book", "answers", "article", "facts", "heading", "said", "samples_of"]

Facts = list[tuple[str, "Children"]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """What the articles are written with.

    Attributes:
        sent: Tells what clients send.
        received: Tells what they receive.
        console: Whether each leaves a place for what a console does there.
    """

    outline: Outline
    sent: Payloads
    received: Payloads
    samples: Samples
    snippets: Snippets
    about: About
    console: bool


def article(book: Book, address: str, words: Children, code: Children, **marks: Attribute) -> Html:
    """An article: words, and code beside them where there is room."""
    return tag(
        "article",
        tag("div", words, class_="words"),
        tag("div", code, class_="code"),
        tag("div", data_console_slot=True) if book.console else None,
        id=address,
        **marks,
    )


def heading(level: int, address: str, title: Children, kind: str | None = None) -> Html:
    """A heading that is a link to what stands below it, with what kind of thing that is."""
    return tag(
        f"h{level}",
        tag("a", title, href=f"#{address}"),
        None if kind is None else (" ", tag("small", kind)),
    )


def said(level: int, title: str, content: Children) -> Html:
    """A part of an article under its own heading."""
    return joined(tag(f"h{level}", title, class_="part"), content)


def facts(rows: Iterable[tuple[str, Children]]) -> Html:
    """What is to be known of something, each with its name."""
    items = (tag("div", tag("dt", name), tag("dd", value)) for name, value in rows)
    return tag("dl", items, class_="facts")


def answers(
    book: Book, level: int, replies: Sequence[Payload], refusals: Sequence[RefusalContract]
) -> Iterator[Html]:
    """What comes back: the ok replies and the declared errors."""
    if replies:
        yield said(level, "Reply", book.received.payloads(replies))
    if refusals:
        yield said(level, "Refusals", book.received.refusals(refusals))


def samples_of(
    book: Book,
    label: str,
    replies: Mapping[str, Sequence[Payload]],
    refusals: Sequence[RefusalContract] = (),
) -> Html | None:
    """A panel with a sample of each answer that is JSON."""
    panes = [pane for title, shapes in replies.items() for pane in _replied(book, title, shapes)]
    return panel(label, [*panes, *(_refusal(book, refusal) for refusal in refusals)])


def _replied(book: Book, title: str, shapes: Sequence[Payload]) -> Iterator[Pane]:
    """The first shape, if it is JSON of a form that is known."""
    match shapes[:1]:
        case (Model(ref=ref),):
            yield sample(title, book.samples.named(ref, optional=True))
        case (Empty(),):
            yield sample(title, {})
        case _:
            pass


def _refusal(book: Book, refusal: RefusalContract) -> Pane:
    title = refusal.reason or refusal.ref.rpartition("/")[2]
    return sample(title, book.samples.named(refusal.ref, optional=True))
