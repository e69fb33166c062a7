"""The whole page, as text."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Final

from channelkit import Channel, Endpoint, Message, channel, on_event, on_join
from channelkit.contract import contract_of
from channelkit.documents.about import About
from channelkit.documents.page import render
from tests.contract.app import endpoint, lobby

BOTH: Final = contract_of([endpoint, lobby])
EVIL: Final = "</script><!--<img src=x onerror=alert(1)>\"' \u202e & `</code>`"


class Odd(Message):
    text: str


Odd.__doc__ = EVIL


@channel("odd:{name}")
class Oddities(Channel[None, Odd]):
    name: str

    @on_join
    async def join(self, params: Odd) -> None: ...

    @on_event(EVIL)
    async def odd(self, message: Odd) -> None: ...


Oddities.__doc__ = EVIL


def test_the_same_contract_gives_the_same_bytes() -> None:
    assert render(BOTH) == render(contract_of([endpoint, lobby]))


def test_every_part_of_a_channel_has_its_place() -> None:
    html = render(BOTH)

    marks = re.findall(
        r" (data-(?:channel|join|event|push|presence|connect)(?:=\"[^\"]*\")?)", html
    )
    assert marks == [
        "data-connect",
        'data-channel="canvas:{canvas}:{layer*}"',
        "data-join",
        'data-event="draw"',
        'data-event="image"',
        'data-event="any"',
        'data-event="replay"',
        'data-push="drawn"',
        'data-push="canvas:image"',
        "data-presence",
        "data-connect",
        'data-channel="lobby"',
        "data-join",
    ]


def test_no_two_elements_have_the_same_id() -> None:
    ids = re.findall(r' id="([^"]+)"', render(BOTH))

    assert len(ids) == len(set(ids))


def test_every_link_within_the_page_leads_somewhere() -> None:
    html = render(BOTH)

    ids = set(re.findall(r' id="([^"]+)"', html))
    assert set(re.findall(r' href="#([^"]+)"', html)) <= ids


def test_the_contract_is_in_the_page() -> None:
    html = render(BOTH)

    (found,) = re.findall(
        r'<script type="application/json" id="contract">(.*?)</script>', html, re.DOTALL
    )
    assert json.loads(found) == BOTH.model_dump(mode="json")


def test_what_an_author_wrote_does_not_become_markup() -> None:
    contract = contract_of([Endpoint("/odd", [Oddities])])

    html = render(contract)

    assert "<img" not in html
    assert "onerror=alert(1)>" not in html
    assert html.count("</script>") == html.count("<script")
    (found,) = re.findall(r'id="contract">(.*?)</script>', html, re.DOTALL)
    assert json.loads(found) == contract.model_dump(mode="json")


def test_it_has_nothing_to_load() -> None:
    html = render(BOTH, console=True)

    elements = r"<(?:link|img|iframe|object|embed|video|audio|source|base)\b"
    loading = rf"{elements}| src=| srcset=|url\([^)]|@import"
    assert re.findall(loading, html) == []
    assert re.findall(r"^\s*import\b|\bimport\(", html.partition("<body")[0], re.MULTILINE) == []


def test_only_a_page_with_a_console_has_places_for_it() -> None:
    plain, console = render(BOTH), render(BOTH, console=True)

    assert "<div data-console-slot" not in plain
    assert 'id="console"' not in plain
    assert "connect-src" not in plain
    articles = re.findall(r"<article (?!id=\"[^\"]*\" data-type)", console)
    assert console.count("<div data-console-slot>") == len(articles)
    assert 'id="console"' in console
    assert "connect-src 'self' http: https: ws: wss:" in unescape(console)


def test_the_program_is_introduced() -> None:
    html = render(BOTH, About(title="Draw & more", version="7"))

    assert "<title>Draw &amp; more</title>" in html
    assert "<h1>Draw &amp; more</h1>" in html
    assert "Version <code>7</code>" in html


def test_a_contract_without_endpoints_is_a_page_too() -> None:
    assert "<h1" in render(contract_of([]))
