"""A raw socket's class is compiled: its callbacks, its assigns, what is wrong with it."""

from __future__ import annotations

from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import pytest

from channelkit import Message, Open, RawSocket
from channelkit.compiler import compile_raw, raw_as_data, render_raw

from .programs import problems

A = TypeVar("A")


class User(Message):
    name: str


class Echo(RawSocket[None]):
    """Returns what comes.

    More about it.
    """

    async def on_frame(self, frame: str | bytes) -> str | bytes:
        return frame

    def on_fly(self) -> None: ...  # a wrong one, in a class that is not compiled alone


class Plain(RawSocket[None]):
    """Returns what comes."""

    async def on_frame(self, frame: str | bytes) -> str | bytes:
        return frame


class Base(RawSocket[A]):
    async def on_frame(self, frame: str | bytes) -> None: ...


class Derived(Base[User]):
    async def on_open(self) -> None: ...


class Bare(RawSocket[None]): ...


async def login(params: Open) -> User:
    return User(name="ann")


async def broken(params: int) -> User:
    return User(name="ann")


def found(socket: Any, connect: Any = None) -> list[tuple[str, str]]:
    return [(one.code, one.got) for one in problems(compile_raw, socket, connect)]


def test_the_plan_names_the_callbacks_of_the_class_and_its_bases() -> None:
    plan, connect = compile_raw(Derived, login)

    assert plan.socket is Derived
    assert plan.callbacks == {"on_frame", "on_open"}
    assert (plan.place.name, plan.summary) == ("Derived", "")
    assert connect is not None


def test_a_class_without_a_docstring_has_no_summary_but_not_that_of_raw_socket() -> None:
    assert compile_raw(Derived, login)[0].summary == ""
    assert compile_raw(Plain)[0].summary == "Returns what comes."


def test_what_is_no_raw_socket_is_told() -> None:
    assert found(User) == [("CK067", "the class User")]
    assert found(5) == [("CK067", "5")]
    assert found(Bare) == [("CK067", "no on_frame")]
    assert found(Echo) == [("CK069", "on_fly")]


def test_its_assigns_are_what_connect_returns() -> None:
    assert found(Plain, login) == [("CK049", "RawSocket[None]")]
    assert found(Derived) == [("CK049", "RawSocket[User]")]
    assert found(Derived, login) == []


def test_a_wrong_connect_is_told_and_nothing_that_follows_from_it() -> None:
    assert [code for code, _ in found(Plain, broken)] == ["CK015"]


def test_a_wrapped_callback_is_looked_at_beneath_its_wrapper() -> None:
    def logged(handler: Any) -> Any:
        @wraps(handler)
        async def wrapper(self: Any, frame: str | bytes) -> str | bytes:
            result: str | bytes = await handler(self, frame)
            return result

        return wrapper

    class Wrapped(RawSocket[None]):
        @logged
        async def on_frame(self, frame: str | bytes) -> str | bytes:
            return frame

    assert found(Wrapped) == []


@pytest.mark.parametrize("taking", ["*frames", "frame, more", "*, frame"])
def test_a_callback_takes_what_it_is_given_by_its_place(taking: str) -> None:
    names: dict[str, Any] = {}
    exec(f"async def on_frame(self, {taking}): ...", names)
    wrong = type("Wrong", (RawSocket,), {"on_frame": names["on_frame"]})

    assert [code for code, _ in found(wrong)] == ["CK068"]


def test_the_plan_is_shown() -> None:
    plan, _ = compile_raw(Plain)
    root = Path(__file__).parent

    assert render_raw(plan, root=root).splitlines() == [
        f"raw socket  Plain  test_raw_sockets.py:{plan.place.line}",
        "│  Returns what comes.",
        "└─ on_frame",
    ]
    assert len(render_raw(compile_raw(Derived, login)[0]).splitlines()) == 2
    assert raw_as_data(plan, root=root) == {
        "channels": [],
        "raw": {
            "socket": "Plain",
            "file": "test_raw_sockets.py",
            "line": plan.place.line,
            "summary": "Returns what comes.",
            "callbacks": ["on_frame"],
        },
    }
