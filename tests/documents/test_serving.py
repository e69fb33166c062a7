"""`docs_site`: what it serves, and how a page learns why a WebSocket was refused."""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import pytest

from channelkit import Channel, Endpoint, Exit, Limits, Message, Refusal, channel, on_join
from channelkit.contract import contract_of, dump
from channelkit.documents import docs_site
from channelkit.http import Headers, HttpRequest, HttpResponse
from channelkit.transports.routes import Routes

pytestmark = pytest.mark.anyio

HOST = "localhost:4000"


class Nothing(Message):
    pass


class Login(Message):
    token: str


class BadToken(Refusal):
    """The token is none of ours."""

    hint: str


@channel("room:{room_id}")
class Room(Channel[str]):
    """A room."""

    room_id: int

    @on_join
    async def join(self, params: Nothing) -> None: ...


gone: list[tuple[str, str]] = []


async def connect(params: Login) -> str | BadToken:
    match params.token:
        case "crash":
            raise LookupError("nobody")
        case "good":
            return params.token
        case _:
            return BadToken(hint="ask ann")


async def disconnected(assigns: str, reason: Exit) -> None:
    gone.append((assigns, type(reason).__name__))


def endpoint(path: str = "/socket", **options: Any) -> Endpoint[str]:
    return Endpoint(path, [Room], connect, on_disconnect=disconnected, **options)


async def ask(
    site: Callable[[HttpRequest], Awaitable[HttpResponse]],
    below: str = "",
    *,
    method: str = "GET",
    mount: str = "/docs",
    body: bytes = b"",
    origin: str | None = None,
) -> HttpResponse:
    path = f"{mount}/{below}" if below else mount
    fields = [("Host", HOST), *([] if origin is None else [("Origin", origin)])]
    request = HttpRequest(
        method=method,
        target=path,
        path=path,
        query={},
        query_string="",
        headers=Headers(fields),
        version="1.1",
        peer=None,
        scheme="http",
        body=body,
        below=below,
    )
    return await site(request)


async def why(one: Endpoint[str], query: str, path: str = "/socket/websocket") -> Any:
    """What the page is told of a refusal."""
    body = json.dumps({"path": path, "query": query}).encode()
    response = await ask(docs_site(one), "why", method="POST", body=body, origin=f"http://{HOST}")
    assert response.status == 200
    return json.loads(response.body)


async def test_it_serves_a_page_that_lets_nothing_else_run_nor_frame_nor_keep_it() -> None:
    response = await ask(docs_site(endpoint()))

    headers = response.headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert response.status == 200
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert policy["default-src"] == "'none'"
    assert policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"


async def test_every_script_and_style_of_the_page_is_in_its_policy_by_hash() -> None:
    response = await ask(docs_site(endpoint()))

    found = re.findall(
        rb"<(script|style)(?: type=\"module\")?>(.*?)</\1>", response.body, re.DOTALL
    )
    hashes = {b64encode(hashlib.sha256(text).digest()).decode() for _, text in found}
    policy = response.headers["Content-Security-Policy"]
    assert len(hashes) >= 2
    assert hashes == set(re.findall(r"'sha256-([^']+)'", policy))


async def test_the_page_knows_where_it_is_mounted() -> None:
    site = docs_site(endpoint())

    pages = [await ask(site, mount=mount) for mount in ("/docs", "/docs/", "/dev/protocol", "/")]

    mounts = [re.search(rb'id="console" data-mount="([^"]*)"', page.body) for page in pages]
    assert [found and found[1] for found in mounts] == [b"/docs", b"/docs", b"/dev/protocol", b""]


async def test_it_serves_the_contract_beside_the_page() -> None:
    one = endpoint()

    response = await ask(docs_site(one), "contract.json")

    assert response.headers["Content-Type"] == "application/json"
    assert response.body.decode() == dump(contract_of([one]))


