"""The origin policy: protocol.md C6, and the ways around it that others had."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from channelkit.http import Headers, HttpRequest
from channelkit.origins import Origin, OriginPolicy, Origins, split_host

if TYPE_CHECKING:
    from collections.abc import Callable

HOST = "example.com:4000"
HOSTLESS = ["null", "file://", "", "example.com", "//", "http://", "http://[::1", "http://a:99999"]


def asks(origin: str | None, host: str | None = HOST, scheme: str = "http") -> HttpRequest:
    """A request of a page from there."""
    fields = {"origin": origin, "host": host}
    return HttpRequest(
        method="GET",
        target="/",
        path="/",
        query={},
        query_string="",
        headers=Headers((name, value) for name, value in fields.items() if value is not None),
        version="1.1",
        peer=None,
        scheme=scheme,
    )


def nobody(origin: Origin) -> bool:
    return False


@pytest.mark.parametrize("origins", [True, False, "conn", ["https://example.com"], [], nobody])
def test_a_request_without_an_origin_passes(origins: Origins) -> None:
    assert OriginPolicy(origins).allows(asks(None))
    assert OriginPolicy(origins).allows(asks(None, None))


@pytest.mark.parametrize("origin", ["http://evil.example", *HOSTLESS])
def test_switched_off_everything_passes(origin: str) -> None:
    assert OriginPolicy(False).allows(asks(origin))


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
    assert OriginPolicy(True).allows(asks(origin, host)) is allowed


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
        ("https://example.com/", "https://example.com", True),
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
    assert OriginPolicy(["//first.example", entry]).allows(asks(origin)) is allowed


def test_an_empty_list_allows_no_page() -> None:
    assert not OriginPolicy([]).allows(asks("http://example.com"))


MATRIX = [
    ("http", "example.com", "http://example.com", True),
    ("http", "example.com", "http://example.com:80", True),
    ("http", "example.com:80", "http://example.com", True),
    ("http", "example.com", "https://example.com", False),
    ("http", "example.com", "http://example.com:4000", False),
    ("http", HOST, "http://example.com:4000", True),
    ("http", HOST, "http://EXAMPLE.com:4000", True),
    ("http", HOST, "http://example.com", False),
    ("http", HOST, "https://example.com:4000", False),
    ("http", HOST, "http://other.example:4000", False),
    ("https", "example.com", "https://example.com", True),
    ("https", "example.com", "https://example.com:443", True),
    ("https", "example.com:443", "https://example.com", True),
    ("https", "example.com", "http://example.com:443", False),
    ("https", "example.com:80", "http://example.com", False),
    *[("http", HOST, origin, False) for origin in HOSTLESS],
]


@pytest.mark.parametrize(("scheme", "host", "origin", "allowed"), MATRIX)
def test_by_the_connection_scheme_host_and_port_must_be_the_own(
    scheme: str, host: str, origin: str, *, allowed: bool
) -> None:
    assert OriginPolicy("conn").allows(asks(origin, host, scheme)) is allowed


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("https://Example.com", Origin("https://Example.com", "https", "example.com", 443)),
        ("app://a:1", Origin("app://a:1", "app", "a", 1)),
        ("app://a", Origin("app://a", "app", "a", None)),
        ("null", Origin("null")),
        ("file://", Origin("file://", "file")),
        ("", Origin("")),
        ("http://[::1", Origin("http://[::1")),
    ],
)
def test_a_function_is_given_the_origin_and_decides(text: str, parsed: Origin) -> None:
    asked: list[Origin] = []

    def policy(origin: Origin) -> bool:
        asked.append(origin)
        return origin.host is None

    assert OriginPolicy(policy).allows(asks(text)) is (parsed.host is None)
    assert asked == [parsed]
    assert str(asked[0]) == text


@pytest.mark.parametrize("answer", [None, 1, "yes", "", 0])
def test_a_function_that_says_neither_yes_nor_no_is_a_mistake(answer: Any) -> None:
    policy = OriginPolicy(lambda _: answer)

    with pytest.raises(TypeError, match="must return True or False"):
        policy.allows(asks("http://example.com"))


def test_what_a_function_raises_comes_out() -> None:
    policy: Callable[[Origin], bool] = lambda origin: {"a": True}[origin.text]  # noqa: E731  (short)

    with pytest.raises(KeyError):
        OriginPolicy(policy).allows(asks("http://example.com"))


class Asynchronous:
    """Async only where it is called."""

    async def __call__(self, origin: Origin) -> bool:
        raise NotImplementedError


async def waits(origin: Origin) -> bool:
    raise NotImplementedError


def takes_nothing() -> bool:
    raise NotImplementedError


def takes_two(origin: Origin, more: str) -> bool:
    raise NotImplementedError


@pytest.mark.parametrize(
    ("policy", "why"),
    [
        (waits, "async; it must answer at once"),
        (Asynchronous(), "async; it must answer at once"),
        (takes_nothing, r"write  def allowed\(origin: Origin\) -> bool"),
        (takes_two, "missing a required argument: 'more'"),
    ],
)
def test_a_function_that_cannot_be_asked_is_a_mistake(policy: Any, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        OriginPolicy(policy)


def test_a_function_whose_signature_cannot_be_read_is_tried() -> None:
    assert OriginPolicy(type).allows is not None  # type: ignore[arg-type]  # pyright: ignore


@pytest.mark.parametrize(
    "entry",
    [
        "example.com",
        "",
        "//",
        "https://",
        "//a.*.com",
        "//*",
        "//**.com",
        "http://[::1",
        "https://example.com/path",
        "https://example.com?query",
        "https://example.com#fragment",
        "https://user@example.com",
        7,
    ],
)
def test_an_entry_that_is_no_origin_is_a_mistake_with_a_remedy(entry: Any) -> None:
    with pytest.raises(ValueError, match="write https://"):
        OriginPolicy([entry])


@pytest.mark.parametrize("origins", ["https://example.com", b"conn", None, 1, {"//a.example"}])
def test_anything_else_is_a_mistake(origins: Any) -> None:
    with pytest.raises(ValueError, match='True, False, "conn", a list or a function, got'):
        OriginPolicy(origins)


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


@pytest.mark.parametrize("origins", [["https://elsewhere.example"], "conn", nobody, True])
def test_pages_that_the_server_itself_serves_can_be_let_in_too(origins: Origins) -> None:
    policy = OriginPolicy(origins)

    served = policy.with_served()

    assert served.allows(asks("http://example.com:4000"))
    assert served.allows(asks("https://EXAMPLE.com", "example.com"))
    assert served.allows(asks("https://example.com:443", "example.com"))
    assert not served.allows(asks("ftp://example.com", "elsewhere.example"))
    assert policy.allows(asks("http://other.example")) is served.allows(
        asks("http://other.example")
    )


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("http://example.com:4001", HOST),
        ("http://other.example:4000", HOST),
        ("http://example.com:4000", None),
        ("ftp://example.com", "example.com"),
        *((origin, HOST) for origin in HOSTLESS),
    ],
)
def test_other_pages_are_not_let_in_with_them(origin: str, host: str | None) -> None:
    assert not OriginPolicy(nobody).with_served().allows(asks(origin, host))
