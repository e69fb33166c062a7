"""A channel's page, as a person reads it."""

from __future__ import annotations

from typing import Final

import pytest

from channelkit import (
    Channel,
    Endpoint,
    Message,
    Open,
    Presence,
    Refusal,
    channel,
    on_event,
    on_join,
)
from channelkit.contract import contract_of
from channelkit.documents.page import render
from channelkit.documents.page.channels import pattern_code
from tests.contract.app import endpoint, lobby

from .reading import part, text


class Said(Message):
    body: str


class Never(Refusal):
    """Not this."""


class Online(Message):
    at: int


@channel("quiet")
class Quiet(Channel[None]):
    here = Presence(Online)

    @on_join
    async def join(self, params: Open) -> None: ...

    @on_event("only-refused")
    async def refused(self, message: Said) -> Never | None: ...

    @on_event("ignored")
    async def ignored(self, message: Said) -> None: ...


HTML: Final = render(contract_of([endpoint, lobby, Endpoint("/quiet", [Quiet])]))


def test_it_begins_with_what_it_is_and_the_parameters_of_its_topic() -> None:
    told = text(HTML[HTML.index('<section id="canvas-canvas-layer"') :])

    assert told.startswith(
        "Channel Canvas canvas: {canvas} : {layer*} A canvas that everybody draws on. "
        "Topic canvas integer, 0 or more "
        "layer string The rest of the topic, colons and all; it may be empty. "
        "join send draw send image send any send replay "
        "receive drawn receive canvas:image presence Join Come in."
    )


def test_a_topic_without_parameters_is_one_topic() -> None:
    assert "lobby One topic, with this very name." in text(HTML)


def test_a_join_has_its_parameters_replies_and_refusals() -> None:
    told = part(HTML, "data-join")

    assert told.startswith(
        "Join Come in. Parameters color string, matches ^#[0-9a-f]{6}$"
        ' Default "#000000" . For example "#00ff00" .'
        " Reply One of these; the first that fits is meant."
    )
    assert "An empty object. Refusals full limit integer" in told


@pytest.mark.parametrize(
    ("event", "rules"),
    [
        (
            "draw",
            "Who may whom may_draw allows How often 10/s Replies always one, in order Payload",
        ),
        ("image", "Who may every member Replies always one, may overtake others Payload"),
        ("any", "Who may every member Replies one, or none, in order Payload"),
        (
            "replay",
            "Replies always one, may overtake others"
            " Streams drawn with its ref, until the reply ends them Payload",
        ),
        ("only-refused", "Who may every member Replies only refusals Payload"),
        ("ignored", "Who may every member Replies none Payload"),
    ],
)
def test_an_event_says_who_may_how_often_and_what_comes_back(event: str, rules: str) -> None:
    assert rules in part(HTML, f'data-event="{event}"')


def test_a_push_that_is_handled_on_its_way_out_says_so() -> None:
    assert "It may differ from member to member" in part(HTML, 'data-push="drawn"')
    assert "It may differ" not in part(HTML, 'data-push="canvas:image"')


def test_presence_tells_the_metas_and_what_stands_beside_them() -> None:
    told = part(HTML, "data-presence")

    assert "Each meta status string" in told
    assert "Beside the metas full_name string" in told


def test_presence_without_more_has_its_metas_only() -> None:
    quiet = HTML[HTML.index('<section id="quiet"') :]

    assert "Beside the metas" not in part(quiet, "data-presence")


def test_what_varies_in_a_pattern_is_marked() -> None:
    assert pattern_code("a:{b}:<c>").text == "<code>a:<var>{b}</var>:&lt;c&gt;</code>"
