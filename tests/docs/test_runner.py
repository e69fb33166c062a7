"""The runner of the documents' blocks: what it reads, what it refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .blocks import ROOT, Block, blocks_in
from .commands import Fate, UnknownCommand, fate, lines
from .fates import fates
from .formats import FORMATS, started, workflow_commands
from .log_lines import unknown
from .stories import Story, changed, expect, prints

if TYPE_CHECKING:
    from pathlib import Path

PAGE = ROOT / "docs" / "page.md"


def read(text: str) -> list[Block]:
    return blocks_in(text.replace("~~~", "```"), PAGE)


def test_a_block_has_its_language_title_and_place() -> None:
    (block,) = read('# A\n\n~~~python title="chat.py"\nx = 1\n~~~\n')

    assert (block.language, block.title, block.place) == ("python", "chat.py", "docs/page.md:4")
    assert (block.code, block.continued) == ("x = 1\n", False)


def test_a_title_may_go_on_with_a_file() -> None:
    (block,) = read('~~~python title="chat.py (continued)"\n~~~')

    assert (block.title, block.continued) == ("chat.py", True)


def test_a_block_in_a_list_loses_its_indentation() -> None:
    (block,) = read("1. so\n\n   ~~~sh\n   ls\n     -l\n   ~~~\n")

    assert block.code == "ls\n  -l\n"


def test_a_longer_fence_holds_shorter_ones() -> None:
    (block,) = read("~~~~md\n~~~\n~~~\n~~~~".replace("~~~~", "````"))

    assert block.code == "```\n```\n"


def test_a_fence_that_is_never_closed_is_an_error() -> None:
    with pytest.raises(AssertionError, match="never closed"):
        read("~~~sh\nls\n")


@pytest.mark.parametrize(
    "text",
    [
        "~~~\nwho knows\n~~~",
        "~~~cobol\nSTOP RUN.\n~~~",
        "~~~text\nno command before me\n~~~",
        "~~~python run=never\nx = 1\n~~~",
        "~~~diff\n-a\n~~~",
        "~~~console\n$ true\n~~~\n~~~text\na session has its output in itself\n~~~",
    ],
)
def test_a_block_that_nothing_reads_is_found(text: str) -> None:
    *_, (_, told) = fates(read(text))

    assert told == []


@pytest.mark.parametrize(
    ("language", "good", "bad"),
    [
        ("caddyfile", "chat.example {\n\treverse_proxy :4000\n}", "a {"),
        ("css", "p { color: red }", "p }{"),
        ("dockerfile", 'FROM python:3.13\nCMD ["a", \\\n "b"]', "FROM a\nRUM b"),
        ("dockerfile", "# one\nARG a\nFROM a", "RUN b"),
        ("elixir", "def a do\n  fn -> 1 end\nend", "def a do"),
        ("elixir", "x = 1", "end"),
        ("html", "<p>a<br>b</p>", "<p><b></p>"),
        ("html", "<!doctype html><i></i>", "<p>"),
        ("ini", "[Unit]\nAfter=a\nAfter=b", "# nothing"),
        ("json", '{"a": 1}', "{'a': 1}"),
        ("json", 'C> ["1", "2", "t", "e", {}]', 'C> ["1"]'),
        ("nginx", 'a {\n  b "c;" d; # e {\n}', "a { b }"),
        ("nginx", "a b;", "a {"),
        ("nginx", "a b;", "}"),
        ("nginx", "a b;", ";"),
        ("py", "x: int = 1", "x = = 1"),
        ("toml", "[a]\nb = 1", "a"),
        ("yaml", "jobs: {a: {steps: [{run: ls}]}}", "jobs: {a: {steps: [{name: ls}]}}"),
        ("yaml", "- a", "a: b: c"),
    ],
)
def test_what_is_ill_formed_is_refused(language: str, good: str, bad: str) -> None:
    FORMATS[language](good)

    with pytest.raises(Exception, match=r".+"):
        FORMATS[language](bad)


def test_the_commands_of_a_workflow_are_its_steps() -> None:
    text = "jobs: {a: {steps: [{uses: x}, {run: ls -l}]}}"

    assert workflow_commands(text) == ["ls -l"]
    assert workflow_commands("a: 1") == []


def test_units_and_images_start_commands_too() -> None:
    assert started("yaml", "jobs: {a: {steps: [{run: ls}]}}") == ["ls"]
    assert started("ini", "[Service]\nExecStart=/a/channelkit run b:c") == ["/a/channelkit run b:c"]
    assert started("dockerfile", 'FROM a\nCMD ["b", "c d"]') == ["b 'c d'"]
    assert started("json", "{}") == []


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("channelkit check chat:server", Fate.RUN),
        ("A=1 channelkit check chat:server --format json > a.json", Fate.RUN),
        ("channelkit run chat:server --reload", Fate.SERVED),
        ("git add . && git commit -m 'so; it is'", Fate.RUN),
        ("python -m pytest -q", Fate.RUN),
        ("pip install 'channelkit[server]' pytest", Fate.LOOKED_AT),
        ("npm install phoenix@1.8.16", Fate.LOOKED_AT),
        ("python3 -m venv .venv && .venv/bin/pip install -q '.[test]'", Fate.LOOKED_AT),
        ("python -m examples.conformance --port 4000", Fate.LOOKED_AT),
        ("(cd tests/clients && npm install --no-package-lock)", Fate.LOOKED_AT),
        ("sudo systemctl start chat", Fate.LOOKED_AT),
    ],
)
def test_a_command_has_a_fate(line: str, wanted: Fate) -> None:
    assert fate(line, has_files=True) is wanted


@pytest.mark.parametrize(
    "line",
    [
        "rm -rf /",
        "channelkit check chat:server --fromat json",
        "pip install '.[sever]'",
        "pip install no-such-thing",
        "pip install ./../x",
        "npm install left-pad",
        "python -m examples.conformance --prot 4000",
        "python -m examples.no_such_thing",
        "cd no/such/folder",
        "mkdir a && channelkit run chat:server",
    ],
)
def test_a_command_that_nobody_knows_or_that_is_wrong_is_refused(line: str) -> None:
    with pytest.raises(UnknownCommand):
        fate(line, has_files=True)


def test_without_files_commands_are_held_against_the_repository() -> None:
    assert fate("python -m pytest tests/docs", has_files=False) is Fate.LOOKED_AT
    with pytest.raises(UnknownCommand):
        fate("python -m pytest tests/no_such", has_files=False)


def test_lines_are_joined_and_comments_left_out() -> None:
    assert lines("# a\nb \\\n  c\n\nd\n") == ["b c", "d"]


def test_output_is_compared_and_an_ellipsis_is_anything() -> None:
    expect("1 passed in 0.01s\n", "1 passed in …s\n")
    expect("a\nb\nc\n", "…\nc\n")
    with pytest.raises(AssertionError):
        expect("a\n", "b\n")


def test_a_change_is_made_where_it_fits_once() -> None:
    assert changed("a\nb\n\nc\n", " a\n-b\n+B\n\n@@\n-c\n") == "a\nB\n\n"
    with pytest.raises(AssertionError, match="not once"):
        changed("a\na\n", "-a\n")


def test_what_a_script_prints_stands_behind_it() -> None:
    (block,) = read("~~~js\nconsole.log(a) // one\nb(c => console.log(c)) // { two }\n~~~")

    assert prints(block) == ["one", "{ two }"]


def test_a_log_line_has_the_fields_of_its_row_in_order() -> None:
    assert unknown('2026-11-22T20:00:00.1 INFO joined topic=room:1 params="{a b}"') == []
    assert unknown("draining path=/socket sockets=1") == []
    assert unknown("left for good") == ["left for good"]
    assert unknown("joined peer=a topic=b") == ["joined peer=a topic=b"]


STORIES = {
    "a module that does not import": '~~~python title="a.py"\nimport no_such\n~~~',
    "a test that fails": '~~~python title="test_a.py"\ndef test_a():\n    assert False\n~~~',
    "a command that fails": '~~~python title="a.py"\n~~~\n~~~sh\nchannelkit check a:b\n~~~',
    "a command that does not": '~~~python title="a.py"\n~~~\n~~~sh\ngit status # ends with 3\n~~~',
    "another output": '~~~python title="a.py"\n~~~\n~~~console\n$ mkdir b\nmade b\n~~~',
    "output that is none": '~~~python title="a.py"\n~~~\n~~~sh\nmkdir b\n~~~\n~~~text\nb\n~~~',
}


@pytest.mark.slow
@pytest.mark.parametrize("text", STORIES.values(), ids=STORIES)
def test_a_story_fails_where_its_page_is_wrong(text: str, tmp_path: Path) -> None:
    with Story(tmp_path, read(text)) as story, pytest.raises(AssertionError):
        story.play()


@pytest.mark.slow
def test_a_story_has_the_files_as_they_are_by_then(tmp_path: Path) -> None:
    page = read(
        '~~~python title="a/b.py"\nx = 1\n~~~\n'
        '~~~python title="a/b.py (continued)"\ny = 2\n~~~\n'
        "~~~sh\npython -m pytest --version\ngit status --short\n~~~\n"
        '~~~diff title="a/b.py"\n-x = 1\n+x = 3\n~~~\n'
        "~~~console\n$ git diff --stat -- a\n a/b.py | 2 +-\n … file changed, …\n~~~\n"
    )
    with Story(tmp_path, page) as story:
        story.play()

    assert (story.folder / "a" / "b.py").read_text() == "x = 3\n\n\ny = 2\n"
