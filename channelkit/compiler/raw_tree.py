"""RawPlan → text and data: what `channelkit check` shows of a raw socket. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .annotations import shown
from .presenters import relative

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import JsonValue

    from ..raw_socket import RawPlan

__all__ = ["raw_as_data", "render_raw"]


def render_raw(plan: RawPlan, *, root: Path | None = None) -> str:
    """A raw socket's class and its callbacks, for people; `root` as for `render_table`."""
    place = f"{relative(plan.place.file, root)}:{plan.place.line}"
    lines = [f"raw socket  {shown(plan.socket)}  {place}"]
    if plan.summary:
        lines.append(f"│  {plan.summary}")
    lines.append(f"└─ {' · '.join(sorted(plan.callbacks))}")
    return "\n".join(lines)


def raw_as_data(plan: RawPlan, *, root: Path | None = None) -> dict[str, JsonValue]:
    """The same for programs: a JSON object, beside no channels."""
    socket: dict[str, JsonValue] = {
        "socket": shown(plan.socket),
        "file": relative(plan.place.file, root),
        "line": plan.place.line,
        "summary": plan.summary,
        "callbacks": [*sorted(plan.callbacks)],
    }
    return {"channels": [], "raw": socket}
