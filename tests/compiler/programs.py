"""The wrong programs in `problems/`, one for each code, and how they are compiled.

``python -m tests.compiler.programs`` writes the expected texts anew; read the difference.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING, Any

from channelkit import DeclarationError
from channelkit.compiler import Hooks, compile_channels, compile_endpoint, compile_raw

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from types import ModuleType

    from channelkit.dispatch import DispatchTable
    from channelkit.errors import Problem

__all__ = [
    "FOLDER",
    "PROGRAMS",
    "checked",
    "codes",
    "compiled",
    "loaded",
    "options_of",
    "problems",
    "written",
]

FOLDER = Path(__file__).parent / "problems"
PROGRAMS = sorted(FOLDER.glob("*.py"))


@contextmanager
def loaded(path: Path) -> Generator[ModuleType]:
    """A file, imported for as long as the block lasts."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    try:
        spec.loader.exec_module(module)
        yield module
    finally:
        del sys.modules[path.stem]


@contextmanager
def written(folder: Path, source: str) -> Generator[ModuleType]:
    """A program given as text, imported from a file in the folder."""
    path = folder / "program.py"
    path.write_text(f"from channelkit import *\n{dedent(source)}")
    with loaded(path) as module:
        yield module


def checked(program: ModuleType) -> None:
    """Compile what a program has: its raw `socket`, or its `channels`."""
    if hasattr(program, "socket"):
        compile_raw(program.socket, getattr(program, "connect", None))
    else:
        compiled(program)


def compiled(program: ModuleType) -> DispatchTable:
    """Compile a program's `channels`, with its `connect` and its `vsn` if it has them."""
    options = options_of(program)
    if options:
        return compile_endpoint(program.channels, **options)[0]
    return compile_channels(program.channels)


def options_of(program: ModuleType) -> dict[str, Any]:
    """What a program has of an endpoint beside its channels."""
    options = {n: getattr(program, n) for n in ("connect", "vsn") if hasattr(program, n)}
    given = {n: getattr(program, n) for n in Hooks.__dataclass_fields__ if hasattr(program, n)}
    return {**options, "hooks": Hooks(**given)} if given else options


def problems(compile_it: Callable[..., object], *args: Any, **kwargs: Any) -> tuple[Problem, ...]:
    """What is found wrong; nothing if it compiles."""
    try:
        compile_it(*args, **kwargs)
    except DeclarationError as error:
        return error.problems
    return ()


def codes(*channels: Any) -> list[str]:
    """The codes of what is wrong with channels."""
    return [problem.code for problem in problems(compile_channels, channels)]


def _write() -> None:
    os.chdir(FOLDER)
    for path in PROGRAMS:
        with loaded(path) as program:
            try:
                checked(program)
            except DeclarationError as error:
                path.with_suffix(".txt").write_text(f"{error}\n")


if __name__ == "__main__":
    _write()
