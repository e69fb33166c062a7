"""The official parser takes every AsyncAPI document, without errors and without warnings."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from channelkit.documents.about import About
from channelkit.documents.asyncapi import as_json, as_yaml, asyncapi

from ...npm import NODE, modules, needs, needs_node
from ..contracts import CONTRACTS

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = "documents"
HERE = Path(__file__).parent
PATIENCE = 120.0

pytestmark = [
    pytest.mark.node,
    pytest.mark.slow,
    needs_node,
    needs("@asyncapi/parser", folder=FOLDER),
]


@pytest.fixture(scope="module")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the parser says of every contract's document, as JSON and as YAML."""
    folder = tmp_path_factory.mktemp("asyncapi")
    texts: dict[str, Callable[[Any], str]] = {"json": as_json, "yaml": as_yaml}
    for name, contract in CONTRACTS.items():
        document = asyncapi(contract, About(title=name, url="wss://chat.example/app"))
        for ending, text in texts.items():
            (folder / f"{name}.{ending}").write_text(text(document))
    files = sorted(folder.iterdir())
    said = subprocess.run(
        [NODE, HERE / "parse.mjs", *files],
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
        env={**os.environ, "CHANNELKIT_NODE_MODULES": str(modules(FOLDER))},
    )
    answers = map(json.loads, said.stdout.splitlines())
    return dict(zip((file.name for file in files), answers, strict=True))


@pytest.mark.parametrize("ending", ["json", "yaml"])
@pytest.mark.parametrize("name", CONTRACTS)
def test_the_parser_has_nothing_to_say(parsed: dict[str, Any], name: str, ending: str) -> None:
    assert parsed[f"{name}.{ending}"]["problems"] == []


def test_the_parser_sees_what_clients_push_and_what_they_are_answered(
    parsed: dict[str, Any],
) -> None:
    operations = {one["id"]: one for one in parsed["chat.yaml"]["operations"]}

    assert operations["ChatRoom.join"] == {
        "id": "ChatRoom.join",
        "action": "receive",
        "messages": ["phx_join"],
        "reply": ["ok: Welcome", "error: NameTaken", "error: RoomFull", "error: framework.join"],
    }
    assert operations["ChatRoom.event.kick"]["action"] == "receive"
    assert operations["ChatRoom.push.posted"] == {
        "id": "ChatRoom.push.posted",
        "action": "send",
        "messages": ["posted"],
        "reply": None,
    }


def test_json_and_yaml_are_the_same_to_it(parsed: dict[str, Any]) -> None:
    for name in CONTRACTS:
        assert parsed[f"{name}.json"] == parsed[f"{name}.yaml"]
