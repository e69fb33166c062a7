"""Payloads, refusals and types as lists of fields. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, final

from ...contract.form import Model
from ..words import field_words, inline, name_of, schema_words
from .elements import joined, tag
from .prose import prose

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ...contract.form import Payload, RefusalContract
    from ..words import FieldWords, Word
    from .elements import Html
    from .outline import Outline

__all__ = ["Payloads"]

OTHERWISE: Final = {
    "open": "Any JSON object, or binary: its shape is left open.",
    "binary": "Bytes, as a binary frame.",
    "empty": "An empty object.",
}


@final
class Payloads:
    """Tells payloads, with links to the types that are told elsewhere.

    Args:
        written: Whether the server writes them: then what may be missing is told,
            and not what is required.
    """

    def __init__(self, outline: Outline, *, written: bool) -> None:
        self._schemas = outline.contract.schemas
        self._types = outline.types
        self._written = written

    def payloads(self, shapes: Sequence[Payload]) -> Html:
        """The shapes that a payload may have."""
        told = [self._payload(shape) for shape in shapes]
        if len(told) == 1:
            return told[0]
        items = (tag("li", shape) for shape in told)
        note = tag("p", "One of these; the first that fits is meant.", class_="note")
        return joined(note, tag("ol", items, class_="shapes"))

    def refusals(self, declared: Iterable[RefusalContract]) -> Html:
        """The declared errors, each with its reason and what else it says."""
        return tag("ul", map(self._refusal, declared), class_="refusals")

    def named(self, name: str) -> Html:
        """The fields of a type, or its words where it has none."""
        schema = self._schemas.get(name, {})
        if inline(schema):
            return tag("p", self.words(schema_words(schema, self._schemas)), class_="type")
        return self._fields(field_words(schema, self._schemas), within=name)

    def _payload(self, shape: Payload) -> Html:
        match shape:
            case Model():
                return self.named(name_of(shape.ref))
            case _:
                return tag("p", OTHERWISE[shape.kind], class_="note")

    def _fields(self, fields: Sequence[FieldWords], within: str | None = None) -> Html:
        if not fields:
            return tag("p", "An object without fields.", class_="note")
        return tag("ul", (self._field(field, within) for field in fields), class_="fields")

    def _field(self, field: FieldWords, within: str | None) -> Html:
        return tag(
            "li",
            tag("p", self._head(field), class_="head"),
            prose(field.description),
            self._more(field),
            None if within is None else self._nested(field, within),
            data_field=field.name,
        )

    def _head(self, field: FieldWords) -> Iterator[Html]:
        yield tag("code", field.name, class_="name")
        yield tag("span", self.words(field.type), class_="type")
        if field.required != self._written:
            yield tag("span", "may be missing" if self._written else "required", class_="need")
        if field.secret:
            yield tag("span", "secret", class_="need")
        if field.deprecated:
            yield tag("span", "deprecated", class_="need")

    @staticmethod
    def _more(field: FieldWords) -> Html | None:
        """What is taken where it is left out, and what it may look like."""
        parts: list[Html] = []
        if field.default is not None and not field.required:
            parts.append(joined("Default ", tag("code", field.default), ". "))
        if field.examples:
            codes = [(" ", tag("code", example)) for example in field.examples]
            parts.append(joined("For example", codes, "."))
        return tag("p", parts, class_="more") if parts else None

    def _nested(self, field: FieldWords, within: str) -> Html | None:
        """The fields of the one object that a field is, or has; none of itself again."""
        names = {word.ref for word in field.type if word.ref is not None}
        if len(names) != 1 or within in names:
            return None
        (name,) = names
        fields = field_words(self._schemas.get(name, {}), self._schemas)
        if not fields:
            return None
        return tag(
            "details",
            tag("summary", "Fields of ", tag("code", name)),
            self._fields(fields),
        )

    def words(self, words: Iterable[Word]) -> Iterator[Html | str]:
        for word in words:
            if word.ref in self._types:
                yield tag("a", tag("code", word.text), href=f"#{self._types[word.ref]}")
            else:
                yield tag("code", word.text) if word.code else word.text

    def _refusal(self, refusal: RefusalContract) -> Html:
        name = name_of(refusal.ref)
        fields = [
            field
            for field in field_words(self._schemas.get(name, {}), self._schemas)
            if field.name != "reason" or refusal.reason is None
        ]
        status = None if refusal.status is None else f"HTTP {refusal.status}"
        return tag(
            "li",
            tag(
                "p",
                tag("code", refusal.reason or name, class_="name"),
                None if refusal.reason else tag("span", "has no reason", class_="type"),
                None if status is None else tag("span", status, class_="type"),
                class_="head",
            ),
            prose(refusal.description),
            self._fields(fields) if fields else None,
            data_refusal=refusal.reason or name,
        )
