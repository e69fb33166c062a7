"""The console's modules in node and under `tsc`, and what they know of the framework."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from channelkit.documents.console import SCRIPT

from ..npm import MODULES, NODE, needs, needs_node

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CONSOLE = ROOT / "channelkit" / "documents" / "console"
SOURCES = sorted(CONSOLE.glob("*.js"))
SUITES = sorted(HERE.glob("*.test.mjs"))
STRICT = "--strict --noUncheckedIndexedAccess --allowJs --checkJs --noEmit --target es2022"
MODULE = "--module esnext --moduleResolution bundler --lib es2023,dom,dom.iterable"
LONGEST = 350


def run(*command: str | Path) -> tuple[int, str]:
    """Run node here; its exit code and all it said."""
    done = subprocess.run(
        [NODE, *command], capture_output=True, check=False, text=True, timeout=60, cwd=HERE
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.node
@pytest.mark.slow
@needs_node
@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.name)
def test_the_consoles_modules_pass_their_own_suites(suite: Path) -> None:
    code, output = run("--test", suite)

    assert code == 0, output


@pytest.mark.node
@pytest.mark.slow
@needs_node
@needs("typescript")
def test_the_consoles_modules_are_strictly_typed_by_their_comments() -> None:
    tsc = MODULES / "typescript" / "bin" / "tsc"

    code, output = run(tsc, *STRICT.split(), *MODULE.split(), "--types", "", *SOURCES)

    assert (code, output) == (0, "")


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_a_module_is_short_enough_to_be_read_at_once(source: Path) -> None:
    assert len(source.read_text(encoding="utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_every_module_is_part_of_the_page(source: Path) -> None:
    assert f"const ${source.stem} = (() => {{" in SCRIPT


def table(name: str) -> list[str]:
    """The rows of a table in docs/wire.md."""
    text = (ROOT / "docs" / "wire.md").read_text(encoding="utf-8")
    found = re.search(rf"<!-- {name} -->(.*?)<!-- /{name} -->", text, re.DOTALL)
    assert found is not None
    return found[1].strip().splitlines()[2:]


def test_every_reason_of_the_framework_is_explained() -> None:
    reasons = {reason for row in table("reasons") for reason in row.split("|")[1].split("`")[1::2]}

    words = (CONSOLE / "explain.js").read_text(encoding="utf-8")

    assert {reason for reason in reasons if not _explained(reason, words)} == set()


def _explained(reason: str, words: str) -> bool:
    return re.search(rf'^  "?{re.escape(reason)}"?: "', words, re.MULTILINE) is not None


def test_every_close_code_of_the_server_is_explained() -> None:
    codes = {code for row in table("exits") for code in re.findall(r"\b\d{4}\b", row.split("|")[3])}

    words = (CONSOLE / "explain.js").read_text(encoding="utf-8")

    assert {code for code in codes if f"\n  {code}: " not in words} == set()
