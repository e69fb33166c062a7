"""Objects → places: where a class, an attribute, a handler was written. Pure."""

from __future__ import annotations

import ast
import inspect
import sys
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Final

from ..errors import Place
from .sources import Source

if TYPE_CHECKING:
    from ..channel import AnyChannel
    from .sources import Class, Function

__all__ = ["NOWHERE", "Places", "named", "plain"]

NOWHERE: Final = "<unknown>"
"""The file of what was not read from one."""


def named(owner: type | FunctionType) -> str:
    """The name of a class or a function as its author would say it."""
    return owner.__qualname__.rpartition("<locals>.")[2]


def plain(handler: object) -> FunctionType | None:
    """The function that was written, beneath what decorators wrapped around it."""
    if not isinstance(handler, FunctionType):
        return None
    inner = inspect.unwrap(handler)
    return inner if isinstance(inner, FunctionType) else None


class Places:
    """Finds places, and keeps the sources that it has read for one run."""

    def __init__(self) -> None:
        self._sources: dict[str, Source] = {}

    def source(self, file: str) -> Source:
        """The source file, read once."""
        if file not in self._sources:
            self._sources[file] = Source(file)
        return self._sources[file]

    def of_class(self, owner: type) -> Place:
        """The class statement."""
        file, line, _ = self._class(owner)
        return self.at(file, line, named(owner))

    def of_pattern(self, channel: type[AnyChannel]) -> Place:
        """The decorator that names the pattern, or the class statement."""
        owner = next(base for base in channel.__mro__ if "__pattern__" in vars(base))
        file, line, node = self._class(owner)
        return self.at(file, _line_of(channel.__pattern__, node) or line, named(owner))

    def of_attribute(self, owner: type, attribute: str) -> Place:
        """The line in the class body that gives the attribute, or the class statement."""
        file, line, node = self._class(owner)
        for statement in node.body if node else ():
            if attribute in _given(statement):
                line = statement.lineno
        return self.at(file, line, f"{named(owner)}.{attribute}")

    def of_function(self, function: FunctionType, name: str) -> Place:
        """The def line."""
        file, line, _ = self._function(function)
        return self.at(file, line, name)

    def of_parameter(self, function: FunctionType, name: str, parameter: str) -> Place:
        """The line with the parameter of that name."""
        file, line, node = self._function(function)
        for argument in (*node.args.posonlyargs, *node.args.args) if node else ():
            if argument.arg == parameter:
                line = argument.lineno
        return self.at(file, line, name)

    def of_return(self, function: FunctionType, name: str) -> Place:
        """The line with the return annotation."""
        file, line, node = self._function(function)
        return self.at(file, node.returns.lineno if node and node.returns else line, name)

    def of_event(self, function: FunctionType, name: str, event: object) -> Place:
        """The decorator that names the event, or the def line."""
        file, line, node = self._function(function)
        return self.at(file, _line_of(event, node) or line, name)

    def of_keyword(self, function: FunctionType, name: str, keyword: str) -> Place:
        """The keyword in the decorator, such as ``allow=``, or the def line."""
        file, line, node = self._function(function)
        for part in _decorating(node):
            if isinstance(part, ast.keyword) and part.arg == keyword:
                line = part.value.lineno
        return self.at(file, line, name)

    def at(self, file: str, line: int, name: str) -> Place:
        """A line of a file."""
        return Place(file=file, line=line, name=name, source=self.source(file).line(line))

    def _class(self, owner: type) -> tuple[str, int, Class | None]:
        functions = _functions(owner)
        file = _file(owner, functions)
        lines = [code.co_firstlineno for code in functions if code.co_filename == file]
        # A parametrised pydantic model is called ``Page[int]``.
        node = self.source(file).class_named(owner.__qualname__.partition("[")[0], lines)
        return file, node.lineno if node else min(lines, default=1), node

    def _function(self, function: FunctionType) -> tuple[str, int, Function | None]:
        code = function.__code__
        node = self.source(code.co_filename).function_at(code.co_firstlineno)
        return code.co_filename, node.lineno if node else code.co_firstlineno, node


def _file(owner: type, functions: list[CodeType]) -> str:
    file = getattr(sys.modules.get(owner.__module__), "__file__", None)
    if isinstance(file, str):
        return file
    return functions[0].co_filename if functions else NOWHERE


def _functions(owner: type) -> list[CodeType]:
    """The functions written in a class's body."""
    inside = f"{owner.__qualname__}."
    # Statically, because pydantic's placeholders build the model at any other look.
    values = [inspect.getattr_static(value, "handler", value) for value in vars(owner).values()]
    found = map(plain, values)
    return [f.__code__ for f in found if f is not None and f.__qualname__.startswith(inside)]


def _decorating(node: Class | Function | None) -> list[ast.AST]:
    return [part for mark in (node.decorator_list if node else ()) for part in ast.walk(mark)]


def _line_of(constant: object, node: Class | Function | None) -> int | None:
    """The line in a definition's decorators where this constant is written."""
    for part in _decorating(node):
        if isinstance(part, ast.Constant) and part.value == constant:
            return part.lineno
    return None


def _given(statement: ast.stmt) -> list[str]:
    """The attributes that a statement of a class body gives the class."""
    match statement:
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
        case ast.Assign(targets=targets):
            return [target.id for target in targets if isinstance(target, ast.Name)]
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            return [name]
        case _:
            return []
