"""`docs/design.md` says what the code does, where it is generated from it."""

from __future__ import annotations

import re

from channelkit.transitions import TABLE, State

from .session_table import PAGE, diagram, table, with_table
from .test_layers import FLOORS


def test_the_session_table_in_the_design_is_up_to_date() -> None:
    page = PAGE.read_text(encoding="utf-8")

    assert with_table(page) == page, "run python -m tests.session_table"
    assert table() in page
    assert diagram() in page


def test_the_table_has_a_row_for_every_input_and_a_column_for_every_state() -> None:
    head, _, *rows = table().splitlines()

    assert head == "| input | no member | JOINING | JOINED | LEAVING |"
    assert len(rows) == len(TABLE)
    assert {row.count("|") for row in rows} == {len(State) + 2}


def test_the_diagram_leads_through_a_whole_life() -> None:
    edges = set(re.findall(r"^    (\S+) --> (\S+) : [\w ]+$", diagram(), re.MULTILINE))

    assert edges == {
        ("[*]", "JOINING"),
        ("JOINING", "JOINED"),
        ("JOINING", "[*]"),
        ("JOINED", "JOINING"),
        ("JOINED", "LEAVING"),
        ("JOINED", "[*]"),
        ("LEAVING", "[*]"),
    }


def test_the_map_of_the_floors_is_the_list_of_the_layers_test() -> None:
    page = PAGE.read_text(encoding="utf-8")

    rows = re.findall(r"^\| (\d) \| ([^|]+) \|", page, re.MULTILINE)

    mapped = [re.findall(r"`(\w+)`", modules) for _, modules in rows]
    assert mapped == [[unit for unit in floor if unit != "__main__"] for floor in FLOORS]
