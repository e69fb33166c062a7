"""What becomes of a command line in a document: run as it is, served, or looked at only.

A command that no rule knows fails: whoever writes a new one says here what becomes of it.
"""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from enum import Enum, auto
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from .blocks import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Fate", "UnknownCommand", "fate", "lines", "simple_commands"]


class UnknownCommand(AssertionError):
    """No rule says what becomes of a command, or the rule finds fault with it."""


class Fate(Enum):
    """What becomes of a line."""

    RUN = auto()
    """It runs, in the page's folder; its exit code is looked at."""
    SERVED = auto()
    """It runs until the page ends, or until the next that serves."""
    LOOKED_AT = auto()
    """Its words are held against what there is; it does not run."""


def lines(code: str) -> list[str]:
    """The command lines of a block, continued ones joined, without comments of their own."""
    joined = re.sub(r"\s*\\\n\s*", " ", code)
    stripped = [line.strip() for line in joined.splitlines()]
    return [line for line in stripped if line and not line.startswith("#")]


def fate(line: str, *, has_files: bool) -> Fate:
    """What becomes of a line: it runs if all its commands can, else all are looked at.

    Args:
        has_files: Whether its page makes files; without them there is nothing to run it on.
    """
    fates = [_fate_of(words, has_files=has_files) for words in simple_commands(line)]
    if Fate.LOOKED_AT in fates:
        return Fate.LOOKED_AT
    if Fate.SERVED in fates and len(fates) > 1:
        raise UnknownCommand(f"a line of its own for what serves: {line}")
    return fates[0]


def simple_commands(line: str) -> Iterator[list[str]]:
    """The words of each command in a line; of redirections nothing."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    words: list[str] = []
    tokens = iter(list(lexer))
    for token in tokens:
        if token in ("<", ">", ">>"):
            next(tokens, None)
        elif set(token) <= set("();&|"):
            if words:
                yield words
            words = []
        else:
            words.append(token)
    if words:
        yield words


def _fate_of(words: list[str], *, has_files: bool) -> Fate:
    words = [word for word in words if not re.fullmatch(r"[A-Z_]+=.*", word)]
    name, rest = Path(words[0]).name if words else "", words[1:]
    name = "python" if name == "python3" else name
    match name, rest:
        case "channelkit", ["run", *_]:
            return Fate.SERVED if has_files else Fate.LOOKED_AT
        case "channelkit", [command, *options]:
            _expect_options(f"channelkit {command}", options, ROOT / "channelkit" / "cli")
            return Fate.RUN if has_files else Fate.LOOKED_AT
        case "pip", ["install", *wanted]:
            _expect_pip(wanted)
        case "npm", ["install", *wanted]:
            _expect_npm(wanted)
        case "python", ["-m", "pytest", *paths] if not has_files:
            _expect_paths(paths)
        case ("python", ["-m", "pytest" | "mypy", *_]) | ("git" | "npx" | "mypy" | "mkdir", _):
            return Fate.RUN
        case ("python", ["-m", "venv", _]) | ("", [".venv/bin/activate"]):
            pass
        case "python", ["-m", module, *options]:
            _expect_module(module, options)
        case "python", [path, *_] if has_files and path.endswith(".py"):
            return Fate.RUN
        case ("cd", [path]) | ("python", [path, *_]):
            _expect_paths([path])
        case _ if name in MACHINES:
            pass
        case _:
            raise UnknownCommand(f"nobody says what becomes of: {shlex.join(words)}")
    return Fate.LOOKED_AT


MACHINES: Final = {
    "caddy",
    "certbot",
    "docker",
    "journalctl",
    "nginx",
    "sudo",
    "systemctl",
}
"""Commands about the machine that a server runs on: they are read by people, not run here."""


def _expect_options(command: str, words: list[str], folder: Path) -> None:
    sources = "".join(file.read_text(encoding="utf-8") for file in folder.rglob("*.py"))
    for word in words:
        option = word.partition("=")[0]
        bare = option.lstrip("-").replace("-", "_")
        if option.startswith("--") and option not in sources and f"{bare}:" not in sources:
            raise UnknownCommand(f"{command} has no {option}")


def _expect_pip(words: list[str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras: dict[str, list[str]] = project["optional-dependencies"]
    known = {_name(one) for part in extras.values() for one in part}
    known |= {_name(one) for one in project["dependencies"]}
    for word in words:
        wanted = re.fullmatch(r"(?:\.\./)?([\w.-]+)(?:\[([\w,]+)\])?(?:[=<>~].*)?", word)
        if word.startswith("-") and word in ("-q", "-e", "-U"):
            continue
        if wanted is None:
            raise UnknownCommand(f"not a package: {word}")
        ours = wanted[1] in (".", "channelkit")
        if not ours and _name(word) not in known:
            raise UnknownCommand(f"tests do not have the package {word}")
        missing = set((wanted[2] or "").split(",")) - extras.keys() - {""}
        if ours and missing:
            raise UnknownCommand(f"there are no extras {missing}")


def _name(requirement: str) -> str:
    return re.split(r"[\[=<>~; ]", requirement)[0].lower().replace("_", "-")


def _expect_npm(words: list[str]) -> None:
    manifests = [json.loads(file.read_text()) for file in ROOT.glob("tests/*/package.json")]
    known = {name for each in manifests for name in each.get("dependencies", {})}
    known |= {name for each in manifests for name in each.get("devDependencies", {})}
    for word in words:
        if not word.startswith("-") and re.sub(r"(?<=.)@.*", "", word) not in known:
            raise UnknownCommand(f"tests do not have the npm package {word}")


def _expect_paths(words: list[str]) -> None:
    for word in words:
        if not word.startswith("-") and not (ROOT / word).exists():
            raise UnknownCommand(f"there is no {word}")


def _expect_module(module: str, options: list[str]) -> None:
    found = find_spec(module)
    if found is None or found.origin is None:
        raise UnknownCommand(f"there is no module {module}")
    _expect_options(module, options, Path(found.origin).parent)
