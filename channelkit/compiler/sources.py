"""One source file, read: where its classes, functions and names stand. Pure."""

from __future__ import annotations

import ast
import linecache
from typing import TypeAlias

__all__ = ["Class", "Function", "Source"]

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
Class: TypeAlias = ast.ClassDef


class Source:
    """A file's lines and syntax tree; empty where the file cannot be had."""

    def __init__(self, file: str) -> None:
        linecache.checkcache(file)
        self._lines = linecache.getlines(file)
        self._tree = _parsed("".join(self._lines))
        self._classes: dict[str, list[Class]] = {}
        self._functions: dict[int, Function] = {}
        self._index(self._tree, "")

    def line(self, number: int) -> str:
        """The line as written, without its indentation."""
        return self._lines[number - 1].strip() if 0 < number <= len(self._lines) else ""

    def class_named(self, qualname: str, lines: list[int]) -> Class | None:
        """The class of that qualified name in whose body these lines are, the last of several."""
        for found in reversed(self._classes.get(qualname, [])):
            if all(found.lineno <= line <= (found.end_lineno or line) for line in lines):
                return found
        return None

    def function_at(self, line: int) -> Function | None:
        """The function whose first line, decorators included, this is."""
        return self._functions.get(line)

    def only_for_typing(self, name: str) -> int | None:
        """The line that binds the name under ``if TYPE_CHECKING``."""
        for node in ast.walk(self._tree):
            if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
                line = _binding(node.body, name)
                if line is not None:
                    return line
        return None

    def local(self, name: str) -> int | None:
        """The line that binds the name inside a function."""
        for node in ast.walk(self._tree):
            if isinstance(node, Function):
                line = _binding(node.body, name)
                if line is not None:
                    return line
        return None

    def _index(self, node: ast.AST, path: str) -> None:
        for child in ast.iter_child_nodes(node):
            inner = path
            if isinstance(child, Class):
                self._classes.setdefault(path + child.name, []).append(child)
                inner = f"{path}{child.name}."
            elif isinstance(child, Function):
                first = min([child.lineno, *(d.lineno for d in child.decorator_list)])
                self._functions[first] = child
                inner = f"{path}{child.name}.<locals>."
            self._index(child, inner)


def _parsed(text: str) -> ast.Module:
    try:
        return ast.parse(text)
    except SyntaxError:  # a notebook's cell, or the file has changed since it was imported
        return ast.Module(body=[], type_ignores=[])


def _binding(body: list[ast.stmt], name: str) -> int | None:
    for statement in body:
        for node in ast.walk(statement):
            if isinstance(node, ast.stmt) and name in _bound(node):
                return node.lineno
    return None


def _bound(statement: ast.stmt) -> list[str]:
    """The names that a statement brings into being."""
    match statement:
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return [alias.asname or alias.name.partition(".")[0] for alias in names]
        case ast.ClassDef(name=name):
            return [name]
        case ast.Assign(targets=targets):
            return [target.id for target in targets if isinstance(target, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
        case _:
            return []
