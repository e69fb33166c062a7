"""Messages of every shape get through, and get through whole."""

from __future__ import annotations

import json

import pytest

from channelkit import Limits
from channelkit.exits import Closed as PeerClosed

from .app import read_meanwhile, serving
from .client import (
    BINARY,
    CONT,
    JOIN,
    JOINED,
    PING,
    PONG,
    TEXT,
    Closed,
    Received,
    answer,
    close,
    frame,
    push,
    upgrade,
)

pytestmark = pytest.mark.anyio


def echo(payload: object, ref: str = "2") -> bytes:
    return json.dumps(["1", ref, "room:1", "echo", payload]).encode()


@pytest.mark.parametrize("size", [0, 1, 90, 200, 65500, 70000, 1000000])
async def test_a_message_of_any_size_comes_back(size: int, *, fast_path: bool) -> None:
    body = "x" * size
    async with serving(_fast_path=fast_path) as served, await served.member() as peer:
        await peer.send(frame(TEXT, echo(body)))

        assert await peer.message() == answer(body)


async def test_text_beyond_ascii_comes_back(*, fast_path: bool) -> None:
    async with serving(_fast_path=fast_path) as served, await served.member() as peer:
        await peer.send(frame(TEXT, '["1","2","room:1","echo","日本 \U0001f600"]'.encode()))

        assert await peer.message() == answer("日本 \U0001f600")


async def test_a_binary_message_comes_back_as_one(*, fast_path: bool) -> None:
    push = b"\x00\x01\x01\x06\x04" + b"1" + b"2" + b"room:1" + b"echo" + b"\x00\xff"
    async with serving(_fast_path=fast_path) as served, await served.member() as peer:
        await peer.send(frame(BINARY, push))

        reply = b"\x01\x01\x01\x06\x02" + b"1" + b"2" + b"room:1" + b"ok" + b"\x00\xff"
        assert await peer.frame() == Received(BINARY, reply)


async def test_frames_may_be_cut_at_every_byte(*, fast_path: bool) -> None:
    sent = b"".join(
        [
            frame(TEXT, echo("a" * 200)),
            frame(PING, b"hi"),
            frame(TEXT, echo("日")[:40], fin=False),
            frame(CONT, echo("日")[40:]),
        ]
    )
    async with serving(_fast_path=fast_path) as served, await served.member() as peer:
        for at in range(1, len(sent)):
            await peer.send(sent[:at])
            await read_meanwhile()
            await peer.send(sent[at:])

            frames = [await peer.frame() for _ in range(3)]
            assert Received(PONG, b"hi") in frames  # at once; replies when the channel comes to it
            texts = [json.loads(received.payload) for received in frames if received.opcode == TEXT]
            assert texts == [answer("a" * 200), answer("日")]


async def test_frames_behind_the_handshake_in_one_segment_are_taken(*, fast_path: bool) -> None:
    async with serving(_fast_path=fast_path) as served, await served.peer() as peer:
        await peer.open(behind=JOIN + frame(TEXT, echo(1)) + frame(PING, b"p"))

        frames = [await peer.frame() for _ in range(3)]
        assert Received(PONG, b"p") in frames
        texts = [json.loads(received.payload) for received in frames if received.opcode == TEXT]
        assert texts == [JOINED, answer(1)]


async def test_a_handshake_cut_at_every_byte_opens(*, fast_path: bool) -> None:
    sent = upgrade() + JOIN
    async with serving(_fast_path=fast_path) as served:
        for at in range(1, len(sent)):
            async with await served.peer() as peer:
                await peer.send(sent[:at])
                await read_meanwhile()
                await peer.send(sent[at:])

                assert (await peer.response()).status == 101
                assert await peer.message() == JOINED


async def test_many_frames_of_one_write_are_answered_in_order(*, fast_path: bool) -> None:
    async with serving(_fast_path=fast_path) as served, await served.member() as peer:
        await peer.send(*(frame(TEXT, echo(n, str(n))) for n in range(50)))

        assert [await peer.message() for _ in range(50)] == [
            answer(n, ref=str(n)) for n in range(50)
        ]


async def test_a_join_and_a_thousand_pushes_in_one_write_lose_nothing(*, fast_path: bool) -> None:
    pushes = [push("count", ref=str(n)) for n in range(1000)]
    ask = push("counted")
    async with serving(_fast_path=fast_path) as served, await served.peer() as peer:
        await peer.open(behind=JOIN + b"".join(pushes) + ask)

        assert await peer.message() == JOINED
        assert await peer.message() == answer(1000)


