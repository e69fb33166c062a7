"""What a generated module declares is what the contract says, compiled again."""

from __future__ import annotations

import types
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings

from channelkit import Channel, Endpoint, Message, Refusal, channel, on_event, on_join
from channelkit.contract import compare, contract_of
from channelkit.contract.changes import Kind
from channelkit.running.contracts import contract_for

from .models import MODELS, Everything
from .round_trip import round_trip

if TYPE_CHECKING:
    from channelkit.contract import Change, Contract


@pytest.mark.parametrize("program", ["examples.chat:server", "examples.conformance:server"])
def test_the_module_of_an_example_declares_the_same_contract(program: str, tmp_path: Path) -> None:
    contract = contract_for(program)

    again = round_trip(contract, tmp_path)

    assert compare(contract, again) == []
    assert again.fingerprint == contract.fingerprint


def test_the_module_of_everything_differs_only_where_clients_cannot_tell(tmp_path: Path) -> None:
    contract = contract_for("tests.codegen.everything:drawing")

    again = round_trip(contract, tmp_path)

    (change,) = compare(contract, again)
    assert change.where[-2:] == ("drawn", "intercepted")  # which no client declares


def test_names_that_python_cannot_have_change_nothing_on_the_wire(tmp_path: Path) -> None:
    contract = contract_for("tests.codegen.clashes:endpoint")

    again = round_trip(contract, tmp_path)

    changes = told(compare(contract, again))
    assert [change for change in changes if "Ids" not in {change.old, _shape(change)}] == []


def _shape(change: Change) -> str | None:
    """What is no object, and so is `Open`."""
    return "Ids" if change.new == "open" else None


class Full(Refusal):
    limit: int = 3


def contract_with(
    accepted: type[Message], answered: type[Message], pushed: type[Message]
) -> Contract:
    """A channel that says these, each of them in more than one place."""

    async def join(self: Any, params: Any) -> Any: ...
    async def new(self: Any, message: Any) -> Any: ...

    verdict: Any = answered
    join.__annotations__ = {"params": accepted, "return": verdict | Full}
    new.__annotations__ = {"message": verdict | bytes, "return": accepted}
    body = {"__annotations__": {"id": int}, "join": on_join(join), "new": on_event("new")(new)}
    base: Any = Channel
    room: Any = types.new_class("Room", (base[None, pushed],), {}, lambda names: names.update(body))
    return contract_of([Endpoint("/socket", [channel("room:{id}")(room)])])


def told(changes: list[Change]) -> list[Change]:
    """The changes that a client could tell, and so none of what a module says otherwise.

    Nothing that is received forbids fields. A tuple of two lengths is a union of two.
    What may be anything may be null. A name that Python cannot have is another.
    """
    apart = {Kind.EXTRAS_ALLOWED}
    lengths = {change.where for change in changes if "maxItems 2" in str(change.old)}
    names = {_letters(change.old) for change in changes if change.kind is Kind.SHAPE_REMOVED}
    names &= {_letters(change.new) for change in changes if change.kind is Kind.SHAPE_ADDED}
    return [
        change
        for change in changes
        if change.kind not in apart
        and not any(change.where[: len(where)] == where for where in lengths)
        and _letters(change.old or change.new) not in names
        and (change.kind, change.old) != (Kind.SHAPE_REMOVED, "null")
    ]


def _letters(name: str | None) -> str:
    return "".join(filter(str.isalnum, name or "")).lower()


@settings(max_examples=40)
@given(MODELS, MODELS, MODELS)
def test_the_module_of_any_channel_declares_the_same(
    accepted: type[Message], answered: type[Message], pushed: type[Message]
) -> None:
    contract = contract_with(accepted, answered, pushed)

    with TemporaryDirectory() as folder:
        again = round_trip(contract, Path(folder))

    assert told(compare(contract, again)) == []


def test_the_module_of_every_kind_of_field_declares_the_same(tmp_path: Path) -> None:
    contract = contract_with(Everything, Everything, Everything)

    again = round_trip(contract, tmp_path)

    kept = [change for change in told(compare(contract, again)) if "quoted" not in change.where]
    assert kept == []
