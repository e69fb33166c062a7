"""Payloads, refusals and types as lists of fields."""

from __future__ import annotations

import re
from typing import Annotated, Final

import pytest
from pydantic import BaseModel, Field, RootModel

from channelkit import Channel, Endpoint, Message, Open, Refusal, Secret, channel, on_event, on_join
from channelkit.contract import contract_of
from channelkit.contract.form import Binary, Empty, Json, Model
from channelkit.documents.page.outline import outline
from channelkit.documents.page.payloads import Payloads


class Point(BaseModel):
    """Where."""

    x: int
    y: int = 0


class Node(BaseModel):
    children: list[Node] = []


class Color(RootModel[Annotated[str, Field(pattern="^#")]]):
    pass


class Void(BaseModel):
    pass


class Everything(Message):
    first: Annotated[str, Field(description="What `it` <is>.", examples=["a", "b"])]
    pin: Annotated[str, Secret()]
    old: Annotated[int, Field(deprecated=True)] = 3
    point: Point
    tree: Node
    pair: tuple[Point, Node]
    color: Color
    void: Void


class Nothing(Message):
    pass


class Gone(Refusal):
    """It is gone.

    For good.
    """

    since: int
    why: str = ""


class Bare(Refusal, reason=None):
    reason: str


class Teapot(Refusal, status=418):
    pass


@channel("all")
class All(Channel[None]):
    @on_join
    async def join(self, params: Everything | Nothing) -> Gone | Bare | None: ...

    @on_event("open")
    async def open(self, message: Open | bytes) -> None: ...


async def connect(params: Nothing) -> Teapot | None: ...


CONTRACT: Final = contract_of([Endpoint("/all", [All], connect)])
OUTLINE: Final = outline(CONTRACT)
SENT: Final = Payloads(OUTLINE, written=False)
RECEIVED: Final = Payloads(OUTLINE, written=True)


def field(html: str, name: str) -> str:
    """The item of a field, up to the next one."""
    found = re.search(rf'<li data-field="{name}">(.*?)(?=<li data-field|</ul>$)', html)
    assert found
    return found[1]


def everything(payloads: Payloads = SENT) -> str:
    return payloads.named("Everything").text


def test_a_field_has_its_name_its_type_and_what_is_asked_of_it() -> None:
    assert field(everything(), "first") == (
        '<p class="head"><code class="name">first</code><span class="type">string</span>'
        '<span class="need">required</span></p>'
        '<p dir="auto">What <code>it</code> &lt;is&gt;.</p>'
        '<p class="more">For example <code>"a"</code> <code>"b"</code>.</p></li>'
    )


def test_of_what_the_server_writes_it_is_told_what_may_be_missing() -> None:
    html = everything(RECEIVED)

    assert "required" not in html
    assert "may be missing" in RECEIVED.named("Node").text


def test_secrets_and_what_is_deprecated_are_marked() -> None:
    assert '<span class="need">secret</span>' in field(everything(), "pin")
    assert '<span class="need">deprecated</span>' in field(everything(), "old")
    assert "Default <code>3</code>. " in field(everything(), "old")


def test_the_fields_of_one_inner_object_can_be_unfolded() -> None:
    html = field(everything(), "point")

    assert f'<a href="#{OUTLINE.types["Point"]}"><code>Point</code></a>' in html
    assert "<details><summary>Fields of <code>Point</code></summary>" in html
    assert 'data-field="x"' in everything()


def test_where_there_are_two_inner_objects_links_have_to_do() -> None:
    html = field(everything(), "pair")

    assert "<details>" not in html
    assert html.count("<a href=") == 2


def test_an_inner_object_without_fields_has_none_to_unfold() -> None:
    assert "<details>" not in field(everything(), "void")


def test_what_has_itself_inside_is_not_told_within_itself() -> None:
    assert "<details>" not in SENT.named("Node").text


def test_a_type_without_fields_is_told_in_words() -> None:
    assert SENT.named("Color").text == ('<p class="type">string, matches <code>^#</code></p>')


def test_a_reference_that_leads_nowhere_is_anything() -> None:
    assert SENT.named("Missing").text == '<p class="type">any JSON</p>'


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        (Json(), "Any JSON object, or binary: its shape is left open."),
        (Binary(), "Bytes, as a binary frame."),
        (Empty(), "An empty object."),
        (Model(ref="#/schemas/Nothing"), "An object without fields."),
    ],
)
def test_what_has_no_fields_is_said_in_a_sentence(
    shape: Json | Binary | Empty | Model, words: str
) -> None:
    assert SENT.payloads((shape,)).text == f'<p class="note">{words}</p>'


def test_of_several_shapes_the_first_that_fits_is_meant() -> None:
    html = SENT.payloads((Binary(), Empty())).text

    assert html == (
        '<p class="note">One of these; the first that fits is meant.</p><ol class="shapes">'
        '<li><p class="note">Bytes, as a binary frame.</p></li>'
        '<li><p class="note">An empty object.</p></li></ol>'
    )


def test_a_refusal_has_its_reason_its_words_and_what_it_says_beyond() -> None:
    join = CONTRACT.endpoints[0].channels[0].join
    html = RECEIVED.refusals(join.refuses).text

    assert '<code class="name">gone</code></p><p dir="auto">It is gone.</p>' in html
    assert re.findall(r'data-(?:field|refusal)="(\w+)"', html) == [
        "gone",
        "since",
        "why",
        "Bare",
        "reason",
    ]
    assert "has no reason" in html


def test_a_refused_connection_has_its_status() -> None:
    connecting = CONTRACT.endpoints[0].connect
    assert connecting is not None

    assert RECEIVED.refusals(connecting.refuses).text == (
        '<ul class="refusals"><li data-refusal="teapot"><p class="head">'
        '<code class="name">teapot</code><span class="type">HTTP 418</span></p></li></ul>'
    )
