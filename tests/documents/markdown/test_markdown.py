"""The Markdown of a contract: the same each time, every link leads somewhere, all of it is told."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pytest
from pydantic import BaseModel, ConfigDict, Field, RootModel

from channelkit import (
    Channel,
    Endpoint,
    Message,
    Open,
    Refusal,
    Secret,
    channel,
    on_event,
    on_join,
)
from channelkit.contract import Contract, contract_of
from channelkit.documents.about import About
from channelkit.documents.markdown import markdown
from channelkit.documents.markdown.addresses import Addresses

from .. import den
from ..contracts import CONTRACTS
from .reading import anchors, html, links, said

HERE = Path(__file__).parent
GOLDEN = HERE / "den.md"
OWN_HTML = ("<a id=", "</a>", "<details>", "</details>", "<summary>")

EVIL = """</script> | *all* `of`` it

# heading <b>

    ``` code
"""


def of_den() -> str:
    about = About(title="The den", url="wss://den.example", module="den")
    return markdown(contract_of([den.endpoint]), about)


def test_the_document_of_a_program_is_as_it_was_looked_at() -> None:
    """python -m tests.documents.markdown.test_markdown writes it anew: look at it."""
    assert of_den() == GOLDEN.read_text()


@pytest.mark.parametrize("name", CONTRACTS)
def test_every_link_leads_to_one_place(name: str) -> None:
    text = markdown(CONTRACTS[name], About())

    found = anchors(text)
    assert len(found) == len(set(found))
    inside = [link[1:] for link in links(text) if link.startswith("#")]
    assert set(inside) <= set(found)
    assert all(link.startswith(("#", "https://")) for link in links(text))


@pytest.mark.parametrize("name", CONTRACTS)
def test_nothing_of_the_contract_is_left_out(name: str) -> None:
    contract = CONTRACTS[name]
    text = said(markdown(contract, About()))

    for endpoint in contract.endpoints:
        assert endpoint.path in text
        for one in endpoint.channels:
            refusals = [*one.join.refuses, *(r for event in one.events for r in event.refuses)]
            parts = [one.pattern, *(event.event for event in one.events)]
            parts += [push.event for push in one.pushes]
            parts += [refusal.reason or "" for refusal in refusals]
            for part in parts:
                assert part in text


@pytest.mark.parametrize("name", CONTRACTS)
def test_the_same_contract_gives_the_same_text(name: str) -> None:
    assert markdown(CONTRACTS[name], About()) == markdown(CONTRACTS[name], About())
    assert markdown(CONTRACTS[name], About()).endswith("\n")


# What authors may write.


class Inner(BaseModel):
    __doc__ = EVIL

    a: Annotated[str, Field(description=EVIL, examples=["|`"], pattern="^a|b`$")] = "|"


class Evil(Message):
    __doc__ = EVIL

    inner: Inner
    others: dict[str, Inner]
    pin: Annotated[str, Secret()]
    old: Annotated[str, Field(deprecated=True)] = ""


class Several(RootModel[list[int]]):
    pass


class Nested(Message):
    several: Several
    numbers: dict[str, int]


class No(Refusal, reason="|`</b>"):
    __doc__ = EVIL

    inner: Inner


class Mapped(Message):
    model_config = ConfigDict(extra="allow")


@channel("evil")
class EvilChannel(Channel[None, Evil | Nested | Mapped]):
    __doc__ = EVIL

    @on_join
    async def join(self, params: Evil) -> No | None:
        return None

    @on_event("`|`")
    async def odd(self, message: Evil | Nested | Open) -> None: ...

    odd.__doc__ = EVIL


async def connect(params: Evil) -> None: ...


connect.__doc__ = EVIL


@pytest.fixture(scope="module")
def evil() -> Contract:
    endpoints = [Endpoint("/evil", [EvilChannel], connect), Endpoint("/evil-", [EvilChannel])]
    return contract_of(endpoints)


def test_hostile_docstrings_and_names_break_nothing(evil: Contract) -> None:
    text = markdown(evil, About(title=EVIL, version=EVIL))

    assert [line for line in html(text) if not line.startswith(OWN_HTML)] == []
    found = anchors(text)
    assert len(found) == len(set(found))
    assert {link[1:] for link in links(text) if link.startswith("#")} <= set(found)
    assert said(text).count("</script> | ") >= 8


def test_what_is_secret_or_old_is_marked(evil: Contract) -> None:
    text = markdown(evil, About())

    assert "| `pin` | string | yes | Secret: it is never shown. |" in text
    assert "**Deprecated.**" in text


def test_types_that_are_referred_to_are_told_once(evil: Contract) -> None:
    text = markdown(evil, About())

    assert text.count("### `Inner-Input`") == 1
    assert "list of integer" in text


def test_an_endpoint_without_channels_has_no_errors_to_tell() -> None:
    text = markdown(contract_of([Endpoint("/none", [])]), About())

    assert "## `/none`" in text
    assert "Errors of" not in text


def test_addresses_are_readable_and_differ() -> None:
    addresses = Addresses()

    assert addresses.of("channel", "/a", "room:{id}") == "channel-a-room-id"
    assert addresses.of("channel", "/a", "room-id") == "channel-a-room-id-2"
    assert addresses.of("channel", "/a", "room:{id}") == "channel-a-room-id"
    assert addresses.of("type", "ü") == "type"


if __name__ == "__main__":
    GOLDEN.write_text(of_den())
