"""The shape of the package: imports point down, the pure floors are pure, `__all__` is complete.

An import counts wherever it stands: in a function, and under TYPE_CHECKING too.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import channelkit

PACKAGE = Path(channelkit.__file__).parent

# A module imports from the floors below it, and on its own floor from what stands before it.
FLOORS = [
    floor.split()
    for floor in (
        "filters secrecy masking messages omitted errors topics wire raw_frames limits draining"
        " rates exits params paths certificates http origins subprotocols connect_info js",
        "payloads verdicts mailbox here channel raw_socket routers dispatch serializers",
        "presence declare compiler transitions member actions session polling longpoll handshake"
        " instruments",
        "runtime",
        "transports",
        "welcoming from_thread mount endpoint raw_endpoint server",
        "contract codegen client testing documents",
        "running cli __main__",
    )
]

# The two columns of floor 2 know the dispatch table, and nothing of each other.
DECLARING = {"declare", "compiler"}
SPEAKING = {"transitions", "member", "actions", "session", "polling", "longpoll", "handshake"}

PURE_FLOORS = 3

# Of the client, what decides is as pure as the floors below.
PURE_CLIENT = {"actions", "declared", "machine", "room_machine", "settings", "transitions"}
LOOPS = {"anyio", "asyncio", "trio", "uvloop"}
IMPURE = {*LOOPS, "socket", "ssl", "threading", "time", "random", "secrets", "logging"}

LONGEST = 350


@dataclass(frozen=True)
class Module:
    """One file of the package, read and not run."""

    path: Path

    @property
    def name(self) -> tuple[str, ...]:
        """Its place in the package: ``("serializers", "v2")``; a package's `__init__` is itself."""
        parts = self.path.relative_to(PACKAGE).with_suffix("").parts
        return parts[:-1] if parts[-1] == "__init__" else parts

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_text(encoding="utf-8"))

    @cached_property
    def only_for_types(self) -> set[ast.AST]:
        """Everything under ``if TYPE_CHECKING:``."""
        blocks = [
            node
            for node in ast.walk(self.tree)
            if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        ]
        return {inner for block in blocks for line in block.body for inner in ast.walk(line)}

    def foreign(self) -> set[str]:
        """The top-level names of the other packages that it imports."""
        found: set[str] = set()
        for node in ast.walk(self.tree):
            match node:
                case ast.Import(names=names):
                    found |= {alias.name.partition(".")[0] for alias in names}
                case ast.ImportFrom(module=str(module), level=0):
                    found.add(module.partition(".")[0])
                case _:
                    pass
        return found

    def own(self, *, for_types: bool = True) -> set[tuple[str, ...]]:
        """The modules of this package that it imports."""
        found = {
            (*module, name) if (*module, name) in NAMES else module
            for node, module in self.relative
            for name in (alias.name for alias in node.names)
            if for_types or node not in self.only_for_types
        }
        return found - {self.name}

    def takes(self, module: tuple[str, ...]) -> set[str]:
        """The names that it imports from another module."""
        return {
            alias.name
            for node, source in self.relative
            for alias in node.names
            if source == module and (*source, alias.name) not in NAMES
        }

    @cached_property
    def relative(self) -> list[tuple[ast.ImportFrom, tuple[str, ...]]]:
        """Its imports from this package, each with the module that it names."""
        here = self.path.relative_to(PACKAGE).parts
        return [
            (node, tuple(filter(None, [*here[: -node.level], *(node.module or "").split(".")])))
            for node in ast.walk(self.tree)
            if isinstance(node, ast.ImportFrom) and node.level
        ]

    def public(self) -> set[str]:
        """The functions and classes that it defines for others."""
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        names = {node.name for node in self.tree.body if isinstance(node, kinds)}
        return {name for name in names if not name.startswith("_")}

    def exported(self) -> list[str]:
        """Its `__all__`, as written; empty without one."""
        for node in self.tree.body:
            match node:
                case ast.Assign(targets=[ast.Name(id="__all__")], value=value):
                    return list(ast.literal_eval(value))
                case _:
                    pass
        return []

    def bound(self) -> set[str]:
        """Every name at its top level, wherever it comes from."""
        found: set[str] = set()
        for node in self.tree.body:
            match node:
                case ast.Import(names=names) | ast.ImportFrom(names=names):
                    found |= {alias.asname or alias.name for alias in names}
                case (
                    ast.Assign(targets=[ast.Name(id=name)])
                    | ast.AnnAssign(target=ast.Name(id=name))
                ):
                    found.add(name)
                case _:
                    pass
        return found | self.public()


