"""Fields that are left out where they hold None."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from pydantic import BaseModel, JsonValue

from channelkit import Message
from channelkit.omitted import omitted


class Part(BaseModel):
    one: int


class Search(Message):
    text: str
    tags: Annotated[list[str] | None, omitted()] = None
    part: Annotated[Part | None, omitted(default={"one": 1})] = None
    either: Annotated[int | str | None, omitted()] = None
    nothing: Annotated[int | None, omitted(nullable=True)] = None
    anything: Annotated[JsonValue, omitted(default=None)] = None


def test_what_is_none_is_left_out() -> None:
    assert Search(text="a").model_dump_json() == '{"text":"a"}'


def test_what_is_something_is_not() -> None:
    search = Search(text="a", tags=[], part=Part(one=2), nothing=0)

    assert search.model_dump() == {"text": "a", "tags": [], "part": {"one": 2}, "nothing": 0}


@pytest.mark.parametrize("mode", ["validation", "serialization"])
def test_its_schema_is_that_of_a_field_that_is_not_required(mode: Any) -> None:
    schema = Search.model_json_schema(mode=mode)

    assert schema["required"] == ["text"]
    fields = schema["properties"]
    assert fields["tags"] == {"items": {"type": "string"}, "title": "Tags", "type": "array"}
    assert fields["part"] == {"$ref": "#/$defs/Part", "default": {"one": 1}}
    assert fields["either"]["anyOf"] == [{"type": "integer"}, {"type": "string"}]
    assert fields["nothing"]["anyOf"] == [{"type": "integer"}, {"type": "null"}]
    assert "anyOf" not in fields["anything"]
    assert "default" not in fields["tags"]
    assert fields["anything"]["default"] is None
