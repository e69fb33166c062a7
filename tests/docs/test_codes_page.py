"""docs/codes.md has every code and every reason, as the code has them."""

from __future__ import annotations

import re
from typing import get_args

from channelkit.exits import Exit, close_code

from .codes import ENDINGS, PAGE, exits, filled
from .test_wire_page import IN_PHX_ERROR, words

TEXT = PAGE.read_text(encoding="utf-8")


def test_its_tables_are_up_to_date() -> None:
    assert filled(TEXT) == TEXT, "run python -m tests.docs.codes"


def test_every_close_code_has_a_section_and_no_other_but_those_that_are_never_sent() -> None:
    sections = set(re.findall(r"^### (\d{4})$", TEXT, re.MULTILINE))

    sent = {str(code[0]) for reason in exits() if (code := close_code(reason)) is not None}

    assert sections == sent - {"4000"} | {"1005", "1006"}
    assert "### 4000 to 4999" in TEXT


def test_the_tables_are_made_of_every_exit_that_tells_a_client() -> None:
    shown = {type(reason) for reason in [*exits(), *ENDINGS]}
    asked_for = {"Left", "Closed", "Replaced", "ConnectionLost"}

    assert {kind.__name__ for kind in set(get_args(Exit)) - shown} == {"Closed"}
    untold = {type(reason).__name__ for reason in exits() if close_code(reason) is None}
    assert untold - {type(reason).__name__ for reason in ENDINGS} <= asked_for


def test_every_reason_of_an_error_reply_has_a_remedy() -> None:
    table = re.findall(r"<!-- remedies -->\n(.*?)<!-- /remedies -->", TEXT, re.DOTALL)[0]

    told = re.findall(r"^\| `([^`]+)` \|", table.partition("---")[2], re.MULTILINE)

    assert len(told) == len(set(told))
    assert set(told) == words() - IN_PHX_ERROR
