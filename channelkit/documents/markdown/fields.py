"""Payloads, refusals and types as Markdown tables. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, assert_never, final

from ..words import field_words, inline, name_of, schema_words
from .signs import code, prose, summary, table
from .signs import inline as signs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ...contract.form import Payload, RefusalContract, Schema
    from ..words import FieldWords, Word
    from .addresses import Addresses

__all__ = ["Fields"]

FIELDS: Final = ("field", "type", "required", "description")
OPEN: Final = "any JSON, or binary."
BINARY: Final = "bytes, in a binary frame."
EMPTY: Final = "`{}`"


@final
class Fields:
    """Writes tables, and remembers which types they refer to.

    Args:
        schemas: Those of the contract.
        addresses: Where the types stand.
    """

    def __init__(self, schemas: Mapping[str, Schema], addresses: Addresses) -> None:
        self._schemas = schemas
        self._addresses = addresses
        self._referred: dict[str, None] = {}

    def payloads(self, what: str, payloads: Iterable[Payload]) -> Iterator[str]:
        """Blocks for what something may be, one after the other; none where it is nothing.

        Args:
            what: What it is, as Markdown: it stands before the first.
        """
        for number, payload in enumerate(payloads):
            yield from self._payload(payload, "Or " if number else f"{what} ")

    def _payload(self, payload: Payload, before: str) -> Iterator[str]:
        match payload.kind:
            case "model":
                yield f"{before}{code(name_of(payload.ref))}:"
                yield from self.model(name_of(payload.ref))
            case "open":
                yield f"{before}{OPEN}"
            case "binary":
                yield f"{before}{BINARY}"
            case "empty":
                yield f"{before}{EMPTY}."
            case _ as unknown:
                assert_never(unknown)

    def model(self, name: str) -> Iterator[str]:
        """The fields of a type."""
        schema = self._schemas.get(name, {})
        fields = field_words(schema, self._schemas)
        if fields:
            yield table(FIELDS, map(self._row, fields))
        elif inline(schema) or "additionalProperties" in schema:
            yield f"{self.words(schema_words(schema, self._schemas))}."
        else:
            yield "No fields."

    def refusals(self, refusals: Iterable[RefusalContract], *, status: bool = False) -> str:
        """The table of declared refusals."""
        heads = ["reason", *(["HTTP"] if status else []), "when", "says beside"]
        return table(heads, (self._refusal(one, status=status) for one in refusals))

    def words(self, words: Iterable[Word]) -> str:
        """Words of a type, with links to the types that they name."""
        return "".join(map(self._word, words))

    def types(self) -> Iterator[tuple[str, list[str]]]:
        """Every type that something refers to, and those that they refer to, by name."""
        done: dict[str, list[str]] = {}
        while missing := [name for name in self._referred if name not in done]:
            for name in missing:
                description = self._schemas.get(name, {}).get("description")
                told = [prose(description)] if isinstance(description, str) else []
                done[name] = [*told, *self.model(name)]
        yield from sorted(done.items())

    def _word(self, word: Word) -> str:
        if word.ref is not None:
            self._referred[word.ref] = None
            return f"[{code(word.text)}](#{self._addresses.of('type', word.ref)})"
        return code(word.text) if word.code else word.text

    def _row(self, field: FieldWords) -> tuple[str, str, str, str]:
        return (
            code(field.name),
            self.words(field.type),
            "yes" if field.required else _left_out(field),
            " ".join(_told(field)),
        )

    def _refusal(self, refusal: RefusalContract, *, status: bool) -> list[str]:
        fields = field_words(self._schemas.get(name_of(refusal.ref), {}), self._schemas)
        others = [one for one in fields if one.name != "reason" or refusal.reason is None]
        return [
            f"none ({code(name_of(refusal.ref))})"
            if refusal.reason is None
            else code(refusal.reason),
            *([str(refusal.status)] if status else []),
            summary(refusal.description),
            ", ".join(f"{code(one.name)}: {self.words(one.type)}" for one in others),
        ]


def _left_out(field: FieldWords) -> str:
    return "no" if field.default is None else f"no, else {code(field.default)}"


def _told(field: FieldWords) -> Iterator[str]:
    if field.deprecated:
        yield "**Deprecated.**"
    if field.secret:
        yield "Secret: it is never shown."
    if field.description:
        yield signs(field.description)
    if field.examples:
        yield f"Example: {', '.join(map(code, field.examples))}"
