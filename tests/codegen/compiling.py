"""A folder of TypeScript, and what its compiler says of it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, final

import pytest

from channelkit.codegen.typescript import typescript
from channelkit.contract import contract_of

from ..npm import NODE, modules, needs, needs_node

if TYPE_CHECKING:
    from collections.abc import Iterable

    from channelkit.contract import Described

__all__ = ["PROGRAMS", "Problem", "Project", "module_of", "needs_tsc"]

PROGRAMS = Path(__file__).with_name("programs")
PATIENCE = 120.0
FOLDER = "codegen"

_PROBLEM = re.compile(r"^(\S+)\((\d+),\d+\): error TS(\d+): (.*)$", re.MULTILINE)

needs_tsc = [
    pytest.mark.node,
    pytest.mark.slow,
    needs_node,
    needs("phoenix", "@types/phoenix", "@types/node", "typescript", "ws", folder=FOLDER),
]
"""Marks of tests that compile or run what is generated."""


class Problem(NamedTuple):
    """One that the compiler has found."""

    file: str
    line: int
    code: int
    text: str


@final
class Project:
    """A folder with the strictest configuration; programs are compiled into `out`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.write("package.json", '{"type": "module"}')
        self.write("tsconfig.json", (PROGRAMS / "tsconfig.json").read_text())
        (folder / "node_modules").symlink_to(modules(FOLDER))

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    def add(self, *programs: str) -> None:
        """Take over programs of the folder beside this file."""
        for program in programs:
            self.write(program, (PROGRAMS / program).read_text(encoding="utf-8"))

    def compile(self) -> list[Problem]:
        """What is wrong with it."""
        tsc = modules(FOLDER) / "typescript" / "bin" / "tsc"
        done = subprocess.run(
            [NODE, tsc, "--project", self.folder, "--pretty", "false"],
            capture_output=True,
            check=False,
            text=True,
            timeout=PATIENCE,
            cwd=self.folder,
        )
        found = [
            Problem(file, int(line), int(code), text)
            for file, line, code, text in _PROBLEM.findall(done.stdout)
        ]
        assert found or done.returncode == 0, done.stdout + done.stderr
        return found

    def run(self, program: str, *arguments: str) -> list[str]:
        """The lines that a compiled program prints."""
        done = subprocess.run(
            [NODE, self.folder / "out" / program, *arguments],
            capture_output=True,
            check=False,
            encoding="utf-8",
            timeout=PATIENCE,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return [line for line in done.stdout.split("\n") if line]


def module_of(endpoint: Described, among: Iterable[Described] = ()) -> str:
    """The TypeScript of an endpoint, in a contract of several."""
    contract = contract_of([endpoint, *among])
    return typescript(contract, contract.endpoints[0])
