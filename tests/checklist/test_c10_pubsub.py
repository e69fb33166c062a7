"""C10, PubSub: who hears what is said in a topic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from .rooms import Room, UserEntered, World, serving

if TYPE_CHECKING:
    from channelkit import Topic

    from .client import Client

pytestmark = pytest.mark.anyio

LOBBY, OTHER = "room:lobby", "room:other"


async def member(world: World, topic: str = LOBBY) -> Client:
    """A member that has heard what its own joining brings."""
    client = await world.client()
    await client.join(topic)
    for _ in ("user_entered", "joined"):
        await client.heard()
    return client


def lobby() -> Topic[Any]:
    return Room.topic_for(name="lobby")


def entered(user: str, topic: str = LOBBY) -> object:
    """What is heard of somebody who enters."""
    return [None, None, topic, "user_entered", {"user": user}]


async def test_c10_1_a_member_hears_broadcasts_until_it_leaves() -> None:
    async with serving() as world:
        client = await member(world)
        await world.endpoint.broadcast(lobby(), UserEntered(user="ann"))
        assert await client.heard() == entered("ann")

        await client.say("11", "2", LOBBY, "phx_leave")
        for _ in ("reply", "you_left", "phx_close"):
            await client.heard()
        await world.endpoint.broadcast(lobby(), UserEntered(user="bob"))

        await client.silent()


async def test_c10_2_a_broadcast_reaches_each_member_once() -> None:
    async with serving() as world:
        clients = [await member(world)]
        clients.append(await member(world))
        assert await clients[0].heard() == [None, None, LOBBY, "user_entered", {"user": None}]

        await world.endpoint.broadcast(lobby(), UserEntered(user="ann"))

        for client in clients:
            assert await client.heard() == entered("ann")
            await client.silent()


async def test_c10_3_a_broadcast_does_not_reach_another_topic() -> None:
    async with serving() as world:
        client = await member(world, OTHER)

        await world.endpoint.broadcast(lobby(), UserEntered(user="ann"))

        await client.silent()


async def test_c10_4_broadcast_from_leaves_the_sender_out() -> None:
    async with serving() as world:
        ann = await member(world)
        bob = await member(world)
        await ann.heard()

        await ann.say("11", "2", LOBBY, "enter_again", {"user": "ann"})

        assert await ann.heard() == ann.reply("11", "2", LOBBY)
        await ann.silent()
        assert await bob.heard() == entered("ann")


async def test_c10_5_a_leave_of_what_was_never_joined_changes_nothing() -> None:
    async with serving() as world:
        ann = await member(world)
        stranger = await world.client()

        await stranger.say("1", "1", LOBBY, "phx_leave")

        assert await stranger.heard() == stranger.reply("1", "1", LOBBY)
        await world.endpoint.broadcast(lobby(), UserEntered(user="ann"))
        assert await ann.heard() == entered("ann")
        await stranger.silent()
