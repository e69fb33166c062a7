"""What a client knows of who is here, as phoenix.js's Presence does it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast, final

if TYPE_CHECKING:
    from .forms import Diffed, Fields, Present

__all__ = ["Synced", "synced"]


@final
class Synced:
    """One join's presences: the state that came, and every diff since.

    A diff that comes before the state waits for it (phoenix.js
    presence.js#inPendingSyncState); one that the state holds already changes
    nothing.

    Attributes:
        present: Who is here, None before the first state.
    """

    def __init__(self) -> None:
        self.present: Present | None = None
        self._pending: list[Diffed] = []

    def state_came(self, state: Present) -> None:
        """Take a `presence_state`."""
        self.present = state
        pending, self._pending = self._pending, []
        for diff in pending:
            self.diff_came(diff)

    def diff_came(self, diff: Diffed) -> None:
        """Take a `presence_diff`."""
        if self.present is None:
            self._pending.append(diff)
        else:
            self.present = synced(self.present, diff)


def synced(present: Present, diff: Diffed) -> Present:
    """Presences after a diff: joins first, then leaves, told apart by `phx_ref`."""
    after = dict(present)
    for key, joined in diff["joins"].items():
        known = _without(after.get(key, {}), joined)
        after[key] = {**joined, "metas": [*known, *_metas(joined)]}
    for key, left in diff["leaves"].items():
        if key in after:
            remaining = _without(after[key], left)
            after[key] = {**after[key], "metas": [*remaining]}
            if not remaining:
                del after[key]
    return after


def _metas(held: Fields) -> list[Fields]:
    return cast("list[Fields]", held.get("metas", []))


def _without(held: Fields, others: Fields) -> list[Fields]:
    """The metas of the one that are not among the other's."""
    refs = {str(meta["phx_ref"]) for meta in _metas(others)}
    return [meta for meta in _metas(held) if str(meta["phx_ref"]) not in refs]
