"""What the console is given beside the contract: samples, to begin its forms with. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import JsonValue

from ...contract.form import Model
from ..samples import Samples

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...contract.form import ChannelContract, Contract, EndpointContract, Payload

__all__ = ["samples_of"]


def samples_of(contract: Contract) -> dict[str, JsonValue]:
    """What stands in each form at first, by the endpoint's path and the channel's pattern."""
    samples = Samples(contract.schemas)
    return {endpoint.path: _endpoint(endpoint, samples) for endpoint in contract.endpoints}


def _endpoint(endpoint: EndpointContract, samples: Samples) -> JsonValue:
    params = () if endpoint.connect is None else endpoint.connect.params
    channels = {one.pattern: _channel(one, samples) for one in endpoint.channels}
    return {"connect": _payload(params, samples), "channels": channels}


def _channel(channel: ChannelContract, samples: Samples) -> JsonValue:
    return {
        "parameters": {one.name: samples.value(one.value, one.name) for one in channel.parameters},
        "join": _payload(channel.join.accepts, samples),
        "events": {one.event: _payload(one.accepts, samples) for one in channel.events},
    }


def _payload(shapes: Sequence[Payload], samples: Samples) -> JsonValue:
    """A sample of the first shape that is a model; what is open begins empty."""
    models = (shape for shape in shapes if isinstance(shape, Model))
    return next((samples.named(shape.ref) for shape in models), dict[str, JsonValue]())
