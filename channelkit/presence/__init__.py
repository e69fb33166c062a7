"""Who is here: the declaration, the replicated state, and what clients are told of it. Pure."""

from .declared import Presence
from .forms import PHX_REFS, Diffed, Fields, Present, grouped, on_the_wire, phx_ref
from .state import Delta, Diff, Entry, Seen, State, Tag, joined, left, merged
from .sync import Synced, synced
from .typed import take, typed

__all__ = [
    "PHX_REFS",
    "Delta",
    "Diff",
    "Diffed",
    "Entry",
    "Fields",
    "Presence",
    "Present",
    "Seen",
    "State",
    "Synced",
    "Tag",
    "grouped",
    "joined",
    "left",
    "merged",
    "on_the_wire",
    "phx_ref",
    "synced",
    "take",
    "typed",
]