MODULES = [Module(path) for path in sorted(PACKAGE.rglob("*.py"))]
NAMES = {module.name for module in MODULES}
INSIDE = [module for module in MODULES if module.name]  # the package's own face stands outside

each_module = pytest.mark.parametrize("module", INSIDE, ids=lambda module: ".".join(module.name))


def height(name: tuple[str, ...]) -> tuple[int, int]:
    """A module's floor, and its place on it."""
    for floor, units in enumerate(FLOORS):
        if name[0] in units:
            return floor, units.index(name[0])
    raise AssertionError(f"{'.'.join(name)} is on no floor: put it on one in tests/test_layers.py")


def test_every_module_is_on_one_floor() -> None:
    listed = [unit for floor in FLOORS for unit in floor]

    assert sorted(listed) == sorted({name[0] for name in NAMES if name})


@each_module
def test_imports_point_down(module: Module) -> None:
    upwards = [
        name
        for name in module.own()
        if name[:1] != module.name[:1] and (not name or height(name) > height(module.name))
    ]

    assert upwards == []


@each_module
def test_declaring_and_speaking_know_nothing_of_each_other(module: Module) -> None:
    units = {name[0] for name in module.own() if name}

    if module.name[0] in DECLARING:
        assert not units & SPEAKING
    if module.name[0] in SPEAKING:
        assert not units & DECLARING


@each_module
def test_the_pure_floors_do_no_io_and_know_no_clock(module: Module) -> None:
    floor, _ = height(module.name)

    pure = floor < PURE_FLOORS or (module.name[0] == "client" and module.name[-1] in PURE_CLIENT)
    assert not pure or not module.foreign() & IMPURE


def test_no_imports_go_in_a_circle() -> None:
    """Inside a folder a type may point back, as a task's type points to its connection."""
    graph = {module.name: module.own(for_types=False) for module in INSIDE}

    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        raise AssertionError(error.args) from None


@each_module
def test_imports_of_the_package_stand_at_the_top(module: Module) -> None:
    blocks = [node for node in module.tree.body if isinstance(node, ast.If)]
    top = {*module.tree.body, *(line for block in blocks for line in block.body)}

    assert [ast.unparse(node) for node, _ in module.relative if node not in top] == []


@each_module
def test_all_names_every_public_function_and_class(module: Module) -> None:
    exported = set(module.exported())

    assert module.public() <= exported <= module.bound()


@each_module
def test_all_names_everything_that_another_module_takes(module: Module) -> None:
    """A constant that only its own module uses needs no place there."""
    taken = {name for other in MODULES for name in other.takes(module.name)}

    assert taken <= set(module.exported())


@pytest.mark.parametrize("module", MODULES, ids=lambda module: ".".join(module.name))
def test_all_is_sorted_constants_first_then_classes(module: Module) -> None:
    """The order of ruff's RUF022."""

    def place(name: str) -> tuple[int, str]:
        return (0 if name.isupper() else 1 if name[:1].isupper() else 2), name

    exported = module.exported()

    assert exported == sorted(exported, key=place)
    assert len(exported) == len(set(exported))


@each_module
def test_a_file_is_short_enough_to_be_read_at_once(module: Module) -> None:
    assert len(module.path.read_text(encoding="utf-8").splitlines()) <= LONGEST


@each_module
def test_a_module_says_what_it_is(module: Module) -> None:
    docstring = ast.get_docstring(module.tree) or module.name == ("__main__",)

    assert docstring
