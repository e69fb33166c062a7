"""What the compiler makes of generated TypeScript: right uses, wrong ones, and any contract."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Literal

import pytest
from hypothesis import given, settings
from pydantic import BaseModel, Field, create_model

from channelkit import Message
from channelkit.codegen.typescript import typescript
from channelkit.contract import dump, load
from channelkit.contract.form import ChannelContract, JoinContract, Model
from channelkit.contract.schemas import Schemas

from ..contract import app as drawing
from . import app
from .compiling import PROGRAMS, Project, module_of, needs_tsc
from .contracts import CONTRACTS, contract_with

if TYPE_CHECKING:
    from pathlib import Path

    from channelkit.contract import Contract
    from channelkit.contract.schemas import Mode

pytestmark = needs_tsc

MODES: tuple[Mode, ...] = ("validation", "serialization")
EXPECTED = re.compile(r"// @ts-expect-error (\d+)$")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(tmp_path)
    project.write("hall.ts", module_of(app.endpoint))
    return project


def test_modules_and_their_right_uses_compile(project: Project) -> None:
    project.add("accepted.ts", "scenarios.ts")
    project.write("lobby.ts", module_of(app.lobby))
    project.write("bare.ts", module_of(app.bare))
    project.write("drawing.ts", module_of(drawing.endpoint, [drawing.lobby]))

    assert not (problems := project.compile()), problems[:5]


def test_wrong_uses_are_errors_and_nothing_else_is(project: Project) -> None:
    """With the comments that expect them there is no error, without them just those."""
    text = (PROGRAMS / "rejected.ts").read_text(encoding="utf-8")
    lines = text.splitlines()
    expected = {
        (number + 1, int(found[1]))
        for number, line in enumerate(lines, 1)
        if (found := EXPECTED.search(line))
    }
    project.write("rejected.ts", text)
    project.write("bare.ts", text.replace("@ts-expect-error", "wrong:"))

    problems = project.compile()

    assert len(expected) > 50
    assert {problem.file for problem in problems} == {"bare.ts"}, problems
    assert {(problem.line, problem.code) for problem in problems} == expected


class Cat(BaseModel):
    kind: Literal["cat"] = "cat"


class Dog(BaseModel):
    kind: Literal["dog"] = "dog"


class Pets(Message):
    some: list[Annotated[Cat | Dog, Field(discriminator="kind")]]


def test_a_member_of_a_union_is_sent_with_what_tells_it_from_the_others(project: Project) -> None:
    schemas = Schemas([(Pets, mode) for mode in MODES])
    contract = contract_with([channel_with(Pets, schemas)], schemas)
    project.write("pets.ts", typescript(contract, contract.endpoints[0]))
    project.write(
        "use.ts",
        """import type { CatInput, PetsInput } from "./pets.js";
export const cat: CatInput = {};
export const right: PetsInput = { some: [{ kind: "dog" }, { ...cat, kind: "cat" }] };
export const wrong: PetsInput = { some: [{}] };
""",
    )

    (problem,) = project.compile()

    assert (problem.file, problem.line) == ("use.ts", 4)


def test_a_type_that_is_named_like_something_of_the_module_is_the_users_own(
    project: Project,
) -> None:
    """Every word with a capital that stands in a module, as a message that goes both ways."""
    words = sorted(set(re.findall(r"\b[A-Z]\w+\b", module_of(app.endpoint))))
    models = [create_model(name, __base__=Message, some=(int, 1)) for name in words]
    schemas = Schemas([(model, mode) for model in models for mode in MODES])
    channels = [channel_with(model, schemas) for model in models]

    contract = contract_with(channels, schemas)
    project.write("words.ts", typescript(contract, contract.endpoints[0]))

    assert len(words) > 100
    assert not (problems := project.compile()), problems[:5]


def channel_with(model: type[Message], schemas: Schemas) -> ChannelContract:
    """A channel called as its only message."""
    sent, received = (Model(ref=schemas.ref(model, mode)) for mode in MODES)
    join = JoinContract(description="", accepts=(sent,), answers=(received,), refuses=())
    return ChannelContract(
        name=model.__name__,
        pattern="room",
        description="",
        parameters=(),
        join=join,
        events=(),
        pushes=(),
        presence=None,
    )


def test_the_module_of_any_contract_compiles(project: Project) -> None:
    made: list[str] = []

    @settings(max_examples=60, database=None)
    @given(CONTRACTS)
    def make(contract: Contract) -> None:
        text = typescript(contract, contract.endpoints[0])
        assert text == typescript(load(dump(contract)), contract.endpoints[0])
        made.append(text)

    make()
    for number, text in enumerate(dict.fromkeys(made)):
        project.write(f"made{number}.ts", text)

    assert not (problems := project.compile()), problems[:5]
