"""A contract → a Python module that declares the same, for clients. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias, final

from ...contract.form import Model
from ...topics import Literal, TopicPattern
from ..names import Style, identifier
from ..reading import read_definitions
from ..types import Anything, Dictionary, Structure
from .annotations import Types, references
from .channels import STREAMS, Channels
from .defaults import Defaults
from .merging import READ, merged
from .models import Models
from .naming import Imports, class_names, distinct
from .roles import Role, name_of, roles
from .text import Group, docstring, laid, value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ...contract.form import ChannelContract, Contract, EndpointContract, PushContract
    from ..types import Definitions, Type

__all__ = ["python"]

Lines: TypeAlias = list[str]
_CLASS: Final = Style(case="pascal")


def python(contract: Contract, endpoint: EndpointContract) -> str:
    """The module: a class for each model and each channel of an endpoint, which only declare.

    The same contract gives the same text, formatted. mypy and pyright accept
    it in their strict modes.
    """
    return _Module(contract, endpoint).text()


@final
class _Module:
    """Writes one module."""

    def __init__(self, contract: Contract, endpoint: EndpointContract) -> None:
        self._fingerprint = contract.fingerprint
        self._endpoint = endpoint
        definitions = read_definitions(contract.schemas)
        self._definitions, self._went = merged(definitions, _can_say(definitions))
        self._roles = roles(endpoint, self._went, self._definitions)
        self._order = [*_ordered(self._roles, self._definitions)]
        self._nested = {one for d in self._definitions.values() for one in references(d.type)}
        named = (name for name in self._order if not self._is_json(name))
        self._classes = class_names(named, ())
        self._taken = {*self._classes.values()}
        self._payloads = self._payload_names()
        self._channels = self._named_channels()
        self._pushed: dict[tuple[str | None, str], str] = {}
        self._more = [*self._more_pushes()]
        self._imports = Imports(self._taken)
        json = (name for name in self._order if self._is_json(name))
        self._classes |= {name: self._imports.name("pydantic", "JsonValue") for name in json}
        self._types = Types(self._definitions, self._classes, self._imports)
        defaults = Defaults(self._definitions, self._classes, self._imports)
        self._models = Models(self._classes, self._types, defaults, self._imports)

    def text(self) -> str:
        """The whole of it."""
        parts = [*self._definition_parts(), *self._push_parts(), *self._channel_parts()]
        names = sorted(self._taken, key=_place)
        exported = laid("__all__ = ", Group("", tuple(map(value, names)), "[]"))
        streams = any(STREAMS in line for part in parts for line in part)
        head = [
            *docstring(self._told(), ""),
            "",
            "# ruff: noqa",
            *(["# mypy: no-warn-unreachable"] if streams else []),
            "",
            "from __future__ import annotations",
            "",
            *self._imports.lines(),
        ]
        body = [line for part in (exported, *parts) for line in ("", "", *part)][1:]
        return "\n".join([*head, *body]) + "\n"

    def _told(self) -> str:
        lines = [
            f"What is said on {self._endpoint.path}, declared for clients.",
            "",
            "Written by `channelkit client --language python` from the contract",
            self._fingerprint,
            "Do not edit it: write it anew when the contract changes.",
            "",
            self._connecting(),
        ]
        return "\n".join(lines)

    def _connecting(self) -> str:
        """How a connection is asked for, in words: clients declare no endpoints."""
        connect = self._endpoint.connect
        if connect is None:
            return "A connection needs no parameters."
        params = [
            self._payloads[name_of(one.ref)] if isinstance(one, Model) else "Open"
            for one in connect.params
        ]
        refusals = [f"{self._payloads[name_of(one.ref)]} ({one.status})" for one in connect.refuses]
        text = f"The parameters of a connection are {' or '.join(params)}."
        return text + (f"\nIt is refused with {' or '.join(refusals)}." if refusals else "")

    # Names.

    def _named_channels(self) -> list[tuple[str, ChannelContract]]:
        """A class name for each channel; routers may have one in several places."""
        channels = self._endpoint.channels
        names = [channel.name for channel in channels]
        wanted = [
            _by_pattern(channel) if names.count(channel.name) > 1 else channel.name
            for channel in channels
        ]
        return [
            (self._new(name, f"{channel.name}Channel"), channel)
            for name, channel in zip(wanted, channels, strict=True)
        ]

    def _payload_names(self) -> dict[str, str]:
        """The class of each schema that a payload refers to.

        One that is no object is `Open` as a payload, and a type of its own as a part of others.
        """
        found = {**self._classes}
        for name in self._order:
            if self._is_root(name) and not self._is_class(name) and name in self._nested:
                self._classes[name] = self._new(f"{found[name]}Value")
        return {schema: found[name] for schema, name in self._went.items() if name in found}

    def _more_pushes(self) -> Iterator[tuple[str, str | None, PushContract]]:
        """Pushes of any payload, and those of a model that is pushed as something else too."""
        for _, channel in self._channels:
            for push in channel.pushes:
                key = self._push_key(push)
                schema, event = key
                if key in self._pushed:
                    continue
                if schema is not None and self._roles[self._went[schema]].event == event:
                    self._pushed[key] = self._payloads[schema]
                    continue
                self._pushed[key] = self._new(identifier(event, _CLASS))
                yield self._pushed[key], schema, push

    def _push_key(self, push: PushContract) -> tuple[str | None, str]:
        (first, *_) = push.payload
        return (name_of(first.ref) if isinstance(first, Model) else None), push.event

    def _new(self, *wanted: str) -> str:
        """A name that no class has yet: one of those that are wanted, if possible."""
        free = (name for name in wanted if name not in self._taken and distinct(name, ()) == name)
        found = next(free, None) or distinct(wanted[-1], self._taken)
        self._taken.add(found)
        return found

    # Parts, each a class or an alias.

    def _definition_parts(self) -> Iterator[Lines]:
        known: set[str] = set()
        roots = {self._went[schema]: name for schema, name in self._payloads.items()}
        for name in (one for one in self._order if not self._is_json(one)):
            definition, role = self._definitions[name], self._roles.get(name, Role())
            if self._is_class(name):
                yield self._models.model(self._classes[name], definition, role)
            elif name in self._nested or not self._is_root(name):
                yield self._models.alias(definition, known)
            known.add(name)
            if self._is_root(name) and not self._is_class(name):
                told = definition.notes.description
                yield self._models.opened(roots[name], role.event, told)

    def _push_parts(self) -> Iterator[Lines]:
        for name, schema, push in self._more:
            if schema is None:
                yield self._models.opened(name, push.event, push.description)
            else:
                yield self._models.pushed_as(name, self._payloads[schema], push.event)

    def _channel_parts(self) -> Iterator[Lines]:
        writer = Channels(self._payloads, self._types, self._imports, frozenset(self._taken))
        for name, channel in self._channels:
            pushes = {push.event: self._pushed[self._push_key(push)] for push in channel.pushes}
            yield writer.channel(name, channel, pushes)

    # What a definition becomes.

    def _is_class(self, name: str) -> bool:
        kind = self._definitions[name].type
        return isinstance(kind, Structure) or (isinstance(kind, Dictionary) and self._is_root(name))

    def _is_json(self, name: str) -> bool:
        """Whether it is pydantic's `JsonValue`, which has a name in every schema."""
        return name == "JsonValue" and self._definitions[name].type == Anything()

    def _is_root(self, name: str) -> bool:
        """Whether it is a payload itself."""
        return name in self._roles and self._roles[name].base != "BaseModel"


def _can_say(definitions: Definitions) -> Callable[[Type, str], bool]:
    """Whether Python can say a default, whatever the definitions will be called."""
    both = {name.removesuffix(READ): definition for name, definition in definitions.items()}
    every = {**both, **definitions}
    return Defaults(every, {name: name for name in every}, Imports(())).can_say


def _by_pattern(channel: ChannelContract) -> str:
    """The literals of its pattern, then its name: what a router makes it."""
    parts = TopicPattern.parse(channel.pattern).segments
    literals = [part.text for part in parts if isinstance(part, Literal)]
    text = identifier(" ".join(literals), _CLASS) if literals else ""
    return text if text.endswith(channel.name) else f"{text}{channel.name}"


def _ordered(names: Iterable[str], definitions: Definitions) -> Iterator[str]:
    """Definitions in the order of their use, each below what it is made of where that can be."""
    seen: set[str] = set()

    def visit(name: str) -> Iterator[str]:
        if name not in seen:
            seen.add(name)
            for part in references(definitions[name].type):
                yield from visit(part)
            yield name

    for name in names:
        yield from visit(name)


def _place(name: str) -> tuple[int, str]:
    """Where formatters want a name in `__all__`."""
    return (0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2), name
