"""Where secrets stand in a type: every construct of pydantic's that can hold one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Generic, Literal, NamedTuple, TypeVar

import pydantic
import pytest
from pydantic import (
    AfterValidator,
    AliasChoices,
    AliasPath,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Json,
    RootModel,
    SecretBytes,
    SecretStr,
    TypeAdapter,
    computed_field,
)
from pydantic.alias_generators import to_camel
from typing_extensions import TypeAliasType, TypedDict

from channelkit import Secret
from channelkit.masking import Secrets

T = TypeVar("T")


class Card(BaseModel):
    number: Annotated[str, Secret()]
    name: str = ""


class Plain(BaseModel):
    name: str = ""


class Tree(BaseModel):
    value: Annotated[int, Secret()]
    left: Tree | None = None
    children: list[Tree] = []


class Twin(BaseModel):
    other: Other | None = None


class Other(BaseModel):
    twin: Twin | None = None
    pin: Annotated[int, Secret()]


class Typed(TypedDict):
    number: Annotated[str, Secret()]
    name: str


@dataclass
class Data:
    number: Annotated[str, Secret()]
    name: str = ""


class Named(NamedTuple):
    name: str
    number: Annotated[str, Secret()]


class Root(RootModel[Annotated[str, Secret()]]):
    pass


class Page(BaseModel, Generic[T]):
    items: list[T]


class A(BaseModel):
    kind: Literal["a"]
    pin: Annotated[str, Secret()]


class B(BaseModel):
    kind: Literal["type"]
    pin: str


class Camel(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel)
    credit_card: Annotated[str, Secret()]


class Extra(BaseModel):
    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, SecretStr] = Field(init=False)  # pyright: ignore
    name: str = ""


class Computed(BaseModel):
    number: Annotated[str, Secret()]

    @computed_field
    def last(self) -> Annotated[str, Secret()]:
        return self.number[-4:]


Alias = TypeAliasType("Alias", Annotated[str, Secret()])

CASES: list[tuple[Any, tuple[str, ...]]] = [
    (str, ()),
    (Plain, ()),
    (Annotated[str, Secret()], ("f",)),
    (Annotated[str, Secret], ("f",)),
    (Annotated[str, Secret(), Field(max_length=3)], ("f",)),
    (Annotated[str, Field(max_length=3), Secret()], ("f",)),
    (Annotated[str, BeforeValidator(str), Secret(), AfterValidator(str)], ("f",)),
    (Annotated[Plain, Secret()], ("f",)),
    (Annotated[Plain | None, Secret(), Field(description="…")], ("f",)),
    (Annotated[Plain, Secret(), AfterValidator(lambda plain: plain)], ("f",)),
    (SecretStr, ("f",)),
    (SecretBytes, ("f",)),
    (pydantic.Secret[int], ("f",)),
    (SecretStr | None, ("f",)),
    (Annotated[str, Secret()] | int, ("f",)),
    (list[Annotated[str, Secret()]], ("f[]",)),
    (set[Annotated[str, Secret()]], ("f[]",)),
    (tuple[int, Annotated[str, Secret()]], ("f[]",)),
    (dict[str, Annotated[str, Secret()]], ("f{}",)),
    (dict[Annotated[str, Secret()], int], ("f",)),
    (Card, ("f.number",)),
    (list[Card | Plain], ("f[].number",)),
    (Tree, ("f.value",)),
    (Twin, ("f.other.pin",)),
    (Typed, ("f.number",)),
    (Data, ("f.number",)),
    (Named, ("f.number", "f[]")),
    (Root, ("f",)),
    (Alias, ("f",)),
    (Page[Card], ("f.items[].number",)),
    (Page[int], ()),
    (Annotated[A | B, Field(discriminator="kind")], ("f.pin",)),
    (Annotated[A | B, Discriminator("kind")], ("f.pin",)),
    (Json[Card], ("f.number",)),
    (Camel, ("f.credit_card", "f.creditCard")),
    (Extra, ("f{}",)),
    (Computed, ("f.number", "f.last")),
]


@pytest.mark.parametrize(("annotation", "paths"), CASES, ids=lambda case: str(case)[:60])
def test_secrets_are_found_where_the_type_has_them(annotation: Any, paths: tuple[str, ...]) -> None:
    model = pydantic.create_model("Model", f=(annotation, ...), g=(int, 0))

    assert Secrets([(model, None)]).paths == paths


def test_a_field_is_known_by_every_name_it_can_have() -> None:
    class Model(BaseModel):
        a: Annotated[str, Secret(), Field(alias="b")]
        c: Annotated[
            str,
            Secret(),
            Field(
                validation_alias=AliasChoices("d", AliasPath("e", 0, "f")), serialization_alias="g"
            ),
        ]
        h: Annotated[str, Secret(), Field(validation_alias=AliasPath("i", "j"))]

    paths = Secrets([(Model, None)]).paths

    assert paths == ("a", "b", "c", "d", "e[].f", "g", "h", "i.j")


def test_a_field_that_looks_like_a_schema_is_none() -> None:
    class Model(BaseModel):
        f: dict[str, str] = {"type": "definition-ref"}
        g: Annotated[str, Field(json_schema_extra={"type": "model-fields"})] = ""

    assert Secrets([(Model, None)]).paths == ()


def test_json_schema_says_that_a_secret_is_only_written() -> None:
    schema = TypeAdapter(Annotated[str, Secret()]).json_schema()

    assert schema == {"type": "string", "writeOnly": True}


def test_the_mark_changes_nothing_about_the_value() -> None:
    card = Card.model_validate({"number": "1234"})

    assert card.model_dump() == {"number": "1234", "name": ""}
