"""How to connect: what an endpoint's page says."""

from __future__ import annotations

from typing import Final

from channelkit import Endpoint
from channelkit.contract import contract_of
from channelkit.documents.about import About
from channelkit.documents.page import render
from channelkit.documents.page.endpoints import limit_rows
from tests.contract.app import Lobby, endpoint, lobby

from .reading import part, text

HTML: Final = render(contract_of([endpoint, lobby]))


def test_limits_are_told_in_their_units() -> None:
    assert list(limit_rows({"topics": 1000, "idle": 0.5, "message": 1536, "body": 1000})) == [
        ("Topics that a socket has joined", "1,000", "too many channels joined"),
        ("Silence; a heartbeat breaks it", "0.5 s", "closed with 1001"),
        ("One message", "1,536 bytes", "closed with 1009"),
        ("The body of an HTTP request", "1,000 bytes", "HTTP 413"),
    ]


def test_whole_kibibytes_and_mebibytes_are_told_so() -> None:
    assert [value for _, value, _ in limit_rows({"message": 2048, "body": 3 * 1024 * 1024})] == [
        "2 KiB",
        "3 MiB",
    ]


def test_a_limit_without_words_is_told_by_its_name() -> None:
    assert list(limit_rows({"wishes": 3})) == [("wishes", "3", "")]


def test_it_tells_who_may_connect_and_how() -> None:
    told = part(HTML, 'class="chapter endpoint" aria-label="Connect to /draw"')

    assert "Only people with a name." in told
    assert "banned HTTP 451 This name may not come in. Ask the office. until integer" in told
    assert (
        "WebSocket /draw/websocket Long-poll /draw/longpoll"
        " Versions 0.x 1.0.0 2.0.0 as vsn Without vsn 1.0.0 Subprotocols draw.v1 Rate 100/s"
    ) in told


def test_where_the_server_is_known_whole_addresses_are_told() -> None:
    html = render(contract_of([lobby]), About(url="https://chat.example/rt"))

    assert "WebSocket wss://chat.example/rt/lobby/websocket" in text(html)


def test_where_everybody_may_connect_it_says_so() -> None:
    told = part(HTML, 'class="chapter endpoint" aria-label="Connect to /lobby"')

    assert "Everybody may connect" in told
    assert "Rate not limited" in told
    assert "Subprotocols" not in told


def test_an_endpoint_that_speaks_no_subprotocol_says_so() -> None:
    bare = contract_of([Endpoint("/bare", [Lobby], subprotocols=[])])

    assert "Subprotocols none" in text(render(bare))


def test_a_transport_without_words_is_told_by_its_name() -> None:
    (made,) = contract_of([lobby]).endpoints
    contract = contract_of([lobby]).model_copy(
        update={"endpoints": (made.model_copy(update={"transports": ("pigeon",)}),)}
    )

    assert "pigeon /lobby/pigeon" in text(render(contract))
