"""The rows, the tests named after them, and the page that shows both cannot drift apart."""

from __future__ import annotations

from .checklist import PAGE, exists, named_tests, sections, with_tables

ROWS = {
    f"{name}_{number}": (section, row)
    for name, section in sections().items()
    for number, row in section.rows.items()
}


def test_every_test_named_after_a_row_has_its_row() -> None:
    assert sorted(set(named_tests()) - set(ROWS)) == []


def test_every_row_has_a_test_named_after_it() -> None:
    tests = named_tests()

    without = [
        name
        for name, (section, row) in ROWS.items()
        if row.here in ("same", "different")
        and name not in tests
        and not (section.evidence and row.also)
    ]

    assert without == []


def test_every_row_that_is_not_the_same_says_why() -> None:
    assert [name for name, (_, row) in ROWS.items() if row.here != "same" and not row.why] == []


def test_what_else_looks_at_a_row_exists() -> None:
    named = [(name, evidence) for name, (_, row) in ROWS.items() for evidence in row.also]

    assert [(name, evidence) for name, evidence in named if not exists(evidence)] == []


def test_the_page_shows_every_row() -> None:
    page = PAGE.read_text(encoding="utf-8")

    assert with_tables(page) == page  # python -m tests.checklist.checklist writes it anew
