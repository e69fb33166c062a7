"""What a document is told about a program beside its contract."""

from __future__ import annotations

import pytest

from channelkit.documents.about import About

from .contracts import CONTRACTS


def test_an_address_is_a_web_sockets_whatever_the_url_is() -> None:
    assert About(url="https://chat.example/app/").address("/socket") == (
        "wss://chat.example/app/socket"
    )
    assert About(url="http://chat.example:80").address("/") == "ws://chat.example:80/"
    assert About().address("/socket") == "ws://localhost:4000/socket"


@pytest.mark.parametrize(
    "url", ["chat.example", "ftp://chat.example", "ws://", "ws://a?b", "ws://a#b"]
)
def test_what_is_no_address_is_told(url: str) -> None:
    assert About(url=url).problem() == f"expected a URL like wss://chat.example, got {url!r}"


def test_an_address_is_no_problem() -> None:
    assert About(url="wss://chat.example/app").problem() is None


def test_without_a_version_the_fingerprint_is_it() -> None:
    contract = CONTRACTS["chat"]

    assert (
        contract.fingerprint == f"sha256:{About().version_of(contract)}" + contract.fingerprint[19:]
    )
    assert About(version="2").version_of(contract) == "2"
