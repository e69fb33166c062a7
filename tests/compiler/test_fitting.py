"""Does a type fit where another is wanted, as far as run time can tell?"""

from __future__ import annotations

from typing import Annotated, Any, Generic, NewType, Protocol, TypedDict, TypeVar

import pytest

from channelkit.compiler.fitting import fits, signature_of

T = TypeVar("T")
UserId = NewType("UserId", int)


class User: ...


class Admin(User): ...


class Guest: ...


class Box(Generic[T]): ...


class IntBox(Box[int]): ...


class Named(Protocol):
    name: str


class Record(TypedDict):
    name: str


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (User, User),
        (Admin, User),
        (Admin, object),
        (None, None),
        (None, User | None),
        (User, Guest | User),
        (Admin | Guest, User | Guest),
        (Annotated[User, "why"], User),
        (Any, User),
        (User, Any),
        (UserId, int),
        (UserId, UserId),
        (User, Named),
        (User, T),
        (T, User),
        (Record, Record),
        (list[int], list[int]),
        (list[int], list),
        (list, list[int]),
        (Box[int], Box[int]),
        (IntBox, Box[int]),
        (IntBox, Box[str]),  # the arguments of a base are not looked at
    ],
)
def test_what_is_or_derives_from_it_fits(given: object, wanted: object) -> None:
    assert fits(given, wanted)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (User, Admin),
        (User, Guest),
        (None, User),
        (User | None, User),
        (Guest | User, User),
        (UserId, str),
        (int, UserId),
        (list[int], list[str]),
        (Box[int], Box[str]),
        (Record, User),
        (dict, Record),
        (User, Record),
        (User, "User"),
    ],
)
def test_anything_else_does_not(given: object, wanted: object) -> None:
    assert not fits(given, wanted)


def test_a_signature_is_read_with_its_annotations() -> None:
    def function(user: User) -> Guest: ...  # type: ignore[empty-body]

    signature = signature_of(function)

    assert signature is not None
    assert signature.parameters["user"].annotation is User
    assert signature.return_annotation is Guest


def test_a_signature_that_cannot_be_read_is_none() -> None:
    def function(user: Nobody) -> None: ...  # type: ignore[name-defined]  # noqa: F821  # pyright: ignore

    assert signature_of(function) is None  # pyright: ignore
    assert signature_of(type) is None
