"""Endpoints as servers of an AsyncAPI document, and how a connection is asked for. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..words import name_of
from .schemas import converted, referred

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import JsonValue

    from ...contract.form import EndpointContract, RefusalContract, Schema
    from ..about import About
    from .schemas import Object

__all__ = ["binding", "refusals", "servers", "variables"]

_VARIABLE = re.compile(r"\{(\w+)\}")


def variables(endpoint: EndpointContract) -> tuple[str, ...]:
    """What varies in an endpoint's path."""
    return tuple(_VARIABLE.findall(endpoint.path))


def servers(endpoint: EndpointContract, about: About) -> dict[str, Object]:
    """An endpoint's servers, by transport."""
    return {name: _server(endpoint, about, name) for name in endpoint.transports}


def _server(endpoint: EndpointContract, about: About, transport: str) -> Object:
    path = f"{about.prefix}{endpoint.path.rstrip('/')}/{transport}"
    scheme = about.scheme if transport == "websocket" else about.scheme.replace("ws", "http")
    connect = endpoint.connect
    told: Object = (
        {} if connect is None or not connect.description else {"description": connect.description}
    )
    vary: Object = {
        name: {"description": "A parameter of the connection."} for name in variables(endpoint)
    }
    return {
        "host": about.host,
        "pathname": path,
        "protocol": scheme,
        "title": f"{endpoint.path} ({transport})",
        **told,
        **({"variables": vary} if vary else {}),
        "x-endpoint": endpoint.path,
        "x-serializers": list(endpoint.serializers),
        "x-vsn": endpoint.vsn,
        "x-subprotocols": None if endpoint.subprotocols is None else list(endpoint.subprotocols),
        "x-rate": endpoint.rate,
        "x-limits": dict(endpoint.limits),
        "x-refusals": [] if connect is None else refusals(connect.refuses),
    }


def refusals(declared: tuple[RefusalContract, ...]) -> JsonValue:
    """Declared refusals, of whatever refuses."""
    return [
        {
            "reason": refusal.reason,
            **({} if refusal.status is None else {"status": refusal.status}),
            **({"description": refusal.description} if refusal.description else {}),
            "schema": referred(refusal.ref),
        }
        for refusal in declared
    ]


def binding(endpoint: EndpointContract, schemas: Mapping[str, Schema]) -> Object:
    """How the WebSocket is asked for: its query."""
    models: list[Schema] = []
    if endpoint.connect is not None:
        refs = [name_of(params.ref) for params in endpoint.connect.params if params.kind == "model"]
        models = [schemas[name] for name in refs]
    query: Object = {
        "type": "object",
        "properties": {"vsn": _vsn(endpoint), **_fields(models, variables(endpoint))},
        "required": _required(models, variables(endpoint)),
    }
    return {"ws": {"method": "GET", "query": query, "bindingVersion": "0.1.0"}}


def _vsn(endpoint: EndpointContract) -> Object:
    return {
        "type": "string",
        "enum": list(endpoint.serializers),
        "default": endpoint.vsn,
        "description": "The version of the wire.",
    }


def _fields(models: list[Schema], without: tuple[str, ...]) -> Object:
    """The fields of all models that the parameters may be."""
    found: Object = {}
    for model in models:
        properties = model.get("properties")
        for name, schema in (properties if isinstance(properties, dict) else {}).items():
            if name not in without:
                found.setdefault(name, converted(schema))
    return found


def _required(models: list[Schema], without: tuple[str, ...]) -> JsonValue:
    """The fields that every model asks for."""
    asked = [set(_names(model.get("required"))) - {*without} for model in models]
    first = [name for model in models[:1] for name in _names(model.get("required"))]
    return [name for name in first if all(name in names for names in asked)]


def _names(value: JsonValue) -> list[str]:
    return [str(name) for name in value] if isinstance(value, list) else []
