"""May this request open a socket? Its answers as values."""

from __future__ import annotations

import base64

import pytest

from channelkit.connect_info import ConnectInfo, Peer, Uri
from channelkit.handshake import (
    Accepted,
    Denied,
    Rejected,
    admit,
    admit_poll,
    origin_problem,
    read_request,
    upgrade_problem,
    wants_upgrade,
)
from channelkit.http import Headers, HttpRequest
from channelkit.origins import OriginPolicy
from channelkit.serializers import V1, V2, Classic
from channelkit.subprotocols import SubprotocolPolicy

KEY = "dGhlIHNhbXBsZSBub25jZQ=="
FIELDS = {
    "host": "example.com:4000",
    "upgrade": "websocket",
    "connection": "keep-alive, Upgrade",
    "sec-websocket-key": KEY,
    "sec-websocket-version": "13",
}
PEER = ("192.0.2.1", 1234)
ANY, OWN = OriginPolicy(False), OriginPolicy(True)
NONE = SubprotocolPolicy(None)


def read(
    target: str = "/socket/websocket?vsn=2.0.0",
    *more: tuple[str, str],
    method: str = "GET",
    version: str = "1.1",
    secure: bool = False,
    **changed: str | None,
) -> HttpRequest | Rejected:
    """Read a handshake; `changed` replaces headers, or leaves them out."""
    fields = {**FIELDS, **{name.replace("_", "-"): value for name, value in changed.items()}}
    return read_request(
        method=method,
        target=target,
        version=version,
        fields=[*((name, value) for name, value in fields.items() if value is not None), *more],
        peer=PEER,
        secure=secure,
    )


def request(
    target: str = "/socket/websocket?vsn=2.0.0",
    *more: tuple[str, str],
    method: str = "GET",
    version: str = "1.1",
    **changed: str | None,
) -> HttpRequest:
    """The same, which must be a request."""
    got = read(target, *more, method=method, version=version, secure=False, **changed)
    assert isinstance(got, HttpRequest)
    return got


# Is it a request?


def test_a_request_is_read() -> None:
    got = read("/a%20b?c=d&c=%2B", ("x-a", "1"), secure=True)

    assert got == HttpRequest(
        method="GET",
        target="/a%20b?c=d&c=%2B",
        path="/a b",
        query={"c": "+"},
        query_string="c=d&c=%2B",
        headers=Headers([*FIELDS.items(), ("x-a", "1")]),
        version="1.1",
        peer=PEER,
        scheme="https",
    )


def test_http_1_0_needs_no_host() -> None:
    assert isinstance(read(version="1.0", host=None), HttpRequest)


@pytest.mark.parametrize(
    ("got", "status", "why"),
    [
        (read(version="2.0"), 505, "HTTP/1.1"),
        (read(version="0.9"), 505, "HTTP/1.1"),
        (read(host=None), 400, "exactly one Host"),
        (read("/", ("host", "b")), 400, "exactly one Host"),
        (read("/", ("host", "b"), version="1.0"), 400, "exactly one Host"),
        (read(host="a b"), 400, "not a host"),
        (read("http://a/"), 400, "must be a path"),
        (read("*"), 400, "must be a path"),
        (read("/a#b"), 400, "must be a path"),
        (read("/%ff"), 400, "not UTF-8"),
        (read("/?%ff"), 400, "not UTF-8"),
        (read("/a%0ab"), 400, "control characters"),
    ],
)
def test_what_is_no_request_is_told_why(got: HttpRequest | Rejected, status: int, why: str) -> None:
    assert isinstance(got, Rejected)
    assert got.status == status
    assert why in got.reason


# Is it an opening handshake?


def test_a_handshake_has_no_problem() -> None:
    assert upgrade_problem(request()) is None
    assert upgrade_problem(request(upgrade="h2c, WebSocket", connection="UPGRADE")) is None
    assert upgrade_problem(request("/", ("content-length", "0"))) is None
    assert upgrade_problem(request("/", ("origin", "null"))) is None


def test_whoever_names_websocket_wants_an_upgrade() -> None:
    assert wants_upgrade(request(connection=None))
    assert not wants_upgrade(request(upgrade="h2c"))
    assert not wants_upgrade(request(upgrade=None))


KEYS = [None, "", "AAAA", "!", KEY + "=", KEY[:-1], "ÿ" * 24, KEY.replace("=", "") + "AA"]


