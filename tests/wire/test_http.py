"""Plain HTTP beside the sockets, good and bad."""

from __future__ import annotations

import logging

import anyio
import pytest

from channelkit import HttpRequest, HttpResponse, Limits
from channelkit.transports.exchange import Exchange

from .app import read_meanwhile, serving
from .client import Response, head
from .fakes import FakeLink

pytestmark = pytest.mark.anyio

HOST = "Host: localhost"
GET = head("GET / HTTP/1.1", HOST)
LIMITS = Limits(head=1000, headers=10, body=100)


async def home(request: HttpRequest) -> HttpResponse:
    return HttpResponse.text("home")


async def told(request: HttpRequest) -> HttpResponse:
    return HttpResponse.json(
        {
            "method": request.method,
            "path": request.path,
            "below": request.below,
            "query": dict(request.query),
            "body": request.body.decode(),
            "version": request.version,
            "scheme": request.scheme,
            "agent": request.headers.get("user-agent"),
        }
    )


async def crashing(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a secret")


async def mistaken(request: HttpRequest) -> HttpResponse:
    return "home"  # type: ignore[return-value]  # pyright: ignore[reportReturnType]


async def big(request: HttpRequest) -> HttpResponse:
    return HttpResponse(200, b"x" * 3_000_000)


async def odd(request: HttpRequest) -> HttpResponse:
    return HttpResponse(299, b"", {"X-Odd": "yes"})


async def nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse(204)


PAGES = {
    "/": home,
    "/told": told,
    "/below/*": told,
    "/crash": crashing,
    "/mistake": mistaken,
    "/big": big,
    "/odd": odd,
    "/nothing": nothing,
}


async def asked(*request: bytes, limits: Limits = LIMITS) -> Response:
    """One request on a connection of its own."""
    async with serving(limits, http=PAGES) as served, await served.peer() as peer:
        return await peer.ask(*request)


async def test_a_handler_answers() -> None:
    response = await asked(GET)

    assert (response.status, response.body) == (200, b"home")
    assert "date" in response.headers


async def test_a_handler_sees_the_request() -> None:
    line = "POST /told?a=1&b=%E6%97%A5&a=2 HTTP/1.1"
    response = await asked(head(line, HOST, "User-Agent: me", "Content-Length: 4"), b"body")

    assert response.json() == {
        "method": "POST",
        "path": "/told",
        "below": "",
        "query": {"a": "2", "b": "日"},
        "body": "body",
        "version": "1.1",
        "scheme": "http",
        "agent": "me",
    }


async def test_a_handler_answers_for_every_path_below_its_own() -> None:
    response = await asked(head("GET /below/a/b%20c HTTP/1.1", HOST))

    assert response.json()["below"] == "a/b c"


async def test_a_path_without_a_handler_is_not_found() -> None:
    response = await asked(head("GET /nope HTTP/1.1", HOST))

    assert (response.status, response.body) == (404, b"not found\n")


async def test_the_server_says_that_it_is_well() -> None:
    response = await asked(head("GET /healthz HTTP/1.1", HOST))

    assert (response.status, response.body) == (200, b"ok\n")


async def test_health_is_only_read() -> None:
    response = await asked(head("DELETE /healthz HTTP/1.1", HOST))

    assert (response.status, response.headers["allow"]) == (405, "GET, HEAD")


async def test_a_head_request_gets_the_headers_alone() -> None:
    async with serving(LIMITS, http=PAGES) as served, await served.peer() as peer:
        await peer.send(head("HEAD / HTTP/1.1", HOST))
        response = await peer.response(head_only=True)

        assert (response.status, response.headers["content-length"]) == (200, "4")
        assert (await peer.ask(GET)).body == b"home"


async def test_a_status_without_a_name_and_without_a_body() -> None:
    response = await asked(head("GET /odd HTTP/1.1", HOST))

    assert (response.status, response.headers["x-odd"], response.body) == (299, "yes", b"")


async def test_a_status_that_has_no_body_has_no_length() -> None:
    async with serving(LIMITS, http=PAGES) as served, await served.peer() as peer:
        response = await peer.ask(head("GET /nothing HTTP/1.1", HOST))

        assert (response.status, "content-length" in response.headers) == (204, False)
        assert (await peer.ask(GET)).body == b"home"


async def test_a_big_response_arrives_whole() -> None:
    response = await asked(head("GET /big HTTP/1.1", HOST))

    assert len(response.body) == 3_000_000


@pytest.mark.parametrize("path", ["/crash", "/mistake"])
async def test_a_crash_is_a_500_that_tells_the_peer_nothing(
    path: str, caplog: pytest.LogCaptureFixture
) -> None:
    response = await asked(head(f"GET {path} HTTP/1.1", HOST))

    assert (response.status, response.body) == (500, b"internal error\n")
    errors = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert [record.getMessage().split(" ")[:2] for record in errors] == [["handler", "crashed"]]


async def test_requests_follow_each_other_on_one_connection() -> None:
    async with serving(LIMITS, http=PAGES) as served, await served.peer() as peer:
        await peer.send(GET, b"\r\n", head("POST /told HTTP/1.1", HOST, "Content-Length: 2"))
        await peer.send(b"hi", GET)

        assert (await peer.response()).body == b"home"
        assert (await peer.response()).json()["body"] == "hi"
        assert (await peer.response()).body == b"home"


async def test_a_request_may_come_byte_by_byte() -> None:
    async with serving(LIMITS, http=PAGES) as served, await served.peer() as peer:
        for byte in head("POST /told HTTP/1.1", HOST, "Content-Length: 2") + b"hi":
            await peer.send(bytes([byte]))
            await read_meanwhile()

        assert (await peer.response()).json()["body"] == "hi"


async def test_a_socket_may_be_opened_after_a_request() -> None:
    async with serving(LIMITS, http=PAGES) as served, await served.peer() as peer:
        await peer.ask(GET)
        await peer.open()
        await peer.join()


async def test_a_chunked_body_is_read() -> None:
    chunks = b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    response = await asked(head("PUT /told HTTP/1.1", HOST, "Transfer-Encoding: chunked"), chunks)

    assert response.json()["body"] == "abcde"


async def test_a_body_is_invited_where_the_client_waits_for_that() -> None:
    request = head("PUT /told HTTP/1.1", HOST, "Content-Length: 2", "Expect: 100-continue")
    async with serving(LIMITS, http=PAGES) as served, await served.peer() as peer:
        assert (await peer.ask(request)).status == 100

        assert (await peer.ask(b"hi")).json()["body"] == "hi"


@pytest.mark.parametrize(
    "request_",
    [
        head("GET / HTTP/1.1", HOST, "Connection: close"),
        head("GET / HTTP/1.0", HOST),
        head("GET / HTTP/1.0"),
    ],
    ids=["close", "1.0", "1.0-without-a-host"],
)
async def test_the_connection_ends_after_the_answer_where_that_is_asked_for(
    request_: bytes,
) -> None:
    async with serving(LIMITS, http=PAGES) as served, await served.peer() as peer:
        response = await peer.ask(request_)

        assert (response.body, response.headers["connection"]) == (b"home", "close")
        await peer.ended()


BAD_REQUESTS = {
    "no Host": (head("GET / HTTP/1.1"), 400),
    "two Hosts": (head("GET / HTTP/1.1", HOST, HOST), 400),
    "a Host that is none": (head("GET / HTTP/1.1", "Host: a b"), 400),
    "a Host with a wild port": (head("GET / HTTP/1.1", "Host: a:99999"), 400),
    "a Host with half a bracket": (head("GET / HTTP/1.1", "Host: [::1"), 400),
    "a Host in empty brackets": (head("GET / HTTP/1.1", "Host: [:::::]"), 400),
    "an absolute target": (head("GET http://localhost/ HTTP/1.1", HOST), 400),
    "an asterisk": (head("OPTIONS * HTTP/1.1", HOST), 400),
    "an authority": (head("CONNECT localhost:80 HTTP/1.1", HOST), 400),
    "a fragment": (head("GET /#a HTTP/1.1", HOST), 400),
    "a path that is not UTF-8": (head("GET /%ff HTTP/1.1", HOST), 400),
    "a query that is not UTF-8": (head("GET /?a=%ff HTTP/1.1", HOST), 400),
    "a NUL in the path": (head("GET /%00 HTTP/1.1", HOST), 400),
    "raw UTF-8 in the path": ("GET /é HTTP/1.1\r\nHost: x\r\n\r\n".encode(), 400),
    "a future version": (head("GET / HTTP/2.0", HOST), 505),
    "HTTP/2's first words": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
    "no version": (head("GET /", HOST), 400),
    "no target": (head("GET", HOST), 400),
    "a header without a name": (head("GET / HTTP/1.1", HOST, ": x"), 400),
    "a header without a colon": (head("GET / HTTP/1.1", HOST, "x"), 400),
    "a space before the colon": (head("GET / HTTP/1.1", "Host : x"), 400),
    "a NUL in a header": (head("GET / HTTP/1.1", HOST, "A: \x00"), 400),
    "two lengths": (head("POST / HTTP/1.1", HOST, "Content-Length: 1", "Content-Length: 2"), 400),
    "a length that is none": (head("POST / HTTP/1.1", HOST, "Content-Length: -1"), 400),
    "an unknown coding": (head("POST / HTTP/1.1", HOST, "Transfer-Encoding: gzip"), 501),
    "a bad chunk": (
        head("POST / HTTP/1.1", HOST, "Transfer-Encoding: chunked") + b"x\r\n",
        400,
    ),
    "a newline alone": (b"GET / HTTP/1.1\nHost: x\n\n", 400),
    "a TLS client": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
    "a space first": (b" GET / HTTP/1.1\r\n\r\n", 400),
    "many empty lines": (b"\r\n" * 5, 400),
    "a long line": (head(f"GET /{'x' * 500} HTTP/1.1", HOST), 414),
    "an endless line": (b"x" * 501, 414),
    "large headers": (head("GET / HTTP/1.1", HOST, f"A: {'x' * 1000}"), 431),
    "endless headers": (head("GET / HTTP/1.1", HOST)[:-2] + b"A: " + b"x" * 1000, 431),
    "many headers": (head("GET / HTTP/1.1", HOST, *["A: b"] * 10), 431),
    "a large body": (head("POST / HTTP/1.1", HOST, "Content-Length: 101"), 413),
    "a large body in chunks": (
        head("POST / HTTP/1.1", HOST, "Transfer-Encoding: chunked") + b"65\r\n" + b"x" * 0x65,
        413,
    ),
    "too many parameters": (head(f"GET /?{'a&' * 257} HTTP/1.1", HOST), 414),
}


@pytest.mark.parametrize(
    ("request_", "status"),
    BAD_REQUESTS.values(),
    ids=[name.replace(" ", "-") for name in BAD_REQUESTS],
)
async def test_a_bad_request_is_told_why_and_the_connection_ends(
    request_: bytes, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(LIMITS, http=PAGES) as served, await served.peer() as peer:
        response = await peer.ask(request_)

        assert response.status == status
        assert response.headers["connection"] == "close"
        assert response.headers["content-type"] == "text/plain; charset=utf-8"
        assert len(response.body) > 10
        await peer.ended()
        assert [record for record in caplog.records if record.exc_info] == []


async def test_as_large_a_request_as_the_limits_allow_is_answered() -> None:
    line, name = f"GET /{'x' * 485} HTTP/1.1", "A: "
    request = head(line, HOST, *["B: c"] * 8, name)
    request = request.replace(b"A: ", b"A: " + b"x" * (1000 - len(request)))

    assert len(request) == 1000
    assert len(line) == 500 - 1
    assert (await asked(request)).status == 404


async def test_too_many_parameters_are_refused() -> None:
    response = await asked(head(f"GET /?{'a&' * 257} HTTP/1.1", HOST), limits=Limits())

    assert (response.status, response.body) == (400, b"too many parameters\n")


async def test_a_request_that_ends_early_is_not_answered_with_a_page() -> None:
    async with serving(LIMITS, http=PAGES) as served, await served.peer() as peer:
        await peer.send(GET[:10])
        await peer.end()

        await peer.ended()


async def test_a_body_that_ends_early_is_a_bad_request() -> None:
    async with serving(LIMITS, http=PAGES) as served, await served.peer() as peer:
        await peer.send(head("POST / HTTP/1.1", HOST, "Content-Length: 9"), b"x")
        await peer.end()

        assert (await peer.response()).status == 400


async def test_a_client_that_closes_its_half_first_is_answered() -> None:
    async with serving(LIMITS, http=PAGES) as served, await served.peer() as peer:
        await peer.send(GET)
        await peer.end()

        assert (await peer.response()).body == b"home"
        await peer.ended()


async def test_a_peer_that_comes_and_goes_leaves_nothing(caplog: pytest.LogCaptureFixture) -> None:
    async with serving(LIMITS, http=PAGES) as served:
        for _ in range(3):
            async with await served.peer():
                pass
        async with await served.peer() as peer:
            assert (await peer.ask(GET)).status == 200
    assert [record for record in caplog.records if record.exc_info] == []


QUICK = Limits(handshake=0.05, idle=0.05)


@pytest.mark.parametrize("sent", [b"", b"GET / HT", GET[:-2]], ids=["nothing", "half", "most"])
async def test_a_head_that_takes_too_long_is_timed_out(sent: bytes) -> None:
    async with serving(QUICK, http=PAGES) as served, await served.peer() as peer:
        if sent:
            await peer.send(sent)

        assert (await peer.response()).status == 408
        await peer.ended()


async def test_a_head_that_trickles_in_has_no_longer() -> None:
    async with (
        serving(QUICK, http=PAGES) as served,
        await served.peer() as peer,
        anyio.create_task_group() as tasks,
    ):
        tasks.start_soon(_trickle, peer.stream)

        assert (await peer.response()).status == 408
        tasks.cancel_scope.cancel()


async def _trickle(stream: anyio.abc.ByteStream) -> None:
    await stream.send(b"GET / HTTP/1.1\r\n")
    while True:
        await stream.send(b"A")
        await anyio.sleep(0.01)


async def test_a_body_that_takes_too_long_is_timed_out() -> None:
    async with serving(QUICK, http=PAGES) as served, await served.peer() as peer:
        response = await peer.ask(head("POST / HTTP/1.1", HOST, "Content-Length: 9"), b"x")

        assert response.status == 408
        await peer.ended()


async def test_a_connection_that_asks_nothing_more_ends_without_a_word() -> None:
    async with serving(QUICK, http=PAGES) as served, await served.peer() as peer:
        assert (await peer.ask(GET)).status == 200

        await peer.ended()


async def test_a_second_request_that_takes_too_long_is_timed_out() -> None:
    async with serving(QUICK, http=PAGES) as served, await served.peer() as peer:
        await peer.ask(GET)

        assert (await peer.ask(b"GET /")).status == 408


class StuckLink(FakeLink):
    """A link whose peer does not read."""

    async def drain(self) -> None:
        await anyio.sleep_forever()


@pytest.mark.trio_clock
async def test_a_client_that_does_not_read_its_response_is_given_up_after_a_while() -> None:
    exchange = Exchange(StuckLink(), Limits(idle=60))
    exchange.read(GET)
    began = anyio.current_time()

    followed = await exchange.respond(HttpResponse(200, b"x" * 1_000_000), last=False)

    assert not followed
    assert anyio.current_time() - began == pytest.approx(60)
