"""The parts of the page and their addresses."""

from __future__ import annotations

from channelkit.contract import contract_of
from channelkit.documents.page.outline import outline
from tests.contract.app import endpoint, lobby


def test_every_part_has_an_address_that_can_be_read() -> None:
    draw, hall = outline(contract_of([endpoint, lobby])).endpoints
    (canvas,) = draw.channels

    assert (draw.address, hall.address) == ("connect.draw", "connect.lobby")
    assert canvas.address == "canvas-canvas-layer"
    assert canvas.join == "canvas-canvas-layer.join"
    assert canvas.events == (
        "canvas-canvas-layer.send.draw",
        "canvas-canvas-layer.send.image",
        "canvas-canvas-layer.send.any",
        "canvas-canvas-layer.send.replay",
    )
    assert canvas.pushes == (
        "canvas-canvas-layer.receive.drawn",
        "canvas-canvas-layer.receive.canvas-image",
    )
    assert canvas.presence == "canvas-canvas-layer.presence"
    assert hall.channels[0].presence is None


def test_only_types_that_others_refer_to_have_an_address() -> None:
    book = outline(contract_of([endpoint, lobby]))

    assert book.types == {"Size": "type.size", "Stroke": "type.stroke"}
