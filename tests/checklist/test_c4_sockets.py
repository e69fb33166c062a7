"""C4: which channel takes a topic, what an envelope needs, how a socket ends."""

from __future__ import annotations

import pytest

from channelkit import Channel, DeclarationError, Endpoint, Limits, Open, Server, channel, on_join
from channelkit.exits import Disconnected

from ..wire.client import NOTHING, Closed, text
from .client import V1, V2
from .rooms import Journal, make_endpoint, per_version, serving

pytestmark = pytest.mark.anyio


@channel("foo:{name*}")
class Foo(Channel[None]):
    """All topics that begin so."""

    name: str

    @on_join
    async def join(self, params: Open) -> Open:
        """Say which channel this is."""
        return Open(payload={"channel": "foo"})


@channel("foo:d:{name*}")
class Food(Channel[None]):
    """Some of them."""

    name: str

    @on_join
    async def join(self, params: Open) -> Open:
        """Say which channel this is."""
        return Open(payload={"channel": "food"})


async def test_c4_1_the_first_pattern_that_matches_takes_the_topic() -> None:
    async with serving(endpoint=Endpoint("/ws", [Food, Foo])) as world:
        client = await world.client()

        await client.join("foo:d:x", response={"channel": "food"})
        await client.join("foo:x", join_ref="12", ref="2", response={"channel": "foo"})
        await client.join("foo:", join_ref="13", ref="3", response={"channel": "foo"})


def test_c4_1_a_pattern_that_an_earlier_one_hides_does_not_compile() -> None:
    """Phoenix would let the first one have all of the other's topics."""
    with pytest.raises(DeclarationError) as raised:
        Endpoint("/ws", [Foo, Food]).compile()

    assert [problem.code for problem in raised.value.problems] == ["CK006"]


@per_version
async def test_c4_2_a_topic_that_no_pattern_matches_has_no_channel(vsn: str) -> None:
    async with serving(endpoint=Endpoint("/ws", [Food, Foo])) as world:
        client = await world.client(vsn)
        assert world.endpoint.hub.table.match("unknown") is None

        await client.say("1", "1", "unknown", "phx_join")

        assert await client.heard() == client.refusal(None, "1", "unknown", "unmatched topic")


@per_version
async def test_c4_3_an_envelope_with_all_its_parts_is_read(vsn: str) -> None:
    async with serving() as world:
        client = await world.client(vsn)

        await client.silent()


PARTS = {"topic": "phoenix", "event": "heartbeat", "payload": {"a": 1}, "ref": "7"}


@pytest.mark.parametrize("missing", ["topic", "event", "payload"])
async def test_c4_4_an_envelope_without_a_part_is_an_error_that_says_so(missing: str) -> None:
    """With a ref it costs one frame here; Phoenix closes the socket, 1011."""
    async with serving() as world:
        client = await world.client(V1)
        parts = {name: part for name, part in PARTS.items() if name != missing}

        await client.peer.send(text(parts))

        topic = parts.get("topic", "phoenix")
        assert await client.heard() == client.refusal(None, "7", str(topic), "invalid message")
        await client.silent()


async def test_c4_4_an_envelope_without_a_ref_closes_the_socket() -> None:
    async with serving() as world:
        client = await world.client(V1)

        await client.peer.send(text({k: v for k, v in PARTS.items() if k != "ref"}))

        assert (await client.closed()).code == 1007


WHOLE: list[object] = [None, "7", "phoenix", "heartbeat", NOTHING]


@pytest.mark.parametrize("length", range(5))
async def test_c4_4_an_array_that_is_too_short_is_an_error(length: int) -> None:
    async with serving() as world:
        client = await world.client(V2)

        await client.peer.send(text(WHOLE[:length]))

        if length < 2:
            assert (await client.closed()).code == 1007
        else:
            topic = "phoenix"
            refusal = client.refusal(None, "7", topic, "invalid message")
            assert await client.heard() == refusal


def test_c4_7_the_batches_of_a_drain_their_interval_and_its_time_can_be_set() -> None:
    """They are the server's, for all its endpoints; that they do what they say is tested on it."""
    server = Server(
        make_endpoint(Journal()), drain_batch=7, drain_interval=0.5, drain_timeout=3, port=0
    )

    assert (server.drain_batch, server.drain_interval, server.drain_timeout) == (7, 0.5, 3)


@per_version
async def test_c4_8_a_disconnect_by_id_closes_with_1001(vsn: str) -> None:
    async with serving(limits=Limits()) as world:
        client = await world.client(vsn, query="user=ann")
        await client.join("room:1")

        world.endpoint.disconnect("user:ann", "bye")

        assert await client.closed() == Closed(1001, "bye")
        assert await world.journal.gone() == [("room:1", Disconnected(1001, "bye"))]
