"""The modules that are written for Python: as they were looked at, formatted, and always alike."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from channelkit import Channel, Endpoint, Message, channel, on_event, on_join
from channelkit.codegen import client
from channelkit.contract import Contract, contract_of, dump, load
from channelkit.contract.form import ChannelContract
from channelkit.running.contracts import contract_for

GOLDEN = Path(__file__).parent / "golden"
PROGRAMS = {
    "chat_client.py": "examples.chat:server",
    "clashes_client.py": "tests.codegen.clashes:endpoint",
    "everything_client.py": "tests.codegen.everything:drawing",
}

each_golden = pytest.mark.parametrize("name", PROGRAMS)


def python(contract: Contract) -> str:
    """The module of a contract with one endpoint."""
    (endpoint,) = contract.endpoints
    return client(contract, endpoint, "python")


def ruff(*arguments: str, text: str) -> str:
    """What ruff says of a text, or makes of it, without anyone's configuration."""
    command = [sys.executable, "-m", "ruff", *arguments, "--isolated", "--target-version=py311"]
    # Elsewhere, as channelkit would be ruff's own code here.
    done = subprocess.run(
        [*command, "-"], input=text, cwd=Path.home(), capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@each_golden
def test_a_module_is_written_as_it_was_looked_at(name: str) -> None:
    text = python(contract_for(PROGRAMS[name]))

    assert text == (GOLDEN / name).read_text(encoding="utf-8")


class Bare(Message):
    pass


@channel("lobby")
class Lobby(Channel[None]):
    @on_join
    async def join(self, params: Bare) -> None: ...

    @on_event("ask")
    async def ask(self, message: Bare) -> Bare:
        return message


def test_what_a_module_imports_it_uses() -> None:
    text = python(contract_of([Endpoint("/socket", channels=[Lobby])]))

    assert "from channelkit import Channel, Message, channel, on_event, on_join" in text


@each_golden
def test_a_contract_that_was_written_down_gives_the_same_bytes(name: str) -> None:
    contract = contract_for(PROGRAMS[name])

    assert python(load(dump(contract))) == python(contract)


@each_golden
def test_a_module_is_formatted_and_nothing_is_said_against_it(name: str) -> None:
    text = (GOLDEN / name).read_text(encoding="utf-8")
    rules = "A,ANN,ASYNC,B,C4,E4,E7,E9,F,FURB,I,PERF,PIE,PYI,SIM,T20,UP,W"
    if " as Channel_" in text:  # each import under another name would be a statement of its own
        rules = rules.replace("FURB,I,", "FURB,")

    assert ruff("format", text=text) == text
    ruff("check", f"--select={rules}", text=text.replace("# ruff: noqa", "#"))


def test_what_an_author_writes_about_a_model_stays_words() -> None:
    from .everything import HOSTILE
    from .golden.everything_client import StrokeInput

    assert StrokeInput.__doc__ is not None
    assert StrokeInput.__doc__.split() == HOSTILE.split()


def test_a_model_that_is_pushed_as_two_events_is_two_classes() -> None:
    contract = changed(
        pushes=[
            {"event": event, "payload": [{"kind": "model", "$ref": "#/schemas/Posted"}]}
            for event in ("edited", "posted", "Not posted")
        ]
    )

    text = python(contract)

    assert 'class Posted(Message, event="edited"):' in text
    assert 'class Posted_(Posted, event="posted"):' in text
    assert 'class NotPosted(Posted, event="Not posted"):' in text
    assert ruff("format", text=text) == text


def test_a_push_of_bytes_is_one_of_any_payload() -> None:
    contract = changed(pushes=[{"event": "noise", "payload": [{"kind": "binary"}]}])

    assert "class Noise(Open):" in python(contract)


def test_a_permission_with_a_strange_name_stays_in_its_comment() -> None:
    text = python(changed(permission='a\nimport "os"'))

    assert """# Allowed by 'a\\nimport "os"'.""" in text


def test_a_wrong_discriminator_and_a_schema_of_nothing_are_no_obstacle() -> None:
    contract = changed(schema={"type": "object", "properties": {"a": False, "b": {"not": {}}}})

    assert "    a: Annotated[Never | None, omitted()] = None" in python(contract)


def changed(**given: Any) -> Contract:
    """The contract of a channel that was written by another program."""
    pushes: list[dict[str, Any]] = given.get("pushes", [])
    event = {
        "event": "say",
        "accepts": [{"kind": "model", "$ref": "#/schemas/Posted"}],
        "answers": [],
        "refuses": [],
        "silent": True,
        "rate": None,
        "concurrent": False,
        "streams": None,
        "permission": given.get("permission"),
    }
    join = {"accepts": [{"kind": "open"}], "answers": [], "refuses": []}
    room = {
        "name": "Room",
        "pattern": "room",
        "parameters": [],
        "join": {**join, "description": ""},
        "events": [{**event, "description": ""}],
        "pushes": [{"description": "", "intercepted": False, **push} for push in pushes],
        "presence": None,
        "description": "",
    }
    contract = contract_for("examples.chat:server")
    (endpoint,) = contract.endpoints
    channels = [ChannelContract.model_validate(room)]
    schema = given.get("schema", {"type": "object", "properties": {"body": {"type": "string"}}})
    return contract.model_copy(
        update={
            "endpoints": (endpoint.model_copy(update={"channels": channels, "connect": None}),),
            "schemas": {"Posted": schema},
        }
    )


def test_a_contract_without_channels_is_a_module_without_classes() -> None:
    nothing = contract_for("examples.chat:server")
    (endpoint,) = nothing.endpoints
    bare = endpoint.model_copy(update={"channels": (), "connect": None})

    text = client(nothing, bare, "python")

    assert ruff("format", text=text) == text
    compile(text, "nothing.py", "exec")
