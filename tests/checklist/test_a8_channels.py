"""A8: what the first Phoenix's tests look at in channels, with a client of the time."""

from __future__ import annotations

import json
import logging

import pytest

from channelkit.errors import RemoteProtocolError
from channelkit.exits import Closed, Disconnected, Left
from channelkit.serializers import Classic
from channelkit.wire import Push

from ..wire.client import TEXT
from ..wire.client import Closed as ClosedWith
from ..wire.first import BEAT
from .first_rooms import Note, Rooms, Said, first_serving

pytestmark = pytest.mark.anyio

LOBBY = Rooms.topic_for(name="lobby")
LEFT = ["rooms:lobby", "you:left", {"message": "bye"}]


def said(body: object, topic: str = "rooms:lobby") -> list[object]:
    return [topic, "said", {"body": body}]


# socket/handler_test.exs


async def test_a8_1_terminate_ends_the_connection_from_a_handler() -> None:
    async with first_serving() as world, world.client() as ann:
        lobby = await ann.join("lobby")

        await lobby.send("terminate", {})

        assert await ann.socket.peer.closed() == ClosedWith(1000)
        assert await world.journal.gone() == [("rooms:lobby", Disconnected(1000))]


async def test_a8_2_a_connection_that_hibernates_wakes_as_if_it_had_not() -> None:
    async with first_serving() as world, world.client() as ann:
        lobby = await ann.join("lobby")

        await lobby.send("hibernate", {})
        await ann.quiet()
        await lobby.send("echo", {"body": "awake"})

        assert await ann.heard() == [["rooms:lobby", "echo", {"body": "awake"}]]


async def test_a8_3_a_frame_of_the_handlers_own_goes_out_as_it_is() -> None:
    """In the first Phoenix the documented `reply` never wrote one (protocol.md A.3)."""
    async with first_serving() as world, world.client() as ann:
        lobby = await ann.join("lobby")

        await lobby.send("frame", {"body": "hello"})

        assert await ann.socket.peer.frame() == (TEXT, b"hello", 0)


# channel_test.exs


async def test_a8_4_a_join_subscribes_the_member_and_a_leave_takes_it_out() -> None:
    async with first_serving() as world, world.client() as ann:
        assert world.topics == 0
        lobby = await ann.join("lobby")
        await ann.quiet()
        assert world.topics == 1

        await lobby.leave()
        assert await ann.heard() == [LEFT]
        await ann.quiet()

        assert world.topics == 0


async def test_a8_5_a_broadcast_reaches_the_members_of_its_topic() -> None:
    async with first_serving() as world, world.client() as ann, world.client() as bob:
        lobby = await ann.join("lobby")
        await bob.join("lobby")
        await bob.quiet()

        await lobby.send("say", {"body": "hi"})

        assert await ann.heard() == await bob.heard() == [said("hi")]


async def test_a8_6_a_payload_that_is_no_object_is_refused_where_it_is_sent() -> None:
    async with first_serving() as world, world.client() as ann:
        lobby = await ann.join("lobby")

        await lobby.send("push", ["no", "object"])
        await ann.quiet()

        refused = "a pushed payload must be a JSON object or bytes, got list"
        assert world.journal.refused == [refused] * 3


async def test_a8_7_broadcast_from_leaves_the_sender_out() -> None:
    async with first_serving() as world, world.client() as ann, world.client() as bob:
        lobby = await ann.join("lobby")
        await bob.join("lobby")
        await bob.quiet()

        await lobby.send("say_from", {"body": "hi"})

        assert await bob.heard() == [said("hi")]
        await ann.quiet()


async def test_a8_8_a_reply_goes_to_the_asking_socket_alone() -> None:
    """Under its event's own name; the first Phoenix let the channel name it."""
    async with first_serving() as world, world.client() as ann, world.client() as bob:
        lobby = await ann.join("lobby")
        await bob.join("lobby")

        await lobby.send("echo", {"body": "hi"})

        assert await ann.heard() == [["rooms:lobby", "echo", {"body": "hi"}]]
        await bob.quiet()


async def test_a8_9_a_leave_without_a_handler_changes_nothing_else() -> None:
    async with first_serving() as world, world.client() as ann:
        plain = await ann.join("x", "plain")
        lobby = await ann.join("lobby")

        await plain.leave()
        await lobby.send("echo", {"body": "still here"})

        assert await ann.heard() == [["rooms:lobby", "echo", {"body": "still here"}]]
        await ann.quiet()