async def test_a_close_behind_a_thousand_pushes_comes_after_them(*, fast_path: bool) -> None:
    pushes = [push("count", ref=str(n)) for n in range(1000)]
    ask = push("counted")
    async with serving(_fast_path=fast_path) as served, await served.member() as peer:
        await peer.send(*pushes, ask, close(1000))
        await peer.end()

        assert await served.journal.exit() == PeerClosed(1000)


async def test_the_end_behind_a_thousand_pushes_comes_after_them(*, fast_path: bool) -> None:
    pushes = [push("count", ref=str(n)) for n in range(1000)]
    ask = push("counted")
    async with serving(_fast_path=fast_path) as served, await served.member() as peer:
        await peer.send(*pushes, ask)

        assert await peer.message() == answer(1000)


@pytest.mark.parametrize("size", [1, 3, 1000])
async def test_fragments_make_one_message(size: int, *, fast_path: bool) -> None:
    whole = echo("日本" * 20)
    parts = [whole[at : at + size] for at in range(0, len(whole), size)]
    async with serving(_fast_path=fast_path) as served, await served.member() as peer:
        await peer.send(frame(TEXT, parts[0], fin=False))
        await peer.send(*(frame(CONT, part, fin=False) for part in parts[1:]), frame(CONT))

        assert await peer.message() == answer("日本" * 20)


async def test_a_ping_between_fragments_is_answered_at_once(*, fast_path: bool) -> None:
    async with serving(_fast_path=fast_path) as served, await served.member() as peer:
        await peer.send(frame(TEXT, echo(1)[:5], fin=False), frame(PING, b"between"))

        assert await peer.frame() == Received(PONG, b"between")

        await peer.send(frame(PONG, b"unasked"), frame(CONT, echo(1)[5:]))

        assert await peer.message() == answer(1)


async def test_a_message_after_a_fragmented_one_is_its_own(*, fast_path: bool) -> None:
    async with serving(_fast_path=fast_path) as served, await served.member() as peer:
        await peer.send(frame(TEXT, echo(1)[:5], fin=False), frame(CONT, echo(1)[5:]))
        await peer.send(frame(TEXT, echo(2)))

        assert [await peer.message(), await peer.message()] == [answer(1), answer(2)]


async def test_a_length_in_a_longer_form_than_needed_is_taken(*, fast_path: bool) -> None:
    async with serving(_fast_path=fast_path) as served, await served.member() as peer:
        await peer.send(frame(TEXT, echo(1), form=126), frame(TEXT, echo(2), form=127))

        assert [await peer.message(), await peer.message()] == [answer(1), answer(2)]


async def test_as_many_fragments_and_bytes_as_the_limits_allow_get_through(
    *, fast_path: bool
) -> None:
    whole = echo("x" * 100)
    limits = Limits(fragments=len(whole), message=len(whole))
    async with (
        serving(limits, _fast_path=fast_path) as served,
        await served.member() as peer,
    ):
        bytewise = [frame(CONT, whole[at : at + 1], fin=False) for at in range(1, len(whole) - 1)]
        await peer.send(frame(TEXT, whole[:1], fin=False), *bytewise, frame(CONT, whole[-1:]))
        await peer.send(frame(TEXT, whole))

        assert [await peer.message(), await peer.message()] == [answer("x" * 100)] * 2


async def test_sockets_do_not_share_anything(*, fast_path: bool) -> None:
    async with (
        serving(_fast_path=fast_path) as served,
        await served.member() as ann,
        await served.member() as bob,
    ):
        await ann.send(frame(TEXT, echo("a")[:9], fin=False))
        await bob.send(frame(TEXT, b"not JSON"))

        assert await bob.closed() == Closed(1007)

        await ann.send(frame(CONT, echo("a")[9:]))

        assert await ann.message() == answer("a")


async def test_a_broadcast_reaches_every_socket(*, fast_path: bool) -> None:
    async with serving(_fast_path=fast_path) as served:
        peers = [await served.member() for _ in range(3)]

        await peers[0].send(push("shout", {"n": 1}))

        said = [None, None, "room:1", "said", {"n": 1}]
        assert [await peer.message() for peer in peers] == [said] * 3
        for peer in peers:
            await peer.stream.aclose()
