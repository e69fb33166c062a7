"""The origin policy: protocol.md C6, and the ways around it that others had."""

from __future__ import annotations

import pytest

from channelkit.origins import OriginPolicy, split_host

HOST = "example.com:4000"
HOSTLESS = ["null", "file://", "", "example.com", "//", "http://", "http://[::1", "http://a:99999"]


@pytest.mark.parametrize("origins", [True, False, ["https://example.com"], []])
def test_a_request_without_an_origin_passes(origins: bool | list[str]) -> None:
    assert OriginPolicy(origins).allows(None, HOST)
    assert OriginPolicy(origins).allows(None, None)


@pytest.mark.parametrize("origin", ["http://evil.example", *HOSTLESS])
def test_switched_off_everything_passes(origin: str) -> None:
    assert OriginPolicy(False).allows(origin, HOST)


@pytest.mark.parametrize(
    ("origin", "host", "allowed"),
    [
        ("http://example.com", HOST, True),
        ("https://example.com:1", HOST, True),
        ("https://EXAMPLE.com", "Example.COM", True),
        ("http://[::1]:8080", "[::1]:4000", True),
        ("http://[::1]:8080", "[::2]", False),
        ("http://sub.example.com", HOST, False),
        ("http://example.com.evil.example", HOST, False),
        ("http://example.com@evil.example", HOST, False),
        ("http://example.com", None, False),
        ("http://example.com", "not a host", False),
        *[(origin, HOST, False) for origin in HOSTLESS],
    ],
)
def test_by_default_the_host_must_be_the_own(origin: str, host: str | None, allowed: bool) -> None:
    assert OriginPolicy(True).allows(origin, host) is allowed


@pytest.mark.parametrize(
    ("entry", "origin", "allowed"),
    [
        ("//example.com", "http://example.com", True),
        ("//example.com", "https://example.com:444", True),
        ("//example.com", "http://sub.example.com", False),
        ("//EXAMPLE.com", "http://example.COM", True),
        ("https://example.com", "https://example.com", True),
        ("https://example.com", "https://example.com:443", True),
        ("https://example.com", "https://example.com:444", False),
        ("https://example.com", "http://example.com", False),
        ("http://example.com", "http://example.com:80", True),
        ("https://example.com:444", "https://example.com:444", True),
        ("https://example.com:444", "https://example.com", False),
        ("//example.com:444", "http://example.com:444", True),
        ("//example.com:80", "http://example.com", True),
        ("//example.com:80", "https://example.com", False),
        ("//*.ex.com", "http://ex.com", True),
        ("//*.ex.com", "http://sub.ex.com", True),
        ("//*.ex.com", "http://a.b.ex.com", True),
        ("//*.ex.com", "http://prefix-ex.com", False),
        ("//*.ex.com", "http://ex.com.evil.example", False),
        ("https://*.ex.com", "https://sub.ex.com", True),
        ("https://*.ex.com", "http://sub.ex.com", False),
        ("https://*.ex.com:444", "https://sub.ex.com:444", True),
        ("app://localhost", "app://localhost", True),
        ("app://localhost", "other://localhost", False),
        *[("//example.com", origin, False) for origin in HOSTLESS],
    ],
)
def test_an_entry_of_a_list_allows_what_it_names(entry: str, origin: str, allowed: bool) -> None:
    assert OriginPolicy(["//first.example", entry]).allows(origin, HOST) is allowed


def test_an_empty_list_allows_no_page() -> None:
    assert not OriginPolicy([]).allows("http://example.com", HOST)


@pytest.mark.parametrize(
    "entry", ["example.com", "", "//", "https://", "//a.*.com", "//*", "//**.com", "http://[::1"]
)
def test_an_entry_that_is_no_origin_is_a_mistake_with_a_remedy(entry: str) -> None:
    with pytest.raises(ValueError, match="write https://"):
        OriginPolicy([entry])


def test_a_lone_text_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="True, False or a list"):
        OriginPolicy("https://example.com")


@pytest.mark.parametrize(
    ("host", "parts"),
    [
        ("example.com", ("example.com", None)),
        ("EXAMPLE.com:80", ("example.com", 80)),
        ("[::1]:80", ("::1", 80)),
        ("127.0.0.1", ("127.0.0.1", None)),
        ("a:", ("a", None)),
        ("", None),
        (":80", None),
        ("a b", None),
        ("a/b", None),
        ("a@b", None),
        ("a:99999", None),
        ("[::1", None),
        ("[:::::]", None),
        ("[::1]x", None),
    ],
)
def test_a_host_header_is_a_name_and_a_port(host: str, parts: object) -> None:
    assert split_host(host) == parts
