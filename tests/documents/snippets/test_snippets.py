"""Snippets are valid, and do what they say: against a server, and in the test kit."""

from __future__ import annotations

import ast
import json
import subprocess
from contextlib import redirect_stdout
from dataclasses import replace
from datetime import date
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import anyio
import pytest
from pydantic import Field

from channelkit import Channel, Endpoint, Message, Open, Router, channel, on_join
from channelkit.codegen.typescript import typescript
from channelkit.contract import contract_of
from channelkit.contract.form import Empty
from channelkit.documents.about import About
from channelkit.documents.snippets import Snippet, Snippets
from channelkit.documents.snippets.given import Given
from channelkit.documents.snippets.names import imported

from ...cli.program import Program
from ...codegen.compiling import Project
from ...npm import NODE, modules, needs, needs_node
from .. import den
from ..contracts import CONTRACTS
from .playing import by_channel, every, in_order, nested, of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from channelkit.contract import Contract

FOLDER = "clients"
HERE = Path(__file__).parent
ROOT = HERE.parents[2]
DEN = contract_of([den.endpoint])
MODULE = "tests.documents.den"
TITLES = "phoenix.js", "TypeScript", "Python", "Test kit"
REF = "15"
"""Of the push that is answered by a stream."""


def code(language: Any, *, contract: Contract = DEN, url: str = "ws://localhost:4000") -> Any:
    about = About(module=MODULE, url=url)
    return of(language, in_order(Snippets(contract, about), contract))


def running(imports: str, body: str) -> Any:
    """Snippets of Python as an async function."""
    source = f"{imports}\n\nasync def run():\n    " + body.replace("\n", "\n    ")
    names: dict[str, Any] = {}
    exec(compile(source, "<snippets>", "exec"), names)
    return names["run"]


