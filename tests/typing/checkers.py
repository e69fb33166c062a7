"""mypy and pyright run on programs, and the marks that say what they must find.

A mark is a comment line ``# mypy> …`` or ``# pyright> …`` above the wrong line,
with the checker's words; ``…`` stands for any.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["ACCEPTED", "CHECKERS", "REJECTED", "ROOT", "Found", "differences", "marks"]

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
ACCEPTED = sorted((HERE / "accepted").glob("[!_]*.py"))
REJECTED = sorted((HERE / "rejected").glob("[!_]*.py"))
MARK = re.compile(r"\s*# (mypy|pyright)> (.+)")

Found: TypeAlias = "dict[tuple[Path, int], list[str]]"
"""Errors, or what they must say, by file and line."""


def mypy(programs: Sequence[Path], scratch: Path) -> Found:
    """What ``mypy --strict`` says of the programs, without anyone's configuration."""
    options = ["--strict", "--config-file=", "--no-incremental", f"--cache-dir={scratch}"]
    output = _output("mypy", *options, "--output=json", *map(str, programs))
    found: Found = defaultdict(list)
    for line in output.splitlines():
        said: dict[str, Any] = json.loads(line)
        if said["severity"] == "error":
            found[ROOT / said["file"], said["line"]].append(said["message"])
    return found


def pyright(programs: Sequence[Path], scratch: Path) -> Found:
    """What pyright says of the programs in its strict mode."""
    settings = {
        "include": [os.path.relpath(program, scratch) for program in programs],
        "typeCheckingMode": "strict",
        "executionEnvironments": [{"root": str(ROOT)}],
    }
    (scratch / "pyrightconfig.json").write_text(json.dumps(settings))
    options = ["--outputjson", f"--project={scratch}", f"--pythonpath={sys.executable}"]
    output: dict[str, Any] = json.loads(_output("pyright", *options))
    assert output["summary"]["filesAnalyzed"] == len(programs)
    found: Found = defaultdict(list)
    for said in output["generalDiagnostics"]:
        line = said["range"]["start"]["line"] + 1
        found[Path(said["file"]), line].append(said["message"])
    return found


CHECKERS: dict[str, Callable[[Sequence[Path], Path], Found]] = {"mypy": mypy, "pyright": pyright}


def _output(checker: str, *arguments: str) -> str:
    command = [sys.executable, "-m", checker, *arguments]
    environment = {**os.environ, "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode in (0, 1), f"{done.stdout}\n{done.stderr}"
    return done.stdout


def marks(program: Path, checker: str) -> Found:
    """What a checker must say of the lines of a program."""
    found: Found = defaultdict(list)
    waiting: list[str] = []
    for number, line in enumerate(program.read_text().splitlines(), 1):
        mark = MARK.fullmatch(line)
        if mark is None:
            if waiting and not line.lstrip().startswith("#"):
                found[program, number], waiting = waiting, []
        elif mark[1] == checker:
            waiting.append(mark[2])
    return found


def differences(program: Path, expected: Found, said: Found) -> list[str]:
    """Lines that were not marked and are refused, or were marked and are not, in these words."""
    unmarked = [
        f"{program.name}:{line}: not marked: {text}"
        for (file, line), texts in said.items()
        if file == program and (file, line) not in expected
        for text in texts
    ]
    missing = [
        f"{program.name}:{line}: expected: {words}\n  got: {said.get((file, line), 'nothing')}"
        for (file, line), marked in expected.items()
        for words in marked
        if not any(_holds(text, words) for text in said.get((file, line), []))
    ]
    return unmarked + missing


def _holds(text: str, words: str) -> bool:
    """Whether a message has the words, in their order."""
    pattern = ".*?".join(re.escape(part) for part in words.split(" … "))
    return re.search(pattern, " ".join(text.split())) is not None
