"""`docs/wire.md` says what happens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from channelkit import exits
from channelkit.exits import Closed, Disconnected, Exit, close_code
from channelkit.runtime.log import told

PAGE = Path(__file__).parents[2] / "docs" / "wire.md"
ROW = re.compile(r"^\| .* \| `(\w+)\((.*)\)` \| (.*) \| .*`exit=(.*)` \|$")
EXAMPLES: dict[str, Exit] = {"Closed": Closed(1000), "Disconnected": Disconnected(4000, "enough")}


def rows() -> list[tuple[str, str, str, str]]:
    """Exit, its arguments, close code and log of each row of the first table."""
    table = PAGE.read_text().split("<!-- exits -->")[1].split("<!-- /exits -->")[0]
    matched = [ROW.match(line) for line in table.strip().splitlines()[2:]]
    assert all(matched)
    return [(row[1], row[2], row[3], row[4]) for row in matched if row is not None]


def example(name: str, arguments: str) -> Exit:
    if arguments.isdigit():
        made: Exit = getattr(exits, name)(int(arguments))
    elif arguments:
        made = EXAMPLES[name]
    else:
        made = getattr(exits, name)()
    return made


@pytest.mark.parametrize(("name", "arguments", "code", "logged"), rows())
def test_an_exit_has_the_code_and_the_log_that_the_page_says(
    name: str, arguments: str, code: str, logged: str
) -> None:
    made = example(name, arguments)
    sent = close_code(made)

    assert told(made) == logged
    match code:
        case "none":
            assert sent is None
        case "the same" | "the same, as an answer":
            assert sent is not None
        case _:
            assert sent is not None
            assert str(sent[0]) == code


def test_every_exit_is_on_the_page() -> None:
    page = PAGE.read_text()

    for name in exits.__all__:
        if isinstance(getattr(exits, name), type):
            assert f"`{name}(" in page