async def test_a8_10_a_leave_handler_runs() -> None:
    """With `Left()`; what the client says with its leave is not kept."""
    async with first_serving() as world, world.client() as ann:
        lobby = await ann.join("lobby")

        await lobby.leave({"reason": "tired"})

        assert await ann.heard() == [LEFT]
        assert await world.journal.gone() == [("rooms:lobby", Left())]


async def test_a8_11_a_granted_join_admits_and_subscribes() -> None:
    async with first_serving() as world, world.client() as ann:
        lobby = await ann.join("lobby")
        await lobby.send("echo", {"body": "in"})
        await ann.heard()

        await world.endpoint.broadcast(LOBBY, Said(body="hello"))

        assert await ann.heard() == [said("hello")]


async def test_a8_12_a_refused_join_does_neither_and_says_nothing() -> None:
    async with first_serving() as world, world.client() as ann:
        lobby = await ann.join("lobby", user="mallory")
        await lobby.send("echo", {"body": "in?"})
        await ann.quiet()

        await world.endpoint.broadcast(LOBBY, Said(body="hello"))

        assert world.topics == 0
        await ann.quiet()
        assert world.journal.exits == []


async def test_a8_13_the_leave_handlers_run_when_the_connection_ends() -> None:
    async with first_serving() as world, world.client() as ann:
        await ann.join("lobby")
        await ann.join("kitchen")
        await ann.quiet()

        assert await ann.socket.close() == ClosedWith(1001)

        assert sorted(await world.journal.gone(2), key=str) == [
            ("rooms:kitchen", Closed(1001)),
            ("rooms:lobby", Closed(1001)),
        ]
        assert world.topics == 0


async def test_a8_14_an_info_reaches_the_channels_of_the_socket() -> None:
    async with first_serving() as world, world.client() as ann:
        await ann.join("lobby")
        await ann.join("kitchen")
        await ann.quiet()

        assert world.endpoint.inform("everybody", Note("news")) == 2

        assert sorted(await ann.heard(2)) == [said("news", "rooms:kitchen"), said("news")]


