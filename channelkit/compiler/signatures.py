"""Annotations as written → what they mean, and the signatures of handlers. Pure."""

from __future__ import annotations

import builtins
import inspect
import sys
from dataclasses import dataclass, field
from types import FunctionType, SimpleNamespace
from typing import TYPE_CHECKING, get_type_hints

from typing_extensions import Format, get_annotations

from .annotations import arms, shown, substituted
from .handler_codes import HandlerCode
from .places import plain
from .problems import did_you_mean
from .secret_marks import IN_HANDLER, check_unmarked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..errors import Place
    from .annotations import Bound
    from .problems import Findings
    from .shapes import Shape

__all__ = [
    "Scope",
    "Signature",
    "Subject",
    "Typed",
    "missing",
    "read_signature",
    "resolve",
    "written",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What the names in an annotation may mean."""

    file: str
    names: dict[str, object]
    """Those of the module."""
    inner: Mapping[str, object]
    """Those of the class body."""
    bound: Bound = field(default_factory=dict[object, object])

    @classmethod
    def of_body(cls, owner: type, file: str, bound: Bound) -> Scope:
        """The scope inside a class statement."""
        return cls(file=file, names=_module(owner), inner=vars(owner), bound=bound)

    @classmethod
    def of_bases(cls, owner: type, file: str) -> Scope:
        """The scope of what a class derives from."""
        return cls(file=file, names=_module(owner), inner={})


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A function to be read: a marked handler, or `connect`."""

    name: str
    handler: object
    place: Place
    """Where to point if it is no function."""
    owner: type | None
    """The class whose body has it; then its first parameter is ``self``."""
    bound: Bound


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """An annotation that could be read: its types, and where it stands."""

    arms: tuple[object, ...]
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What a function takes and returns, as far as it could be read."""

    function: FunctionType | None
    place: Place
    names: tuple[str, ...] = ()
    """The parameters' names, ``self`` apart."""
    parameter: Typed | None = None
    returns: Typed | None = None


def written(owner: object) -> Mapping[str, object]:
    """The annotations of a class body or a function as they stand, not read yet."""
    return get_annotations(owner, format=Format.FORWARDREF)


def resolve(annotation: object, scope: Scope, place: Place, findings: Findings) -> object:
    """What an annotation means; None if it cannot be read, which is reported."""
    holder = SimpleNamespace(__annotations__={"it": annotation})
    try:
        hints = get_type_hints(holder, scope.names, scope.inner, include_extras=True)
    except NameError as error:
        missing(error.name or str(error), scope, place, findings)
    except AttributeError as error:
        hint = did_you_mean(error.name or "", dir(error.obj))
        findings.report(HandlerCode.UNRESOLVED, place, got=_failing(annotation, error), hint=hint)
    except Exception as error:  # an annotation is any expression
        findings.report(HandlerCode.UNRESOLVED, place, got=_failing(annotation, error))
    else:
        return substituted(hints["it"], scope.bound)
    return None


def missing(name: str, scope: Scope, place: Place, findings: Findings) -> None:
    """Report a name that does not exist at run time, and say why it does not."""
    source = findings.places.source(scope.file)
    for code, line in (
        (HandlerCode.ONLY_FOR_TYPING, source.only_for_typing(name)),
        (HandlerCode.LOCAL_NAME, source.local(name)),
    ):
        if line is not None:
            there = findings.places.at(scope.file, line, name)
            findings.report(code, place, there, got=name, name=name)
            return
    hint = did_you_mean(name, [*scope.inner, *scope.names, *vars(builtins)])
    findings.report(HandlerCode.UNRESOLVED, place, got=f"{name}, which is not defined", hint=hint)


def read_signature(subject: Subject, shape: Shape, findings: Findings) -> Signature:
    """What a handler takes and returns, as far as it can be read; the rest is reported."""
    function = plain(subject.handler)
    if function is None:
        got = f"an object of the class {shown(type(subject.handler))}"
        findings.report(HandlerCode.NOT_A_FUNCTION, subject.place, got=got)
        return Signature(function=None, place=subject.place)
    place = findings.places.of_function(function, subject.name)
    generator = inspect.isasyncgenfunction(function)
    if not (generator if shape.yields else inspect.iscoroutinefunction(function)):
        got = "an async generator, because of its yield" if generator else "a plain def"
        findings.report(HandlerCode.NOT_ASYNC, place, got=got, function=function.__name__)
    reader = _Reader(subject, function, shape, findings)
    names = reader.names()
    return Signature(
        function=function,
        place=place,
        names=names or (),
        parameter=reader.parameter(names[0]) if names else None,
        returns=reader.returns(),
    )


class _Reader:
    """Reads one function."""

    def __init__(
        self, subject: Subject, function: FunctionType, shape: Shape, findings: Findings
    ) -> None:
        self._subject = subject
        self._function = function
        self._shape = shape
        self._findings = findings
        self._written = written(function)
        self._scope = Scope(
            file=function.__code__.co_filename,
            names=function.__globals__,
            inner=vars(subject.owner) if subject.owner else {},
            bound=subject.bound,
        )

    def names(self) -> tuple[str, ...] | None:
        """The parameters' names without ``self``; None if they are not the shape's."""
        code = self._function.__code__
        starred = (
            bool(code.co_flags & inspect.CO_VARARGS),
            bool(code.co_flags & inspect.CO_VARKEYWORDS),
        )
        beyond = code.co_kwonlyargcount + sum(starred)
        given = code.co_varnames[: code.co_argcount + beyond]
        implicit = 1 if self._subject.owner else 0
        if not beyond and len(given) - implicit in self._shape.takes:
            return given[implicit:]
        self._findings.report(
            HandlerCode.PARAMETER_COUNT,
            self._findings.places.of_function(self._function, self._subject.name),
            got=f"({', '.join(given)})",
            expected=self._shape.parameters,
            elsewhere=self._shape.elsewhere,
        )
        return None

    def parameter(self, name: str) -> Typed | None:
        """The types of the parameter of that name."""
        place = self._findings.places.of_parameter(self._function, self._subject.name, name)
        if name in self._written:
            return self._typed(self._written[name], place)
        self._findings.report(
            self._shape.untyped,
            place,
            got="nothing",
            parameter=name,
            expected=self._shape.accepts,
            example=self._shape.accepts_example,
        )
        return None

    def returns(self) -> Typed | None:
        """The types of the return annotation."""
        place = self._findings.places.of_return(self._function, self._subject.name)
        if "return" in self._written:
            return self._typed(self._written["return"], place)
        self._findings.report(
            HandlerCode.NO_RETURN_TYPE,
            place,
            got="nothing",
            expected=self._shape.returns,
            example=self._shape.returns_example,
        )
        return None

    def _typed(self, annotation: object, place: Place) -> Typed | None:
        meant = resolve(annotation, self._scope, place, self._findings)
        check_unmarked(meant, place, IN_HANDLER, self._findings)
        return None if meant is None else Typed(arms=arms(meant), place=place)


def _module(owner: type) -> dict[str, object]:
    module = sys.modules.get(owner.__module__)
    return vars(module) if module else {}


def _failing(annotation: object, error: Exception) -> str:
    text = annotation if isinstance(annotation, str) else shown(annotation)
    return f"{text}, which raises {type(error).__name__}: {error}"
