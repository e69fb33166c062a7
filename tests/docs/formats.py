"""Whether a block in a language of data is well formed: parsed, and a little more."""

from __future__ import annotations

import ast
import configparser
import json
import re
import shlex
import tomllib
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any, Final

import yaml
from pygments.lexers import find_lexer_class_by_name
from pygments.token import Error

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["FORMATS", "IllFormed", "started", "workflow_commands"]


class IllFormed(AssertionError):
    """A block is not what its language asks for."""


def check_json(code: str) -> None:
    """One JSON document, or frames after ``C>`` and ``S>``, which are arrays of five."""
    lines = code.strip().splitlines()
    if not any(re.match("[CS]> ", line) for line in lines):
        json.loads(code)
        return
    for line in lines:
        match line[:3], json.loads(line[3:]):
            case "C> " | "S> ", [_, _, _, _, _]:
                pass
            case _:
                raise IllFormed(f"no frame: {line}")


def check_toml(code: str) -> None:
    """TOML."""
    tomllib.loads(code)


def check_yaml(code: str) -> None:
    """YAML; a workflow's steps say what they run or use."""
    for document in yaml.safe_load_all(code):
        for job in _jobs(document):
            for step in job["steps"]:
                if not {"run", "uses"} & step.keys():
                    raise IllFormed(f"a step that does nothing: {step}")


def check_ini(code: str) -> None:
    """Sections of ``Key=value``, as systemd's units are; a key may come again."""
    parser = configparser.RawConfigParser(strict=False, delimiters="=")
    parser.read_string(code)
    if not parser.sections():
        raise IllFormed("no sections")


def check_nginx(code: str) -> None:
    """Each directive ends in ``;`` or opens a block that is closed."""
    depth, words = 0, 0
    for token in re.findall(r'#.*|"(?:[^"\\]|\\.)*"|\'[^\']*\'|[{};]|[^\s{};"\'#]+', code):
        if token.startswith("#"):
            continue
        if token == "}" and words:
            raise IllFormed("a directive without its semicolon")
        if token in "{};" and token != "}" and not words:
            raise IllFormed(f"nothing before {token}")
        depth += {"{": 1, "}": -1}.get(token, 0)
        if depth < 0:
            raise IllFormed("a brace too many")
        words = 0 if token in "{};" else words + 1
    if depth or words:
        raise IllFormed("it ends in the middle")


def check_braces(code: str) -> None:
    """A Caddyfile, CSS: braces that match."""
    depth = 0
    for token in re.findall(r"#\s.*|/\*.*?\*/|\"[^\"]*\"|[{}]", code):
        depth += {"{": 1, "}": -1}.get(token, 0)
        if depth < 0:
            raise IllFormed("a brace too many")
    if depth:
        raise IllFormed("a brace that is not closed")


INSTRUCTIONS: Final = re.compile(
    "ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|FROM|HEALTHCHECK|LABEL|RUN|STOPSIGNAL|USER|VOLUME|WORKDIR"
)


def check_dockerfile(code: str) -> None:
    """Instructions that exist, the first of them FROM; the JSON of a command is some."""
    joined = re.sub(r"\\\n", " ", code)
    lines = [line for line in joined.splitlines() if line.strip() and line[0] != "#"]
    if not lines or lines[0].split()[0] not in ("FROM", "ARG"):
        raise IllFormed("it does not begin with FROM")
    for line in lines:
        word, _, rest = line.partition(" ")
        if INSTRUCTIONS.fullmatch(word) is None:
            raise IllFormed(f"no instruction: {word}")
        if word in ("CMD", "ENTRYPOINT") and rest.startswith("["):
            json.loads(rest)


VOID: Final = re.compile("area|br|col|hr|img|input|link|meta|source|wbr")


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if VOID.fullmatch(tag) is None:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise IllFormed(f"</{tag}> closes what is not open")


def check_html(code: str) -> None:
    """Every tag that is opened is closed, in order."""
    tags = _Tags()
    tags.feed(code)
    tags.close()
    if tags.open:
        raise IllFormed(f"never closed: {tags.open}")


def check_python(code: str) -> None:
    """Python that is not run, because it is somebody else's framework's."""
    ast.parse(code)


def check_elixir(code: str) -> None:
    """Elixir: no token that is none, and an ``end`` for each ``do`` and ``fn``."""
    depth = 0
    for kind, text in find_lexer_class_by_name("elixir")().get_tokens(code):
        if kind is Error:
            raise IllFormed(f"no Elixir: {text!r}")
        if str(kind).startswith("Token.Keyword"):
            depth += {"do": 1, "fn": 1, "end": -1}.get(text, 0)
        if depth < 0:
            raise IllFormed("an end too many")
    if depth:
        raise IllFormed("an end too few")


FORMATS: Final[dict[str, Callable[[str], None]]] = {
    "caddy": check_braces,
    "caddyfile": check_braces,
    "css": check_braces,
    "dockerfile": check_dockerfile,
    "elixir": check_elixir,
    "html": check_html,
    "ini": check_ini,
    "json": check_json,
    "nginx": check_nginx,
    "py": check_python,
    "toml": check_toml,
    "yaml": check_yaml,
}
"""By language: raises where the code is not well formed."""


def workflow_commands(code: str) -> list[str]:
    """What the steps of a workflow run; nothing for other YAML."""
    documents = list(yaml.safe_load_all(code))
    return [
        step["run"]
        for document in documents
        for job in _jobs(document)
        for step in job["steps"]
        if "run" in step
    ]


def started(language: str, code: str) -> list[str]:
    """The commands that a workflow, a unit or an image runs."""
    match language:
        case "yaml":
            return workflow_commands(code)
        case "ini":
            return re.findall(r"^ExecStart=(.+)$", code, re.MULTILINE)
        case "dockerfile":
            found = re.findall(r"^CMD (\[.+\])$", code, re.MULTILINE)
            return [shlex.join(json.loads(command)) for command in found]
        case _:
            return []


def _jobs(document: Any) -> list[dict[str, Any]]:
    match document:
        case {"jobs": jobs}:
            return list(jobs.values())
        case _:
            return []