@pytest.mark.parametrize("name", CONTRACTS)
def test_every_snippet_of_python_compiles(name: str) -> None:
    contract = CONTRACTS[name]
    snippets = Snippets(contract, About())
    for endpoint in contract.endpoints:
        for group in every(snippets, endpoint):
            for one in (one for one in group if one.syntax == "python"):
                compile(one.text, "<snippet>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)


@pytest.mark.parametrize("name", CONTRACTS)
def test_every_snippet_of_a_group_is_for_another_client(name: str) -> None:
    contract = CONTRACTS[name]
    snippets = Snippets(contract, About())
    for endpoint in contract.endpoints:
        for group in every(snippets, endpoint):
            assert [one.title for one in group] == [
                "phoenix.js",
                "TypeScript",
                "Python",
                "Test kit",
            ]


def test_a_snippet_is_told_with_its_imports() -> None:
    (endpoint,) = DEN.endpoints
    phoenix, typescript, python, kit = Snippets(DEN, About(module="den")).connect(endpoint)

    assert phoenix.text == (
        'import { Socket } from "phoenix"\n\n'
        'const socket = new Socket("ws://localhost:4000/dens", { params: { name: "ann" } })\n'
        "socket.connect()\n"
    )
    assert typescript.text == (
        'import { Socket } from "phoenix";\n'
        'import { socketOptions } from "./den.js";\n\n'
        'const socket = new Socket("ws://localhost:4000/dens", socketOptions({ name: "ann" }));\n'
        "socket.connect();\n"
    )
    assert python.text == (
        "from channelkit.client import connect\n"
        "from den import Banned, Login\n\n"
        "async with connect(\n"
        '    "ws://localhost:4000/dens",\n'
        '    params=Login(name="ann"),\n'
        "    refusals=[Banned],\n"
        ") as socket:\n"
        "    ...\n"
    )
    assert kit.imports == (
        "from channelkit.testing import connect",
        "from den import Login, endpoint",
    )
    assert Snippet(language="python", title="", syntax="python", imports=(), body="a").text == "a\n"


class Ask(Message):
    id: str
    name: str = ""


@channel("odd:{at}:{code}")
class Odd(Channel[None]):
    at: date
    code: Annotated[int, Field(gt=0, lt=1)]

    @on_join
    async def join(self, params: Open) -> None: ...


async def connect_odd(params: Ask) -> None: ...


class Far(Message):
    points: list[int]


async def connect_far(params: Far) -> None: ...


async def connect_open(params: Open) -> None: ...


def test_variables_of_a_path_are_filled_in_and_leave_the_query() -> None:
    contract = contract_of([Endpoint("/rooms/{id}/{other}", [Odd], connect_odd)])

    phoenix, *_ = Snippets(contract, About()).connect(contract.endpoints[0])

    assert 'new Socket("ws://localhost:4000/rooms/id/other")' in phoenix.body


def test_a_topic_that_nothing_fits_is_shown_as_its_pattern() -> None:
    contract = contract_of([Endpoint("/socket", [Odd], connect_open)])
    (endpoint,) = contract.endpoints

    phoenix, _, python, _ = Snippets(contract, About()).join(endpoint, endpoint.channels[0])

    assert 'socket.channel("odd:{at}:{code}", { any: "JSON" })' in phoenix.body
    assert 'Odd.topic_for(at="2026-01-02", code=None)' in python.body


class Shelf(Channel[None]):
    number: int

    @on_join
    async def join(self, params: Open) -> None: ...


def test_a_channel_below_a_router_is_joined_below_it() -> None:
    """The class alone makes the topic of the other place, and would join that."""
    shelf = channel("shelf:{number}")(Shelf)
    endpoint = Endpoint("/socket", channels=[shelf, Router("a:", Router("b:", shelf))])
    contract = contract_of([endpoint])
    (served,) = contract.endpoints
    snippets = Snippets(contract, About(module="shelves"))
    own, below = (snippets.join(served, one) for one in served.channels)

    assert all("Router" not in one.text for one in own)
    for one in below[2:]:
        assert one.imports == ("from channelkit import Open, Router", "from shelves import Shelf")
        assert 'Router("a:b:", Shelf).topic(Shelf.topic_for(number=' in one.body


def test_what_no_url_can_say_is_left_to_the_reader() -> None:
    contract = contract_of([Endpoint("/rooms/{points}", [Odd], connect_far)])

    phoenix, _, python, _ = Snippets(contract, About()).connect(contract.endpoints[0])

    assert 'new Socket("ws://localhost:4000/rooms/text")' in phoenix.body
    assert python.imports[1:] == ("from protocol import Far",)


def test_many_names_are_imported_on_several_lines() -> None:
    names = [f"Message{number}" for number in range(9)]

    assert imported("a_module", [*names, "endpoint"]) == (
        "from a_module import (",
        *(f"    {name}," for name in [*names, "endpoint"]),
        ")",
    )
    assert imported("a_module", []) == ()


def test_the_empty_payload_is_its_own_sample() -> None:
    assert Given(DEN).value([Empty()]).json == {}


@pytest.mark.anyio
async def test_those_of_the_test_kit_run_in_the_test_kit() -> None:
    run, said = running(*nested(code("testing"))), StringIO()

    with redirect_stdout(said), anyio.fail_after(5):
        await run()

    assert said.getvalue().splitlines() == [
        "seats=3",
        "Ok()",
        "at=datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=TzInfo(0))",
        r"b'\x03\x02\x01'",
        "payload={'any': 'JSON'}",
        "points=[Point(x=1, y=1)]",
    ]


class Listening:
    """What `print` is to snippets: it remembers, and ends those that would listen for ever."""

    class Enough(Exception):
        """Something was heard."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.once = False

    def __call__(self, value: object) -> None:
        self.said.append(str(value))
        if self.once:
            raise self.Enough


@pytest.fixture(scope="module")
def served() -> Iterator[str]:
    """The address of the den, served."""
    with Program(ROOT, "run", f"{MODULE}:server", "--port", "0") as program:
        yield program.wait_ready().replace("http", "ws")


def heard(snippet: Snippet) -> Snippet:
    """A snippet that listens, until it has heard something."""
    body = snippet.body.replace("\n", "\n    ")
    return replace(
        snippet,
        body=f"print.once = True\ntry:\n    {body}\nexcept print.Enough:\n    print.once = False",
    )


@pytest.mark.anyio
@pytest.mark.slow
async def test_those_of_the_client_in_python_run_against_a_server(served: str) -> None:
    snippets = [
        heard(one) if one.body.startswith("async for") and ".stream(" not in one.body else one
        for one in code("python", url=served)
    ]
    imports, body = nested(snippets)
    run, listening = running(imports, body), Listening()
    run.__globals__["print"] = listening

    with anyio.fail_after(20):
        await run()

    *replies, drawn, anything, here = listening.said
    assert replies == [
        "seats=3",
        "Ok()",
        "at=datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=TzInfo(0))",
        r"b'\x03\x02\x01'",
        "payload={'any': 'JSON'}",
        "points=[Point(x=1, y=1)]",
    ]
    assert (drawn, anything) == ("points=[]", "payload={'any': 'thing'}")
    assert "Online(status='here')" in here


@pytest.mark.node
@pytest.mark.slow
@needs_node
@needs("phoenix", "@types/phoenix", "@types/node", "typescript", folder="codegen")
@pytest.mark.parametrize("name", ["chat", "conformance", "everything"])
def test_those_of_typescript_compile_with_the_generated_module(name: str, tmp_path: Path) -> None:
    contract = CONTRACTS[name]
    project = Project(tmp_path)
    for number, endpoint in enumerate(contract.endpoints):
        module = f"generated{number}"
        project.write(f"{module}.ts", typescript(contract, endpoint))
        snippets = Snippets(contract, About(module=module))
        connect, *others = of("typescript", every(snippets, endpoint))
        for place, parts in enumerate(by_channel(others)):
            joined = [*connect.imports, *(line for one in parts for line in one.imports)]
            body = [connect.body, *(one.body for one in parts), "export {};"]
            project.write(f"snippets{number}_{place}.ts", "\n".join([*joined, *body]))

    assert project.compile() == []


@pytest.mark.node
@pytest.mark.slow
@needs_node
@needs("phoenix", "ws", folder=FOLDER)
def test_those_of_phoenix_js_run_against_a_server(served: str, tmp_path: Path) -> None:
    (tmp_path / "node_modules").symlink_to(modules(FOLDER))
    script = tmp_path / "snippets.mjs"
    parts = [HERE.joinpath("preamble.mjs").read_text()]
    parts += [one.text for one in code("phoenix.js", url=served)]
    script.write_text("\n".join(parts))

    played = subprocess.run(
        [NODE, script, "13"], capture_output=True, text=True, timeout=60, check=False
    )

    assert played.returncode == 0, played.stderr
    said = json.loads(played.stdout)
    here = [words for words in said if words[0] == "ann"]
    assert here
    assert here[-1][1][0]["status"] == "here"
    others = sorted(json.dumps(words) for words in said if words[0] != "ann")
    expected: list[list[object]] = [
        ["joined", {"seats": 3}],
        [{"points": []}],
        [None, {"points": []}],  # the listener of the stream hears all of its kind
        [{"any": "thing"}],
        ["ok", {}],
        ["ok", {"at": "2026-01-02T03:04:05Z"}],
        ["ok", [3, 2, 1]],
        ["ok", {"any": "JSON"}],
        [{"points": [{"x": 1, "y": 1}]}],
        [REF, {"points": [{"x": 1, "y": 1}]}],
        ["ok", {}],
    ]
    assert others == sorted(map(json.dumps, expected))
