"""Who may do what: the rules that a contract makes, and how they are told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import pytest

from channelkit import Channel, Endpoint, Message, channel, on_event, on_join
from channelkit.contract import authz, contract_of, dump, load
from channelkit.contract.authz import AUTHZ, Rule, rules

from .app import Canvas, endpoint, lobby

if TYPE_CHECKING:
    from channelkit.contract import AuthzForm, Contract

BOTH: Final = contract_of([endpoint, lobby])


class Odd(Message):
    pass


@channel("odd:{name}")
class Oddities(Channel[None]):
    name: str

    @on_join
    async def join(self, params: Odd) -> None: ...

    @on_event("this|that", allow=lambda member: bool(member.topic))
    async def either(self, message: Odd) -> None: ...


def test_every_rule_of_a_channel_says_who_may() -> None:
    (canvas,) = BOTH.endpoints[0].channels

    assert rules(canvas) == (
        Rule(kind="join", who="whom join lets in", refuses=("full",)),
        Rule(kind="event", event="draw", who="may_draw", rate="10/s", refuses=("Bare",)),
        Rule(kind="event", event="image", who="every member"),
        Rule(kind="event", event="any", who="every member"),
        Rule(kind="event", event="replay", who="every member", refuses=("full",)),
        Rule(kind="push", event="drawn", who="decided per member"),
        Rule(kind="push", event="canvas:image", who="every member"),
        Rule(kind="presence", who="every member"),
    )


def test_a_join_that_refuses_nobody_is_open_to_every_socket() -> None:
    (channel,) = BOTH.endpoints[1].channels

    assert rules(channel) == (Rule(kind="join", who="every socket"),)


def test_only_an_event_without_permission_is_open() -> None:
    (canvas,) = BOTH.endpoints[0].channels

    assert [rule.what for rule in rules(canvas) if rule.open] == [
        "event image",
        "event any",
        "event replay",
    ]


def test_the_text_is_a_table_and_counts_what_is_open() -> None:
    assert authz(BOTH, "text") == (
        "/draw: 100/s from each socket, over all topics\n"
        "\n"
        "channel                   what               who                   rate  refuses\n"
        "                          connect            whom connect lets in        banned\n"
        "canvas:{canvas}:{layer*}  join               whom join lets in           full\n"
        "canvas:{canvas}:{layer*}  event draw         may_draw              10/s  Bare\n"
        "canvas:{canvas}:{layer*}  event image        every member\n"
        "canvas:{canvas}:{layer*}  event any          every member\n"
        "canvas:{canvas}:{layer*}  event replay       every member                full\n"
        "canvas:{canvas}:{layer*}  push drawn         decided per member\n"
        "canvas:{canvas}:{layer*}  push canvas:image  every member\n"
        "canvas:{canvas}:{layer*}  presence           every member\n"
        "\n"
        "3 of 4 events may be sent by every member:\n"
        "\n"
        "- canvas:{canvas}:{layer*} image\n"
        "- canvas:{canvas}:{layer*} any\n"
        "- canvas:{canvas}:{layer*} replay\n"
        "\n"
        "\n"
        "/lobby\n"
        "\n"
        "channel  what     who           rate  refuses\n"
        "         connect  everybody\n"
        "lobby    join     every socket\n"
        "\n"
        "There are no events to send.\n"
    )


def test_markdown_is_a_table_whose_lines_stand_for_themselves() -> None:
    assert authz(contract_of([endpoint]), "markdown") == (
        "# Who may do what\n"
        "\n"
        "## `/draw`: 100/s from each socket, over all topics\n"
        "\n"
        "| channel | what | who | rate | refuses |\n"
        "| --- | --- | --- | --- | --- |\n"
        "| | connect | whom connect lets in | | `banned` |\n"
        "| `canvas:{canvas}:{layer*}` | join | whom join lets in | | `full` |\n"
        "| `canvas:{canvas}:{layer*}` | event `draw` | `may_draw` | 10/s | `Bare` |\n"
        "| `canvas:{canvas}:{layer*}` | event `image` | **every member** | | |\n"
        "| `canvas:{canvas}:{layer*}` | event `any` | **every member** | | |\n"
        "| `canvas:{canvas}:{layer*}` | event `replay` | **every member** | | `full` |\n"
        "| `canvas:{canvas}:{layer*}` | push `drawn` | decided per member | | |\n"
        "| `canvas:{canvas}:{layer*}` | push `canvas:image` | every member | | |\n"
        "| `canvas:{canvas}:{layer*}` | presence | every member | | |\n"
        "\n"
        "3 of 4 events may be sent by every member:\n"
        "\n"
        "- `canvas:{canvas}:{layer*}` `image`\n"
        "- `canvas:{canvas}:{layer*}` `any`\n"
        "- `canvas:{canvas}:{layer*}` `replay`\n"
    )


def test_a_sign_of_the_table_in_a_name_does_not_break_it() -> None:
    told = authz(contract_of([Endpoint("/odd", [Oddities])]), "markdown")

    assert r"| event `this\|that` | `<lambda>` |" in told
    assert told.endswith("\n0 of 1 events may be sent by every member.\n")


def test_json_has_every_rule_under_its_channel() -> None:
    data = json.loads(authz(BOTH, "json"))

    draw, last = data["endpoints"]
    assert data["authz"] == AUTHZ
    assert (draw["path"], draw["who"], draw["rate"], draw["refuses"]) == (
        "/draw",
        "whom connect lets in",
        "100/s",
        ["banned"],
    )
    (canvas,) = draw["channels"]
    assert (canvas["pattern"], canvas["name"]) == ("canvas:{canvas}:{layer*}", Canvas.__name__)
    assert canvas["rules"][1] == {
        "kind": "event",
        "event": "draw",
        "who": "may_draw",
        "rate": "10/s",
        "refuses": ["Bare"],
    }
    assert last["who"] == "everybody"


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_a_contract_that_was_written_gives_the_same_bytes(form: AuthzForm) -> None:
    assert authz(load(dump(BOTH)), form) == authz(BOTH, form)


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_where_there_are_no_channels_nobody_may(form: AuthzForm) -> None:
    empty: Contract = contract_of([])

    assert authz(empty, form).endswith("There are no channels: nobody may do anything.\n")
