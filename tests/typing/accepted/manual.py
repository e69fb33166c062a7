"""Documents of a contract, and the markup that the page is made of."""

from __future__ import annotations

from typing import assert_type

from channelkit import Channel, Endpoint, Open, channel, on_join
from channelkit.contract import contract_of
from channelkit.documents.about import About
from channelkit.documents.forms import document
from channelkit.documents.page import render
from channelkit.documents.page.elements import Html, joined, tag


@channel("lobby")
class Lobby(Channel[None]):
    @on_join
    async def join(self, params: Open) -> None: ...


endpoint = Endpoint("/socket", channels=[Lobby])
contract = contract_of([endpoint])


async def main() -> None:
    assert_type(document(contract, "html", About(title="Chat")), str)
    assert_type(render(contract), str)
    assert_type(render(contract, About(url="wss://chat.example"), console=True), str)

    words: list[str | None] = ["a", None]
    assert_type(tag("p", "text", tag("br"), None, words, [[tag("b", "c")]], hidden=True), Html)
    assert_type(joined(word for word in "abc"), Html)
