"""`here = Presence(Meta)` → a route's presence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from pydantic import BaseModel, Field, model_serializer

from channelkit import Channel, Message, Open, Presence, channel, on_join
from channelkit.compiler import compile_channels, render_table, table_as_data
from channelkit.dispatch import PresencePlan

from .programs import codes


class Online(Message):
    status: str


class Profile(BaseModel):
    name: str


async def profiles(topic: str, group: dict[str, list[Online]]) -> dict[str, Profile]:
    return {key: Profile(name=key.title()) for key in group}


class Base(Channel[None]):
    @on_join
    async def join(self, params: Open) -> None: ...


@channel("plain")
class Plain(Base):
    here = Presence(Online)


@channel("rich")
class Rich(Base):
    who_is_here = Presence(Online, fetch=profiles)


def plan(kind: type[Channel[None]]) -> PresencePlan | None:
    """The presence of a compiled channel."""
    return compile_channels([kind]).routes[0].presence


def test_a_channel_without_a_presence_has_none() -> None:
    assert plan(channel("bare")(type("Bare", (Base,), {}))) is None


def test_a_presence_knows_its_meta_and_its_place() -> None:
    found = plan(Plain)

    assert found is not None
    assert (found.attribute, found.meta, found.fetch, found.fetched) == (
        "here",
        Online,
        None,
        None,
    )
    assert found.place.source.strip() == "here = Presence(Online)"


def test_a_presence_knows_what_its_fetch_gives() -> None:
    found = plan(Rich)

    assert found is not None
    assert (found.fetch, found.fetched) == (profiles, Profile)


def test_an_inherited_presence_is_the_subclass_s_too() -> None:
    found = plan(channel("heir")(type("Heir", (Plain,), {})))

    assert found is not None
    assert found.place.name == "Plain.here"


def test_a_presence_may_take_the_place_of_an_inherited_one() -> None:
    class Away(Message):
        since: int

    found = plan(channel("heir")(type("Heir", (Plain,), {"here": Presence(Away)})))

    assert found is not None
    assert found.meta is Away


def test_a_presence_stands_in_the_tree_and_in_the_data() -> None:
    table = compile_channels([Plain, Rich])

    shown = [line for line in render_table(table).splitlines() if "presence " in line]
    data = cast("list[dict[str, object]]", table_as_data(table)["channels"])

    assert shown == [
        "└─ presence here  metas Online",
        "└─ presence who_is_here  metas Online · fetches Profile",
    ]
    assert [each["presence"] for each in data] == [
        {
            "attribute": "here",
            "meta": "Online",
            "fetched": None,
            "events": ["presence_state", "presence_diff"],
        },
        {
            "attribute": "who_is_here",
            "meta": "Online",
            "fetched": "Profile",
            "events": ["presence_state", "presence_diff"],
        },
    ]


def test_a_meta_that_cannot_be_sent_is_a_problem() -> None:
    class Opaque:
        pass

    class Odd(BaseModel, arbitrary_types_allowed=True):
        thing: Opaque

    assert codes(channel("odd")(type("Odd", (Base,), {"here": Presence(Odd)}))) == ["CK046"]


def test_a_meta_whose_form_its_author_makes_may_be_an_object() -> None:
    class Own(BaseModel):
        @model_serializer
        def form(self) -> Any:
            return {"own": True}

    assert codes(channel("own")(type("Ours", (Base,), {"here": Presence(Own)}))) == []


def test_a_field_may_be_called_otherwise_on_the_wire() -> None:
    class Renamed(Message):
        phx_ref: str = Field(serialization_alias="their_ref")

    assert codes(channel("own")(type("Ours", (Base,), {"here": Presence(Renamed)}))) == []


def test_a_fetch_may_take_and_return_wider_types() -> None:
    async def wide(topic: str, group: Mapping[str, Sequence[Online]]) -> Mapping[str, Profile]:
        return {}

    assert (
        codes(channel("own")(type("Ours", (Base,), {"here": Presence(Online, fetch=wide)}))) == []
    )


def test_a_fetch_is_an_async_function_of_two() -> None:
    def plain(topic: str, group: dict[str, list[Online]]) -> dict[str, Profile]:
        return {}

    async def of_one(topic: str) -> dict[str, Profile]:
        return {}

    async def untold(topic: str, group: dict[str, list[Online]]):  # type: ignore[no-untyped-def]  # noqa: ANN202
        return dict[str, Profile]()

    found = {
        fetch.__name__: codes(
            channel("own")(
                type("Ours", (Base,), {"here": Presence(Online, fetch=cast("Any", fetch))})
            )
        )
        for fetch in (plain, of_one, untold)
    }

    assert found == {"plain": ["CK011"], "of_one": ["CK014"], "untold": ["CK013"]}


def test_a_fetch_that_may_return_something_else_is_a_problem() -> None:
    async def perhaps(topic: str, group: dict[str, list[Online]]) -> dict[str, Profile] | None:
        return None

    async def numbered(topic: str, group: dict[str, list[Online]]) -> dict[int, Profile]:
        return {}

    found = [
        codes(
            channel("own")(
                type("Ours", (Base,), {"here": Presence(Online, fetch=cast("Any", fetch))})
            )
        )
        for fetch in (perhaps, numbered)
    ]

    assert found == [["CK056"], ["CK056"]]


def test_a_presence_of_unsound_pushes_is_read_all_the_same() -> None:
    @channel("odd")
    class Odd(Channel[None, int]):  # type: ignore[type-var]  # pyright: ignore[reportInvalidTypeArguments]
        here = Presence(Message)

        @on_join
        async def join(self, params: Open) -> None: ...

    assert sorted(codes(Odd)) == ["CK039", "CK051"]
