"""Code with the values that somebody has just used, instead of samples. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

from pydantic import Base64Bytes, BaseModel, ConfigDict, JsonValue, StringConstraints

from ...contract.form import Payload  # noqa: TC001  (pydantic reads the annotations)
from .given import Called, Given, Value
from .write import Snippets

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ...contract.form import Contract
    from ..about import About
    from .snippet import Snippet

__all__ = ["Told", "told"]

MOST = 256
"""Bytes that are written down; of longer payloads a sample is."""

_VARIABLE = re.compile(r"\{(\w+)\}")
_Found = TypeVar("_Found")


class Told(BaseModel):
    """A step that somebody has taken.

    Attributes:
        server: Where the page has found it; what else is known of that if empty.
        endpoint: Its path.
        variables: Those of that path, filled in.
        pattern: The channel's, for a join or push.
        topic: What was joined.
        parameters: Those of the topic.
        shape: Which of its shapes the payload has; None where it is ``{}``.
        data: A binary payload.
    """

    model_config = ConfigDict(extra="forbid")

    step: Literal["connect", "join", "push"]
    server: Annotated[str, StringConstraints(pattern=r"^(wss?://[^\s/]+(/\S*)?)?$")] = ""
    endpoint: str
    variables: dict[str, str] = {}
    pattern: str = ""
    event: str = ""
    topic: str = ""
    parameters: dict[str, JsonValue] = {}
    shape: Payload | None = None
    payload: JsonValue = None
    data: Base64Bytes = b""


def told(contract: Contract, about: About, step: Told) -> tuple[Snippet, ...]:
    """The step as code, for every client.

    Raises:
        LookupError: The contract has no such endpoint, channel or event.
    """
    about = replace(about, url=step.server) if step.server else about
    snippets, given = Snippets(contract, about), Given(contract)
    endpoint = _one(one for one in contract.endpoints if one.path == step.endpoint)
    if step.step == "connect":
        asked = given.asked(endpoint)
        params = None if asked.params is None else _value(step, asked.params)
        fields = params.json if params is not None and isinstance(params.json, dict) else {}
        variables = {**asked.variables, **step.variables}
        path = _VARIABLE.sub(lambda found: variables[found[1]], endpoint.path)
        query = {name: value for name, value in fields.items() if name not in variables}
        asked = replace(asked, path=path, variables=variables, params=params, query=query)
        return snippets.connect(endpoint, asked)
    channel = _one(one for one in endpoint.channels if one.pattern == step.pattern)
    if step.step == "join":
        joined = given.joined(endpoint, channel)
        joined = replace(
            joined,
            topic=step.topic,
            parameters=step.parameters,
            params=_value(step, joined.params),
        )
        return snippets.join(endpoint, channel, joined)
    event = _one(one for one in channel.events if one.event == step.event)
    message = _value(step, given.called(channel, event).message)
    return snippets.event(channel, event, Called(channel, event, message))


def _one(found: Iterable[_Found]) -> _Found:
    for one in found:
        return one
    raise LookupError("the contract has no such part")


def _value(step: Told, sample: Value) -> Value:
    if step.shape is None:
        return sample
    if step.shape.kind == "binary":
        return Value(step.shape, None, step.data) if len(step.data) <= MOST else sample
    return Value(step.shape, step.payload)
