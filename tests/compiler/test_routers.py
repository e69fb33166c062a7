"""Channels in routers: their whole patterns, and the problems that name the router."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from channelkit import Channel, Open, Router, channel, on_join
from channelkit.compiler import compile_channels, render_table, table_as_data

from .programs import codes, problems

if TYPE_CHECKING:
    from collections.abc import Sequence

HERE = Path(__file__).parent


@channel("audit:{id}")
class Audit(Channel[None]):
    """What happened."""

    id: int

    @on_join
    async def join(self, params: Open) -> None: ...


@channel("{name}:{what}")
class Anything(Channel[None]):
    name: str
    what: str

    @on_join
    async def join(self, params: Open) -> None: ...


@channel("{name}")
class OneSegment(Channel[None]):
    name: str

    @on_join
    async def join(self, params: Open) -> None: ...


@channel("admin:audit:{number}")
class AdminAudit(Channel[None]):
    number: int

    @on_join
    async def join(self, params: Open) -> None: ...


def patterns(channels: Sequence[Any]) -> list[str]:
    return [route.pattern.text for route in compile_channels(channels).routes]


def test_a_router_puts_its_prefix_before_the_patterns_of_its_channels() -> None:
    router = Router("admin:", Audit, Router("eu:", Audit))

    assert patterns([Audit, router]) == ["audit:{id}", "admin:audit:{id}", "admin:eu:audit:{id}"]


def test_an_empty_prefix_only_groups() -> None:
    assert patterns([Router("", Audit), Anything]) == ["audit:{id}", "{name}:{what}"]


def test_a_topic_is_matched_with_its_prefix_alone() -> None:
    table = compile_channels([Router("admin:", Audit)])
    found = table.match("admin:audit:7")

    assert found is not None
    assert (found.route.channel, found.parameters) == (Audit, {"id": 7})
    assert table.match("audit:7") is None
    assert table.match("admin:admin:audit:7") is None


def test_a_hint_says_what_an_unmatched_topic_is_called_in_a_router() -> None:
    table = compile_channels([Router("admin:", Audit), Router("x:", Audit)])

    assert table.elsewhere("audit:7").startswith("; a router has it as 'admin:audit:7'")
    assert table.elsewhere("audit:seven") == table.elsewhere("nope") == ""


def test_the_same_class_twice_under_one_prefix_is_told_with_its_router() -> None:
    admin = Router("admin:", Audit)
    [problem] = problems(compile_channels, [admin, Router("admin:", Audit)])

    assert problem.code == "CK005"
    assert problem.got == (
        "'admin:audit:{id}' (Audit in Router('admin:')) "
        "behind 'admin:audit:{id}' (Audit in Router('admin:'))"
    )
    assert [place.name for place in problem.places] == ["Audit", "Audit"]


def test_a_pattern_in_a_router_may_hide_behind_one_outside_and_the_reverse() -> None:
    admin = Router("admin:", Audit, OneSegment)
    [same] = problems(compile_channels, [AdminAudit, admin])
    [hidden] = problems(compile_channels, [Anything, admin])

    assert (same.code, hidden.code) == ("CK005", "CK006")
    assert hidden.got == "'admin:{name}' (OneSegment in Router('admin:')) behind '{name}:{what}'"
    assert hidden.remedy == "list OneSegment in Router('admin:') before Anything"


def test_patterns_that_cross_only_without_their_prefixes_do_not() -> None:
    assert codes(Router("a:", Audit), Router("b:", Audit)) == []


def test_a_pattern_that_takes_phoenix_may_stand_in_a_router() -> None:
    assert codes(OneSegment) == ["CK004"]
    assert codes(Router("any:", OneSegment)) == []


def test_what_is_no_channel_is_found_in_routers_too() -> None:
    channels: list[Any] = [1]
    router = Router("admin:", Router("x:", *channels))
    [problem] = problems(compile_channels, [router])

    assert (problem.code, problem.places[0].name) == ("CK001", "Router('x:').channels[0]")


def test_a_mistake_in_a_class_that_stands_twice_is_told_once() -> None:
    class Broken(Channel[None]):
        __pattern__ = "broken"

    assert codes(Router("a:", Broken), Router("b:", Broken)) == ["CK009"]


@pytest.mark.parametrize("assigns", [int, None])
def test_the_assigns_are_checked_in_routers_too(assigns: object) -> None:
    found = problems(compile_channels, [Router("a:", Audit)], assigns=assigns)

    assert [problem.code for problem in found] == (["CK049"] if assigns is int else [])


def test_the_tree_says_which_router() -> None:
    table = compile_channels([Router("admin:", Audit)])
    line = table.routes[0].place.line

    assert render_table(table, root=HERE).splitlines()[0] == (
        f"admin:audit:{{id}}  Audit  test_routers.py:{line}  in the router admin:"
    )
    [data] = [one for one in [table_as_data(table, root=HERE)["channels"]] if isinstance(one, list)]
    assert isinstance(data[0], dict)
    assert (data[0]["pattern"], data[0]["prefix"]) == ("admin:audit:{id}", "admin:")
