"""A page's files and commands, played in a folder of its own in the order of the page.

A block with a title is a file; ``title="chat.py (continued)"`` goes on with one, and a ``diff``
changes one. A command runs where it stands, with the files as they are by then. What a page shows
as output (a ``console`` block, a ``text`` block behind commands, ``// …`` behind a
``console.log``) is what comes out; ``…`` stands for anything.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING, Final, Self

from channelkit.js import JAVASCRIPT

from ..cli.program import Program
from ..npm import NODE, modules
from .commands import Fate, fate, lines
from .formats import workflow_commands

if TYPE_CHECKING:
    from .blocks import Block

__all__ = ["FORMS", "PATIENCE", "Story", "is_form", "is_played", "prints"]

PATIENCE: Final = 120.0
PRINTS: Final = re.compile(r"console\.log\(.*\) // (.+)$", re.MULTILINE)
ADDRESS: Final = re.compile(r"(?:127\.0\.0\.1|localhost):4000")
ENDS: Final = re.compile(r"\s+# ends with (\d)$")
COMMANDS: Final = frozenset({"console", "sh"})
SCRIPTS: Final = frozenset({"js", "ts"})


FORMS: Final = {
    ("testing.md", "AssertionError: said did not come"),
    ("problems.md", "chat.py:14 Room.new_msg: the payload parameter has no type"),
}
"""Texts that nothing prints on their pages, by page and beginning: they show a form."""


RUN: Final = 'import ws from "ws"; globalThis.WebSocket ??= ws; await import("./script.js");'
EMIT: Final = "--target es2022 --module esnext --moduleResolution bundler --skipLibCheck"


def is_form(block: Block) -> bool:
    """Whether a text is one of these."""
    return any(
        block.page.name == page and block.code.startswith(beginning) for page, beginning in FORMS
    )


def is_played(block: Block) -> bool:
    """Whether a story does something with a block."""
    return (
        block.title is not None
        or block.language in COMMANDS
        or (block.language in SCRIPTS and bool(prints(block)))
    )


def prints(block: Block) -> list[str]:
    """What a script says that it prints."""
    return PRINTS.findall(block.code)


class Story:
    """A folder in which a page happens."""

    def __init__(self, folder: Path, page: list[Block]) -> None:
        self.folder = folder / "page"
        self.folder.mkdir()
        self._page = page
        self._has_files = any(block.title for block in page)
        self._own_git = any("git init" in block.code for block in page)
        self._shims = folder / "shims"
        self._tested = False
        self._output: str | None = None
        self._address = ""
        self._serving = ExitStack()
        _write_shims(self._shims)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._serving.close()

    def play(self) -> None:
        """All that the page says, then what it leaves unsaid: every module imports, tests pass."""
        for block in self._page:
            try:
                self._play(block)
            except (AssertionError, OSError, subprocess.SubprocessError) as failed:
                failed.add_note(f"{block.place} ({block.language} {block.title or ''})")
                raise
        self._serving.close()
        names = sorted({b.title for b in self._page if b.title and b.title.endswith(".py")})
        modules_of = [n.removesuffix(".py").replace("/", ".") for n in names]
        if modules_of:
            self._run(f"python -c 'import {', '.join(modules_of)}'", 0)
        if any(Path(name).name.startswith("test_") for name in names) and not self._tested:
            self._run("python -m pytest -q", 0)

    def write(self) -> None:
        """Only the files as they are at the end, those included that a client is generated to."""
        for block in self._page:
            if block.title is not None:
                self._file(block)
            elif block.language == "sh":
                for line in lines(block.code):
                    if line.startswith("channelkit client "):
                        self._line(line)

    def _play(self, block: Block) -> None:
        if block.title is not None:
            self._file(block)
            self._workflow(block)
        elif block.language == "sh":
            self._output = "".join(self._line(line) for line in lines(block.code))
        elif block.language == "console":
            self._session(block.code)
            self._output = None
        elif block.language == "text" and self._output is not None and not is_form(block):
            expect(self._output, block.code)
            self._output = None
        elif block.language in SCRIPTS and prints(block):
            self._script(block)

    def _file(self, block: Block) -> None:
        path = self.folder / str(block.title)
        path.parent.mkdir(parents=True, exist_ok=True)
        if block.language == "diff":
            if any(re.search(r"\bgit |\bmain:", other.code) for other in self._page):
                self._commit()
            path.write_text(changed(path.read_text(), block.code))
            return
        before = path.read_text() if block.continued else ""
        path.write_text(f"{before}\n\n{block.code}" if before else block.code)

    def _workflow(self, block: Block) -> None:
        """What the steps of a workflow run, on the branch that main is here."""
        steps = workflow_commands(block.code) if block.language == "yaml" else []
        for line in (line for step in steps for line in lines(step)):
            self._line(line.replace("origin/main:", "main:"))

    def _session(self, code: str) -> None:
        """Commands behind ``$``, and below each what it prints."""
        for part in re.split(r"^\$ ", code, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            expect(self._line(command, shown=True), output)

    def _line(self, line: str, *, shown: bool = False) -> str:
        ended = ENDS.search(line)
        code = int(ended[1]) if ended else (None if shown else 0)
        command = ENDS.sub("", line)
        match fate(command, has_files=self._has_files):
            case Fate.RUN:
                return self._run(command, code)
            case Fate.SERVED:
                return self._serve(command)
            case Fate.LOOKED_AT:
                return ""

    def _run(self, command: str, code: int | None) -> str:
        if re.search(r"\bgit |\bmain:", command) and not (self.folder / ".git").exists():
            self._commit()
        self._tested = self._tested or "pytest" in command
        command = ADDRESS.sub(self._address, command) if self._address else command
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self.folder,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        said = done.stdout + done.stderr
        assert code is None or done.returncode == code, f"{command}\n{said}"
        return said

    def _serve(self, command: str) -> str:
        """Start a server in the place of the one that ran, on a free port."""
        self._serving.close()
        words = re.sub(r" --port \d+", "", command)
        arguments = [*shlex.split(words)[1:], "--port", "0"]
        if "--log-level" not in command:
            arguments += ["--log-level", "error"]
        program = self._serving.enter_context(Program(self.folder, *arguments))
        self._address = program.wait_ready().partition("//")[2]
        said = program.output.replace(self._address, "127.0.0.1:4000")
        return said.replace(version("channelkit"), "0.1.0")

    def _script(self, block: Block) -> None:
        """Run it in node, against the page's server, until it has printed all that it says."""
        if not self._address:
            self._serve("channelkit run chat:server")
        code = ADDRESS.sub(self._address, block.code)
        (self.folder / "node_modules").symlink_to(modules("docs"))
        (self.folder / "channelkit.js").write_text(JAVASCRIPT.read_text())
        (self.folder / f"script.{block.language}").write_text(code)
        (self.folder / "package.json").write_text('{"type": "module"}')
        (self.folder / "run.js").write_text(RUN)
        if block.language == "ts":
            self._run(f"{NODE} node_modules/typescript/bin/tsc {EMIT} script.ts", 0)
        wanted = prints(block)
        with subprocess.Popen(
            [NODE, "run.js"], cwd=self.folder, stdout=subprocess.PIPE, text=True
        ) as node:
            assert node.stdout is not None
            guard = Timer(PATIENCE, node.kill)
            guard.start()
            said = [line.rstrip("\n") for _, line in zip(wanted, node.stdout, strict=False)]
            guard.cancel()
            node.kill()
        for name in ("node_modules", "channelkit.js", "package.json", "run.js"):
            (self.folder / name).unlink()
        assert sorted(said) == sorted(wanted)

    def _commit(self) -> None:
        """Put everything on main, as a reader would have it there before the page's next change."""
        if self._own_git:
            return
        if not (self.folder / ".git").exists():
            subprocess.run(
                ["git", "init", "-q", "-b", "main"],
                cwd=self.folder,
                env=self._environment(),
                check=True,
            )
        for command in (["add", "-A"], ["commit", "-q", "--allow-empty", "-m", "Before"]):
            subprocess.run(["git", *command], cwd=self.folder, env=self._environment(), check=True)

    def _environment(self) -> dict[str, str]:
        who = {f"GIT_{role}_{part}": "a@b.example" for role in ROLES for part in ("NAME", "EMAIL")}
        return {
            **os.environ,
            **who,
            "PATH": f"{self._shims}{os.pathsep}{os.environ.get('PATH', '')}",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "NO_COLOR": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTEST_ADDOPTS": "-p no:cacheprovider",
        }


