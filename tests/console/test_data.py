"""What the console's forms begin with."""

from __future__ import annotations

from typing import Any, cast

import pytest
from jsonschema import Draft202012Validator

from channelkit.contract import Contract
from channelkit.contract.form import Model, Payload
from channelkit.documents.console import samples_of

from ..documents.contracts import CONTRACTS


@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=CONTRACTS)
def test_every_form_of_a_contract_begins_with_what_its_model_accepts(contract: Contract) -> None:
    samples = cast("dict[str, Any]", samples_of(contract))

    for endpoint in contract.endpoints:
        given = samples[endpoint.path]
        if endpoint.connect is not None:
            assert fits(contract, endpoint.connect.params, given["connect"])
        for channel in endpoint.channels:
            forms = given["channels"][channel.pattern]
            assert fits(contract, channel.join.accepts, forms["join"])
            assert list(forms["parameters"]) == [one.name for one in channel.parameters]
            for event in channel.events:
                assert fits(contract, event.accepts, forms["events"][event.event])


def fits(contract: Contract, shapes: tuple[Payload, ...], sample: Any) -> bool:
    """Whether it fits the first model; an empty object where there is none."""
    models = [shape for shape in shapes if isinstance(shape, Model)]
    if not models:
        return bool(sample == {})
    schema = {"$ref": models[0].ref, "schemas": contract.schemas}
    validator: Any = Draft202012Validator(schema)
    fitting: bool = validator.is_valid(sample)
    return fitting
