"""Addresses within the page."""

from __future__ import annotations

import pytest

from channelkit.documents.page.anchors import Anchors


@pytest.mark.parametrize(
    ("names", "address"),
    [
        (["room:{name}"], "room-name"),
        (["room-name", "send", "new_msg"], "room-name.send.new_msg"),
        (["canvas:{canvas}:{layer*}"], "canvas-canvas-layer"),
        (["küche"], "küche"),
        (["::"], "-"),
        (['"><script>'], "script"),
        (["Lobby"], "lobby"),
    ],
)
def test_an_address_is_readable(names: list[str], address: str) -> None:
    assert Anchors().take(*names) == address


def test_no_two_are_the_same() -> None:
    anchors = Anchors()

    taken = [anchors.take(name) for name in ("a-b", "a:b", "a-b-2", "a b")]

    assert taken == ["a-b", "a-b-2", "a-b-2-2", "a-b-3"]