ROLES: Final = ("AUTHOR", "COMMITTER")


def expect(said: str, shown: str) -> None:
    """Compare what came out with what a page shows, in which ``…`` is anything."""
    said, shown = said.strip("\n"), shown.strip("\n")
    pattern = ".*?".join(re.escape(part) for part in shown.split("…"))
    if not re.fullmatch(pattern, said, re.DOTALL):
        assert said == shown


def changed(text: str, diff: str) -> str:
    """A file after the changes of a ``diff`` block: each hunk has to be found exactly once."""
    for hunk in re.split(r"^@@.*\n", diff, flags=re.MULTILINE):
        rows = [row or " " for row in hunk.splitlines()]
        if not rows:
            continue
        before = "".join(f"{row[1:]}\n" for row in rows if row[0] in " -")
        after = "".join(f"{row[1:]}\n" for row in rows if row[0] in " +")
        assert text.count(before) == 1, f"not once in the file:\n{before}"
        text = text.replace(before, after)
    return text


def _write_shims(folder: Path) -> None:
    """This Python, and the command of this package, under the names that pages have for them."""
    folder.mkdir()
    programs = {"python": "", "channelkit": "-m channelkit", "mypy": "-m mypy"}
    for name, arguments in programs.items():
        shim = folder / name
        shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" {arguments} "$@"\n')
        shim.chmod(0o755)