async def test_it_answers_only_what_it_has() -> None:
    site = docs_site(endpoint())

    answers = [
        (await ask(site, below, method=method, body=body)).status
        for below, method, body in (
            ("", "POST", b""),
            ("contract.json", "PUT", b""),
            ("why", "GET", b""),
            ("code", "GET", b""),
            ("code", "POST", b"{"),
            ("code", "POST", b'{"step": "connect", "endpoint": "/elsewhere"}'),
            ("why", "POST", b"{"),
            ("why", "POST", b'{"path": "/socket/websocket", "query": "%ff"}'),
            ("else", "GET", b""),
        )
    ]

    assert answers == [405, 405, 405, 405, 400, 400, 400, 400, 404]
    assert (await ask(site, "", method="HEAD")).status == 200


async def test_a_step_is_written_as_code_for_the_server_that_was_asked() -> None:
    step = {
        "step": "connect",
        "endpoint": "/socket",
        "shape": {"kind": "model", "$ref": "#/schemas/Login"},
        "payload": {"token": "very this"},
    }
    body = json.dumps(step).encode()

    response = await ask(docs_site(endpoint()), "code", method="POST", body=body)

    first, *others = json.loads(response.body)
    assert first["title"] == "phoenix.js"
    assert f'new Socket("ws://{HOST}/socket"' in first["code"]
    assert all("very this" in one["code"] for one in [first, *others])


async def test_it_answers_below_its_path() -> None:
    site = docs_site(endpoint())

    routes = Routes({"/docs": site})

    assert routes.find("/docs/why") == (site, "why")


@pytest.mark.parametrize(
    ("query", "status", "response"),
    [
        ("token=bad", 403, {"reason": "bad_token", "hint": "ask ann"}),
        ("token=crash", 500, {"reason": "connect crashed"}),
        ("token=good&vsn=9", 403, {"reason": "unsupported vsn"}),
        ("token=good&a[b][c][d][e][f][g][h][i][j][k][l][m][n][o][p][q]=1", 400, None),
    ],
)
async def test_a_refusal_is_told_as_the_handshake_tells_it(
    query: str, status: int, response: Any
) -> None:
    told = await why(endpoint(), query)

    assert told["status"] == status
    assert response is None or told["response"] == response


async def test_a_path_without_an_endpoint_is_told_as_such() -> None:
    told = await why(endpoint(), "", "/elsewhere/websocket")

    assert told == {"status": 404, "response": {"reason": "not found"}}


async def test_parameters_that_do_not_fit_are_told_with_their_places() -> None:
    told = await why(endpoint(), "tokn=bad")

    assert told["response"]["reason"] == "invalid payload"
    assert told["response"]["errors"][0]["loc"] == ["token"]


async def test_where_nothing_is_refused_nobody_stays_connected() -> None:
    gone.clear()

    told = await why(endpoint(), "token=good")

    assert told == {"status": 101, "response": {}}
    assert gone == [("good", "ConnectionLost")]


async def test_the_origin_is_checked_as_of_a_socket() -> None:
    told = await why(endpoint(origins=["https://example.com"]), "token=good")

    assert told == {"status": 403, "response": {"reason": "origin not allowed"}}


async def test_an_origin_policy_that_raises_refuses() -> None:
    def raising(origin: object) -> bool:
        raise LookupError

    told = await why(endpoint(origins=raising), "token=good")

    assert told["response"] == {"reason": "origin not allowed"}


async def test_the_variables_of_a_path_are_parameters() -> None:
    told = await why(endpoint("/{token}/socket"), "", "/good/socket/websocket")

    assert told["status"] == 101


@pytest.mark.trio_clock
async def test_a_connect_that_takes_too_long_is_told_of() -> None:
    async def slow(params: Nothing) -> str:
        await anyio.sleep(60)
        return ""

    one = Endpoint("/socket", [Room], slow, limits=Limits(connect=1))

    assert await why(one, "") == {"status": 503, "response": {"reason": "connect timeout"}}
