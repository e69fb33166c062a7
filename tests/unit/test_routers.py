from __future__ import annotations

import pytest

from channelkit import Channel, Message, Open, Router, Topic, channel, on_join


class Posted(Message):
    body: str


@channel("room:{room_id}")
class Room(Channel[None, Posted]):
    room_id: int

    @on_join
    async def join(self, params: Open) -> None: ...


def test_a_router_gives_a_topic_its_prefix() -> None:
    router = Router("admin:", Room)

    assert router.topic(Room.topic_for(room_id=1)) == Topic("admin:room:1")


def test_routers_in_routers_put_their_prefixes_one_before_the_other() -> None:
    inner = Router("eu:", Room)
    outer = Router("admin:", inner)

    assert outer.topic(inner.topic(Room.topic_for(room_id=1))) == Topic("admin:eu:room:1")
    assert outer.channels == (inner,)


@pytest.mark.parametrize("prefix", ["", "a:", "a:b:", "日本:", "a-b.c:"])
def test_a_prefix_is_segments_with_their_colons_or_nothing(prefix: str) -> None:
    assert Router(prefix, Room).prefix == prefix


@pytest.mark.parametrize("prefix", ["admin", "admin:x", "org:{id}:", "{id}:", "a}:"])
def test_any_other_prefix_is_refused_where_the_router_is_made(prefix: str) -> None:
    with pytest.raises(ValueError, match="literal segments that end with a colon"):
        Router(prefix, Room)


def test_a_router_is_shown_by_its_prefix() -> None:
    assert repr(Router("admin:", Room)) == "Router('admin:')"


def test_a_topic_of_a_router_keeps_its_class() -> None:
    assert Router("admin:", Room).topic(Room.topic_for(room_id=1)).channel is Room
