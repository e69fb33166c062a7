"""The errors that no channel declares."""

from __future__ import annotations

from channelkit.contract import contract_of
from channelkit.documents.page.errors import errors_page
from channelkit.documents.page.outline import outline
from tests.contract.app import endpoint, lobby

from .reading import text


def test_each_reason_says_when_it_comes_and_is_told_once() -> None:
    told = text(errors_page(outline(contract_of([endpoint, lobby]))).text)

    joins, _, events = told.partition("Of an event")
    assert "too many channels joined The socket has joined 5 topics." in joins
    assert "too many channels joined The socket has joined 100 topics." in joins
    assert "invalid payload The payload does not fit; errors says where and why." in events
    assert events.count("forbidden The permission says no.") == 1
    assert events.endswith("clients join again by themselves.")
