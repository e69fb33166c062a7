"""C6: origins, subprotocols, what connect is told, and what cannot be configured."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from channelkit import (
    Channel,
    Endpoint,
    HttpResponse,
    Message,
    Open,
    Origin,
    Server,
    channel,
    on_event,
    on_join,
)

from ..wire.client import Response, head, upgrade
from .rooms import Journal, make_endpoint, serving

if TYPE_CHECKING:
    from collections.abc import Sequence

pytestmark = pytest.mark.anyio

TARGET = "/ws/websocket?vsn=2.0.0"
HOSTLESS = ["null", "file://", ""]
EMPTY = '""'


async def asked(origins: Any, *requests: Sequence[str], host: str = "host.com") -> list[int]:
    """What a server with this policy answers to each set of headers."""
    statuses: list[int] = []
    async with serving(origins=origins) as world:
        for headers in requests:
            peer = await world.peer()
            sent = upgrade(TARGET, f"Host: {host}", *headers, without=("host",))
            statuses.append((await peer.ask(sent)).status)
    return statuses


async def of_origins(origins: Any, *came: str, host: str = "host.com") -> list[int]:
    """What it answers to pages from there."""
    return await asked(origins, *([f"Origin: {origin}"] for origin in came), host=host)


# Origins.


async def test_c6_1_without_a_check_every_origin_passes() -> None:
    assert await of_origins(False, "https://example.com", "http://evil.example") == [101, 101]


async def test_c6_2_the_own_host_passes_whatever_scheme_and_port_and_another_is_403() -> None:
    came = ("https://host.com", "http://host.com:5000", "https://HOST.com", "https://example.com")

    assert await of_origins(True, *came) == [101, 101, 101, 403]


async def test_c6_3_the_default_is_to_check_the_own_host() -> None:
    journal = Journal()
    plain = Endpoint("/ws", [Quiet])
    async with serving(endpoint=plain, journal=journal) as world:
        peer = await world.peer()
        other = await world.peer()

        assert (await peer.ask(upgrade(TARGET, "Origin: http://localhost:1"))).status == 101
        assert (await other.ask(upgrade(TARGET, "Origin: http://a.example"))).status == 403


async def test_c6_5_a_wildcard_fits_subdomains_and_the_host_itself_by_label() -> None:
    came = ("http://sub.ex.com", "http://ex.com", "http://prefix-ex.com", "http://ex.com.evil.org")

    assert await of_origins(["//*.ex.com"], *came) == [101, 101, 403, 403]


async def test_c6_6_a_wildcard_fits_subdomains_of_any_depth() -> None:
    came = ("http://a.b.c.ex.com", "http://x.sub.ex.com", "http://sub.ex.com", "http://ex.com")

    assert await of_origins(["//*.ex.com"], *came) == [101] * 4
    assert await of_origins(["//*.sub.ex.com"], *came) == [403, 101, 101, 403]


async def test_c6_7_without_a_wildcard_no_subdomain_fits() -> None:
    assert await of_origins(["//ex.com"], "http://sub.ex.com", "http://ex.com") == [403, 101]


@pytest.mark.parametrize("origins", [True, "conn", ["//host.com"], ["//*.host.com"]])
async def test_c6_8_what_has_no_host_is_refused_and_logged(
    origins: Any, caplog: pytest.LogCaptureFixture
) -> None:
    assert await of_origins(origins, *HOSTLESS) == [403] * 3

    warnings = [r.getMessage() for r in caplog.records if r.levelno == logging.WARNING]
    assert len(warnings) == 3
    for origin, line in zip(HOSTLESS, warnings, strict=True):
        assert line.startswith("refused ")
        assert f"sent={origin or EMPTY} " in line
        assert "allow it in the endpoint's origins" in line


async def test_c6_9_a_function_may_accept_even_these() -> None:
    assert await of_origins(hostless, *HOSTLESS, "http://host.com") == [101, 101, 101, 403]


def hostless(origin: Origin) -> bool:
    return origin.host is None


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        ("host.com", "http://host.com", 101),
        ("host.com", "http://host.com:80", 101),
        ("host.com:8080", "http://host.com:8080", 101),
        ("host.com", "https://host.com", 403),
        ("host.com", "http://other.com", 403),
        ("host.com", "http://host.com:8080", 403),
        ("host.com:8080", "http://host.com", 403),
        ("host.com:8080", "https://host.com:8080", 403),
    ],
)
async def test_c6_10_by_the_connection_scheme_host_and_port_must_fit(
    host: str, origin: str, status: int
) -> None:
    assert await of_origins("conn", origin, host=host) == [status]


async def test_c6_11_without_a_check_what_is_no_origin_passes() -> None:
    assert await of_origins(False, *HOSTLESS, "http://[::1", "ünïcode") == [101] * 5


async def test_c6_12_a_list_has_hosts_schemes_that_imply_a_port_and_ports() -> None:
    origins = ["//any.com", "http://scheme.com", "//port.com:81", "https://both.com:444"]
    came = {
        "https://any.com": 101,
        "http://any.com:4000": 101,
        "http://scheme.com": 101,
        "http://scheme.com:80": 101,
        "http://scheme.com:81": 403,
        "https://scheme.com": 403,
        "http://port.com:81": 101,
        "https://port.com:81": 101,
        "http://port.com": 403,
        "https://both.com:444": 101,
        "http://both.com:444": 403,
        "https://both.com": 403,
        "http://none.com": 403,
    }

    assert await of_origins(origins, *came) == list(came.values())


async def test_c6_13_a_function_decides() -> None:
    def policy(origin: Origin) -> bool:
        return origin.host == "example.com" and origin.scheme == "https"

    assert await of_origins(policy, "https://example.com", "http://example.com") == [101, 403]
    assert await asked(policy, []) == [101]


@pytest.mark.parametrize("answer", [None, "yes", 1, RuntimeError("on purpose")])
async def test_c6_13_a_function_that_does_not_decide_refuses_and_is_logged(
    answer: Any, caplog: pytest.LogCaptureFixture
) -> None:
    def policy(origin: Origin) -> Any:
        if isinstance(answer, Exception):
            raise answer
        return answer

    assert await of_origins(policy, "https://host.com") == [403]

    (record,) = [record for record in caplog.records if record.exc_info]
    assert record.getMessage().startswith("origins crashed ")
    if not isinstance(answer, Exception):
        assert "must return True or False" in record.getMessage()


async def test_c6_14_a_function_may_be_given_arguments() -> None:
    def one_of(hosts: Sequence[str], origin: Origin, *, scheme: str) -> bool:
        return origin.host in hosts and origin.scheme == scheme

    policy = partial(one_of, ["a.com", "b.com"], scheme="https")

    assert await of_origins(policy, "https://b.com", "http://b.com", "https://c.com") == [
        101,
        403,
        403,
    ]


async def test_c6_15_two_mounts_of_the_same_channels_have_each_their_own_policy() -> None:
    journal = Journal()
    open_, closed = (
        make_endpoint(journal, path, origins=origins)
        for path, origins in (("/open", False), ("/closed", ["//example.com"]))
    )
    async with serving(endpoint=[open_, closed]) as world:
        got: list[int] = []
        for path in ("/closed", "/open", "/closed", "/open"):
            peer = await world.peer()
            sent = upgrade(f"{path}/websocket?vsn=2.0.0", "Origin: http://evil.example")
            got.append((await peer.ask(sent)).status)

    assert got == [403, 101, 403, 101]


# Subprotocols.


async def offered(names: Any, offer: str | None, *headers: str) -> Response:
    """The answer to a client that offers these."""
    offers = [] if offer is None else [f"Sec-WebSocket-Protocol: {offer}"]
    async with serving(subprotocols=names, origins=["//ex.com"]) as world:
        peer = await world.peer()
        return await peer.ask(upgrade(TARGET, *offers, *headers))


@pytest.mark.parametrize("offer", [None, "sip", "sip, mqtt"])
async def test_c6_16_without_a_list_of_its_own_a_server_ignores_the_header(
    offer: str | None,
) -> None:
    response = await offered(None, offer)

    assert response.status == 101
    assert "sec-websocket-protocol" not in response.headers


@pytest.mark.parametrize("offer", ["sip", "mqtt"])
async def test_c6_17_a_refused_request_stays_refused(offer: str) -> None:
    response = await offered(["sip"], offer, "Origin: http://evil.example")

    assert (response.status, response.json()) == (403, {"reason": "origin not allowed"})


@pytest.mark.parametrize(
    ("offer", "chosen"),
    [("sip", "sip"), ("mqtt, sip", "sip"), ("mqtt", "mqtt"), ("x, mqtt", "mqtt"), (None, None)],
)
async def test_c6_18_the_first_of_the_servers_list_is_chosen(
    offer: str | None, chosen: str | None
) -> None:
    response = await offered(["sip", "mqtt"], offer)

    assert response.status == 101
    assert response.headers.get("sec-websocket-protocol") == chosen


async def test_c6_18_beside_an_auth_token_phoenix_comes_first() -> None:
    response = await offered(["sip"], "sip, phoenix, base64url.bearer.phx.dG9rZW4")

    assert response.status == 101
    assert response.headers["sec-websocket-protocol"] == "phoenix"


async def test_c6_19_none_that_is_known_is_403_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    response = await offered(["sip", "mqtt"], "xmpp, soap")

    assert (response.status, response.json()) == (403, {"reason": "subprotocol not supported"})
    (record,) = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert 'sent="xmpp, soap"' in record.getMessage()


@pytest.mark.parametrize("names", ["sip", 7, [7], [""], ["a b"]])
def test_c6_20_a_list_that_is_none_cannot_be_configured(names: Any) -> None:
    with pytest.raises(ValueError, match="subprotocol"):
        Endpoint("/ws", [Quiet], subprotocols=names)


# Configuration.


@pytest.mark.parametrize("origins", ["https://example.com", ["example.com"], None, 7])
def test_c6_20_origins_that_are_none_cannot_be_configured_either(origins: Any) -> None:
    with pytest.raises(ValueError, match="origin"):
        Endpoint("/ws", [Quiet], origins=origins)


def test_c6_26_an_unknown_option_cannot_be_configured() -> None:
    options: dict[str, Any] = {"orgins": True}
    misspelt: dict[str, Any] = {"prot": 1}

    with pytest.raises(TypeError, match="orgins"):
        Endpoint("/ws", [Quiet], **options)
    with pytest.raises(TypeError, match="prot"):
        Server(Endpoint("/ws", [Quiet]), **misspelt)


@pytest.mark.parametrize("path", ["", "/", "ws", "/ws/", "//ws", "/ws//admin", "/ws?a", "/a b"])
def test_c6_26_a_path_that_is_none_cannot_be_configured(path: str) -> None:
    with pytest.raises(ValueError, match="an endpoint's path is like /socket"):
        Endpoint(path, [Quiet])


def test_c6_26_paths_that_overlap_cannot_be_configured() -> None:
    async def page(_: Any) -> Any: ...

    with pytest.raises(ValueError, match="the same path"):
        Server(Endpoint("/ws", [Quiet]), Endpoint("/ws", [Quiet]))
    with pytest.raises(ValueError, match="/ws/websocket, which http has, too"):
        Server(Endpoint("/ws", [Quiet]), http={"/ws/websocket": page})
    Server(Endpoint("/ws", [Quiet]), Endpoint("/ws/admin", [Quiet]), http={"/ws/*": page})


# Broadcasts.


class Said(Message):
    """What is said."""

    body: str


@channel("quiet")
class Quiet(Channel[None, Said]):
    """A room that talks when it is asked to."""

    @on_join
    async def join(self, params: Open) -> None:
        """Let everybody in."""

    @on_event("say_from")
    async def say_from(self, message: Said) -> None:
        """Tell the others."""
        await self.broadcast_from(message)


async def test_c6_28_the_endpoint_broadcasts_and_a_member_to_the_others() -> None:
    async with serving(endpoint=Endpoint("/ws", [Quiet])) as world:
        one, other = await world.client(), await world.client()
        for client in (one, other):
            await client.join("quiet")
        expected = one.broadcast("quiet", "said", {"body": "all"})

        await world.endpoint.broadcast(Quiet.topic_for(), Said(body="all"))
        assert [await one.heard(), await other.heard()] == [expected, expected]

        await one.say("11", "2", "quiet", "say_from", {"body": "others"})
        assert await other.heard() == one.broadcast("quiet", "said", {"body": "others"})
        await one.silent()


async def test_c6_30_plain_http_drains_too() -> None:
    gate, began = anyio.Event(), anyio.Event()

    async def page(_: Any) -> Any:
        began.set()
        await gate.wait()
        return HttpResponse(200, b"done")

    async with serving(endpoint=Endpoint("/ws", [Quiet]), server={"http": {"/": page}}) as world:
        peer = await world.peer()
        await peer.send(head("GET / HTTP/1.1", "Host: a"))
        await began.wait()

        world.server.drain()
        await anyio.wait_all_tasks_blocked()
        gate.set()

        assert (await peer.response()).body == b"done"
        await peer.ended()