@pytest.mark.parametrize(
    ("got", "status", "why"),
    [
        (request(method="POST"), 405, "GET"),
        (request(version="1.0"), 400, "HTTP/1.1"),
        (request(connection=None), 400, "'connection' header must contain 'upgrade'"),
        (request(connection="close"), 400, "'connection' header must contain 'upgrade'"),
        (request(upgrade=None), 400, "'upgrade' header must contain 'websocket'"),
        (request(upgrade="h2c"), 400, "'upgrade' header must contain 'websocket'"),
        (request(content_length="1"), 400, "no body"),
        (request("/", ("content-length", "0"), ("content-length", "0")), 400, "no body"),
        (request(transfer_encoding="chunked"), 400, "no body"),
        (request("/", ("origin", "a"), ("origin", "a")), 400, "at most one Origin"),
        *[(request(sec_websocket_key=key), 400, "16 bytes") for key in KEYS],
        (request("/", ("sec-websocket-key", KEY)), 400, "16 bytes"),
        (request(sec_websocket_version=None), 400, "13, once"),
        (request("/", ("sec-websocket-version", "13")), 400, "13, once"),
        (request(sec_websocket_version="8"), 426, "version spoken here is 13"),
        (request(sec_websocket_version="013"), 426, "version spoken here is 13"),
    ],
)
def test_what_is_no_handshake_is_told_why(got: HttpRequest, status: int, why: str) -> None:
    problem = upgrade_problem(got)

    assert problem is not None
    assert problem.status == status
    assert why in problem.reason


def test_a_problem_comes_with_the_header_that_helps() -> None:
    assert upgrade_problem(request(method="PUT")) == Rejected(
        405, "a WebSocket is opened with GET", {"Allow": "GET"}
    )
    assert upgrade_problem(request(sec_websocket_version="7")) == Rejected(
        426, "the WebSocket version spoken here is 13", {"Sec-WebSocket-Version": "13"}
    )


# May it come in?


def test_a_handshake_that_fits_is_accepted() -> None:
    got = request("/socket/websocket?vsn=2.0.0&a[b]=c", ("user-agent", "me"))

    assert admit(got, OWN, NONE) == Accepted(
        serializer=accepted(got).serializer,
        params={"vsn": "2.0.0", "a": {"b": "c"}},
        info=ConnectInfo(
            peer=Peer(*PEER),
            uri=Uri(
                scheme="http",
                host="example.com",
                port=4000,
                path="/socket/websocket",
                query="vsn=2.0.0&a[b]=c",
            ),
            headers=got.headers,
        ),
        subprotocol=None,
    )
    assert accepted(got).info.user_agent == "me"


def accepted(got: HttpRequest) -> Accepted:
    verdict = admit(got, ANY, NONE)
    assert isinstance(verdict, Accepted)
    return verdict


@pytest.mark.parametrize(
    ("query", "serializer"),
    [("", V1), ("?vsn=1.0.0", V1), ("?vsn=2.0.0", V2), ("?vsn=2.0.9", V2), ("?vsn=0.x", Classic)],
)
def test_the_version_chooses_the_serializer(query: str, serializer: type) -> None:
    assert isinstance(accepted(request(f"/s{query}")).serializer, serializer)


@pytest.mark.parametrize(
    ("query", "serializer"),
    [("", Classic), ("?vsn=1.0.0", V1), ("?vsn=2.0.0", V2), ("?vsn=0.5.0", Classic)],
)
def test_an_endpoint_may_assume_another_version_where_none_is_asked_for(
    query: str, serializer: type
) -> None:
    got = admit(request(f"/s{query}"), ANY, NONE, "0.x")

    assert isinstance(got, Accepted)
    assert type(got.serializer) is serializer
    assert ("vsn" in got.params) == bool(query)


@pytest.mark.parametrize("query", ["vsn=2.1.0", "vsn=3.0.0", "vsn=x", "vsn[]=2.0.0", "vsn[a]=b"])
def test_a_version_that_does_not_fit_is_denied(query: str) -> None:
    assert admit(request(f"/s?{query}"), ANY, NONE) == Denied(403, {"reason": "unsupported vsn"})


def test_an_origin_that_is_not_allowed_is_denied_before_all_else() -> None:
    got = request("/s?vsn=9", ("origin", "http://evil.example"))

    verdict = admit(got, OWN, NONE)

    assert verdict == Denied(403, {"reason": "origin not allowed"})
    assert isinstance(verdict, Denied)
    assert verdict.sent == "http://evil.example"
    assert verdict.remedy is not None


def test_parameters_that_cannot_be_taken_apart_are_rejected() -> None:
    got = admit(request("/s?a" + "[b]" * 20), ANY, NONE)

    assert got == Rejected(400, "parameters nested too deep")


def hidden(token: bytes, alphabet: bytes = b"+/") -> str:
    text = base64.b64encode(token, alphabet).decode().rstrip("=")
    return f"base64url.bearer.phx.{text}"


