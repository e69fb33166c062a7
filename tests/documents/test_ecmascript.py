"""Which regular expressions may be shown to JavaScript: it has the last word itself."""

from __future__ import annotations

import json
import subprocess

import pytest

from channelkit.documents.ecmascript import reads

from ..npm import NODE, needs_node

READ = [
    "",
    "^a+$",
    r"^\w[\w .'\-]*$",
    "^#[0-9a-f]{6}$",
    r"(?:a|b)(?=c)(?!d)(?<=e)(?<!f)(?<name>g)",
    r"\p{L}\u{1F600}\u0041\x41\.\/",
    "a{2,}b{3}c{4,5}",
    "[[]",
    r"[\]{}]",
    r"\{\}",
    "a*?b+?",
]
UNREAD = [
    "(?P<name>a)",
    "(?i)a",
    "(?s:a)",
    "(?>a)",
    "(?#a)",
    r"\Aa\Z",
    "a++",
    "[[:alpha:]]",
    r"a\-b",
    r"\_",
    "a{,2}",
    "{",
    "]",
    "a\\",
]


@pytest.mark.parametrize("pattern", READ)
def test_javascript_reads_it(pattern: str) -> None:
    assert reads(pattern)


@pytest.mark.parametrize("pattern", UNREAD)
def test_javascript_does_not_read_it(pattern: str) -> None:
    assert not reads(pattern)


@needs_node
@pytest.mark.node
def test_javascript_itself_says_the_same() -> None:
    script = """
      for (const pattern of JSON.parse(process.argv[1])) {
        try { new RegExp(pattern, "u"); console.log("read") } catch { console.log("unread") }
      }
    """

    said = subprocess.run(
        [NODE, "-e", script, json.dumps(READ + UNREAD)],
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    ).stdout.split()

    assert dict(zip(READ + UNREAD, said, strict=True)) == {
        **dict.fromkeys(READ, "read"),
        **dict.fromkeys(UNREAD, "unread"),
    }
