"""What growth asks works in its smallest sizes, and is drawn; valgrind is not asked here."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import uvloop

from .growth import QUESTIONS, Question, table
from .plot import Panel, plotted

PAGE = Path(__file__).parents[2] / "docs" / "performance.md"

each_question = pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: one.name)


@each_question
def test_what_is_counted_ends_each_time_it_is_done(question: Question) -> None:
    async def twice(size: int) -> None:
        async with question.prepared(size) as operate:
            await operate()
            await operate()

    for size in question.sizes[:2]:
        uvloop.run(twice(size))


@each_question
def test_every_question_is_answered_in_the_documents(question: Question) -> None:
    head, _, sizes, *_ = table(question, dict.fromkeys(question.sizes, 0.0))

    page = PAGE.read_text(encoding="utf-8")

    assert head in page
    assert sizes in page


def test_a_plot_has_a_panel_for_each_question_and_a_point_for_each_size() -> None:
    picture = plotted(
        [Panel("a < b", "an echo", {1: 120, 1000: 125}), Panel("c", "d", {2: 1, 3: 2})]
    )

    root = ET.fromstring(picture)

    assert [one.text for one in root.iter() if one.get("class") == "name"] == ["a < b", "c"]
    assert picture.count("<circle") == 4
