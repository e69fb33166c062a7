"""Presences off the wire as the typed metas that were tracked. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

from pydantic import BaseModel
from pydantic_core import to_json

from ..wire import PRESENCE_DIFF, PRESENCE_STATE
from .forms import PHX_REFS

if TYPE_CHECKING:
    from ..wire import Broadcast, Push
    from .forms import Diffed, Fields, Present
    from .sync import Synced

__all__ = ["take", "typed"]

Meta = TypeVar("Meta", bound=BaseModel)


def take(envelope: Push | Broadcast, presence: Synced) -> bool:
    """Whether an envelope tells of presences, and was taken as such."""
    match envelope.event:
        case event if event == PRESENCE_STATE:
            presence.state_came(cast("Present", envelope.payload))
        case event if event == PRESENCE_DIFF:
            presence.diff_came(cast("Diffed", envelope.payload))
        case _:
            return False
    return True


def typed(present: Present, model: type[Meta]) -> dict[str, list[Meta]]:
    """The metas of each key, without their refs and what a fetch added.

    Raises:
        ValidationError: The model's own JSON form is not one that it takes.
    """
    metas = {key: cast("list[Fields]", held["metas"]) for key, held in present.items()}
    return {key: [_model(meta, model) for meta in held] for key, held in metas.items()}


def _model(meta: Fields, model: type[Meta]) -> Meta:
    fields = {name: value for name, value in meta.items() if name not in PHX_REFS}
    return model.model_validate_json(to_json(fields))
