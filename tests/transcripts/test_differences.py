"""The differences from Phoenix are real ones, and the page tells of them."""

from __future__ import annotations

import re

from .differences import DIFFERENCES, PAGE, with_table
from .transcript import RECORDED, WRITTEN, load, strictly


def test_a_difference_is_not_among_the_recorded_answers() -> None:
    recorded = {path.stem: load(path).answers for path in RECORDED}

    same = [
        name
        for name, difference in DIFFERENCES.items()
        if strictly(difference.answers) in map(strictly, recorded[name])
    ]

    assert same == []


def test_the_page_names_the_same_differences() -> None:
    page = PAGE.read_text(encoding="utf-8")

    assert page == with_table(page)


def test_the_conversations_that_the_page_points_to_exist() -> None:
    existing = {path.stem for path in [*RECORDED, *WRITTEN]}
    page, _, _ = PAGE.read_text(encoding="utf-8").partition("<!-- checklist -->")
    _, _, tables = page.partition("## Where nothing was recorded")

    cells = [line.split("|")[-2] for line in tables.splitlines() if line.startswith("|")]
    named = {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}

    assert named
    assert named - existing == set()