@pytest.mark.parametrize("event", ["join", "wrong"])
async def test_a8_15_a_handler_that_returns_what_it_may_not_is_an_error(
    event: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Of its own member: the first Phoenix lost the connection, and all its channels."""
    caplog.set_level(logging.INFO, "channelkit")
    async with first_serving() as world, world.client() as ann:
        kitchen = await ann.join("kitchen")
        lobby = await ann.join("lobby", user="wrong" if event == "join" else "ann")
        await lobby.send("wrong", {})
        await lobby.send("echo", {"body": "no member any more"})
        await kitchen.send("echo", {"body": "alive"})

        heard = [each for each in await ann.heard(1 if event == "join" else 2) if each != LEFT]
        assert heard == [["rooms:kitchen", "echo", {"body": "alive"}]]
    crashed = "join crashed" if event == "join" else "crashed"
    assert any(line.startswith(f"{crashed} topic=rooms:lobby") for line in caplog.messages)


async def test_a8_16_a_heartbeat_is_answered_with_the_constant_heartbeat_message() -> None:
    async with first_serving() as world, world.client() as ann:
        await ann.socket.write("heartbeat", {"some": "thing"}, ("phoenix", "elsewhere"))

        assert await ann.socket.hear() == [BEAT]


async def test_a8_17_an_info_handler_may_change_what_the_member_remembers() -> None:
    async with first_serving() as world, world.client() as ann:
        lobby = await ann.join("lobby")
        await ann.quiet()
        world.endpoint.inform(LOBBY, Note("news"))
        await ann.heard()

        await lobby.send("get", {})

        assert await ann.heard() == [["rooms:lobby", "get", {"value": "news"}]]


async def test_a8_18_assigns_can_be_put_and_read_by_events() -> None:
    """As attributes of the member; `self.assigns` is what `connect` returned, to be read."""
    async with first_serving() as world, world.client() as ann:
        lobby = await ann.join("lobby")

        await lobby.send("put", {"value": [1]})
        await lobby.send("get", {})

        assert await ann.heard() == [["rooms:lobby", "get", {"value": [1]}]]


# integration/channel_test.exs: one walk over a socket.


async def test_a8_19_the_message_that_the_channel_sends_at_a_join_arrives() -> None:
    async with first_serving() as world, world.client() as ann:
        await ann.join("lobby", greeted=True)

        assert await ann.heard() == [["rooms:lobby", "join", {"status": "connected"}]]
        await ann.quiet()


async def test_a8_20_the_sender_hears_its_own_broadcast() -> None:
    async with first_serving() as world, world.client() as ann:
        lobby = await ann.join("lobby")

        await lobby.send("say", {"body": "hi!"})

        assert await ann.heard() == [said("hi!")]


async def test_a8_21_the_message_that_the_channel_sends_at_a_leave_arrives() -> None:
    async with first_serving() as world, world.client() as ann:
        lobby = await ann.join("lobby")

        await lobby.leave()

        assert await ann.heard() == [LEFT]


async def test_a8_22_an_event_after_the_leave_brings_nothing() -> None:
    async with first_serving() as world, world.client() as ann:
        lobby = await ann.join("lobby")
        await lobby.leave()
        assert await ann.heard() == [LEFT]

        await lobby.send("say", {"body": "hi!"})

        await ann.quiet()


async def test_a8_23_an_event_without_a_join_brings_nothing() -> None:
    async with first_serving() as world, world.client() as ann:
        await ann.socket.write("say", {"body": "hi!"}, ("rooms", "lobby"))

        await ann.quiet()


# message_test.exs


async def test_a8_28_a_message_with_its_four_keys_is_read() -> None:
    text = b'{"channel":"rooms","topic":"lobby","event":"say","message":"{}"}'

    assert Classic().decode(text) == Push(None, "say", "rooms:lobby", "say", "{}")


async def test_a8_29_text_that_is_no_json_is_an_invalid_message() -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        Classic().decode(b"{bad")

    assert caught.value.close_code == 1007


@pytest.mark.parametrize("missing", ["channel", "topic", "event", "message"])
async def test_a8_30_a_message_without_one_of_its_keys_is_an_invalid_message(missing: str) -> None:
    keys = dict.fromkeys(["channel", "topic", "event", "message"], "x")
    del keys[missing]

    with pytest.raises(RemoteProtocolError) as caught:
        Classic().decode(json.dumps(keys).encode())

    assert caught.value.close_code == 1007


# socket_test.exs, topic_test.exs


async def test_a8_31_two_topics_of_one_socket_are_separate() -> None:
    async with first_serving() as world, world.client() as ann:
        lobby, kitchen = await ann.join("lobby"), await ann.join("kitchen")
        await ann.join("lobby")  # again: still one member
        refused = await ann.join("attic", user="mallory")

        for channel, value in ((lobby, 1), (kitchen, 2), (refused, 3)):
            await channel.send("put", {"value": value})
            await channel.send("get", {})

        heard = [each for each in await ann.heard(3) if each != LEFT]
        assert sorted(heard) == [
            ["rooms:kitchen", "get", {"value": 2}],
            ["rooms:lobby", "get", {"value": 1}],
        ]
        assert world.topics == 2


async def test_a8_32_and_33_a_topic_is_there_as_long_as_somebody_has_subscribed() -> None:
    """It needs not be created nor deleted, and nothing has to be collected."""
    async with first_serving() as world, world.client() as ann, world.client() as bob:
        rooms = [await client.join("lobby") for client in (ann, bob)]
        for client in (ann, bob):
            await client.quiet()
        assert world.topics == 1

        await rooms[0].leave()
        await ann.heard()
        await ann.quiet()
        assert world.topics == 1
        await rooms[1].leave()
        await bob.heard()
        await bob.quiet()

        assert world.topics == 0


async def test_a8_33_a_topic_without_subscribers_takes_no_memory() -> None:
    async with first_serving() as world:
        await world.endpoint.broadcast(LOBBY, Said(body="anybody?"))

        assert world.topics == 0


async def test_a8_35_a_broadcast_does_not_reach_other_topics() -> None:
    async with first_serving() as world, world.client() as ann, world.client() as bob:
        lobby = await ann.join("lobby")
        await bob.join("kitchen")

        await lobby.send("say", {"body": "hi"})

        assert await ann.heard() == [said("hi")]
        await bob.quiet()


async def test_a8_36_a_member_that_died_is_no_subscriber_any_more() -> None:
    async with first_serving() as world, world.client() as ann, world.client() as bob:
        lobby = await ann.join("lobby")
        await bob.join("lobby")
        await bob.quiet()
        await lobby.send("wrong", {})
        assert await ann.heard() == [LEFT]

        await world.endpoint.broadcast(LOBBY, Said(body="hello"))

        assert await bob.heard() == [said("hello")]
        await ann.quiet()