@pytest.mark.parametrize("alphabet", [b"+/", b"-_"])
@pytest.mark.parametrize("token", ["", "a", "ab", "abc", "tökén", "\u07fe\u07ff>>??"])
def test_an_auth_token_is_found_in_either_alphabet(token: str, alphabet: bytes) -> None:
    offer = hidden(token.encode(), alphabet)
    verdict = accepted(request("/s", ("sec-websocket-protocol", f"phoenix, {offer}")))

    assert verdict.subprotocol == "phoenix"
    assert verdict.info.auth_token == token
    assert verdict.info.headers["sec-websocket-protocol"] == "phoenix"


def test_other_subprotocols_stay_where_they_are() -> None:
    verdict = accepted(request("/s", ("sec-websocket-protocol", "a, b")))

    assert (verdict.subprotocol, verdict.info.auth_token) == (None, None)
    assert verdict.info.headers["sec-websocket-protocol"] == "a, b"


@pytest.mark.parametrize(
    "offer",
    [
        f"{hidden(b'a')}, {hidden(b'b')}",
        "base64url.bearer.phx.!",
        "base64url.bearer.phx.A",
        hidden(b"\xff"),
    ],
)
def test_an_auth_token_that_cannot_be_read_is_rejected(offer: str) -> None:
    got = admit(request("/s", ("sec-websocket-protocol", offer)), ANY, NONE)

    assert isinstance(got, Rejected)
    assert got.status == 400
    assert "auth token" in got.reason


# Subprotocols.


@pytest.mark.parametrize(
    ("names", "offer", "chosen"),
    [
        (["a", "b"], "b, a", "a"),
        (["a", "b"], "b", "b"),
        (["a"], f"phoenix, a, {hidden(b'token')}", "phoenix"),
        (["a"], f"a, {hidden(b'token')}", "a"),
        (["a"], hidden(b"token"), None),
        (None, "phoenix", "phoenix"),
        (None, "a", None),
        (["a"], None, None),
    ],
)
def test_the_first_of_the_own_subprotocols_that_is_offered_is_chosen(
    names: list[str] | None, offer: str | None, chosen: str | None
) -> None:
    got = admit(request(sec_websocket_protocol=offer), ANY, SubprotocolPolicy(names))

    assert isinstance(got, Accepted)
    assert got.subprotocol == chosen


@pytest.mark.parametrize("offer", ["b", "phoenix", f"b, {hidden(b'token')}"])
def test_other_subprotocols_than_those_of_the_list_are_denied(offer: str) -> None:
    got = admit(request(sec_websocket_protocol=offer), ANY, SubprotocolPolicy(["a"]))

    assert got == Denied(403, {"reason": "subprotocol not supported"})
    assert isinstance(got, Denied)
    assert got.sent in ("b", "phoenix")  # never the token, which would be in the log


# Long-poll.


def poll(query: str = "vsn=2.0.0", *more: tuple[str, str]) -> HttpRequest:
    return request(f"/socket/longpoll?{query}", *more)


def test_a_session_is_opened_with_what_connect_wants_to_know_and_no_token() -> None:
    tokens = [("x-phoenix-authtoken", "se/cr+et"), ("x-phoenix-longpoll-token", "ck1.x")]

    got = admit_poll(poll("vsn=2.0.0&a[b]=c", *tokens, ("x-mine", "1")))

    assert isinstance(got, Accepted)
    assert isinstance(got.serializer, V2)
    assert got.params == {"vsn": "2.0.0", "a": {"b": "c"}}
    assert got.subprotocol is None
    assert (got.info.transport, got.info.auth_token) == ("longpoll", "se/cr+et")
    assert got.info.x_headers == {"x-mine": "1"}
    assert got.info.uri.path == "/socket/longpoll"


def test_a_session_without_a_version_speaks_1_0_0() -> None:
    got = admit_poll(poll(""))

    assert isinstance(got, Accepted)
    assert isinstance(got.serializer, V1)
    assert got.info.auth_token is None


def test_a_session_in_a_version_that_does_not_fit_is_denied() -> None:
    assert admit_poll(poll("vsn=3.0.0")) == Denied(403, {"reason": "unsupported vsn"})


def test_a_session_with_parameters_that_cannot_be_taken_apart_is_rejected() -> None:
    got = admit_poll(poll("a" + "[b]" * 20 + "=1"))

    assert isinstance(got, Rejected)
    assert got.status == 400


def test_every_request_of_a_session_is_asked_where_it_comes_from() -> None:
    own, other = ("origin", "http://example.com"), ("origin", "http://evil.example")

    assert origin_problem(poll("", own), OWN) is None
    assert origin_problem(poll("", other), ANY) is None
    assert origin_problem(poll("", other), OWN) == Denied(403, {"reason": "origin not allowed"})
