"""A client's times and bounds. Pure."""

from __future__ import annotations

from dataclasses import dataclass, fields

__all__ = ["Settings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How long a client waits, and how much it keeps. Times are seconds, sizes bytes."""

    timeout: float = 10.0
    """How long a join, a call, a leave or an opening may take. After it: "timeout"."""
    heartbeat: float = 30.0
    """Between heartbeats. If nothing has come since the last: reconnect."""
    reconnect_after: tuple[float, ...] = (0.01, 0.05, 0.1, 0.15, 0.2, 0.25, 0.5, 1.0, 2.0, 5.0)
    """Before each try to connect again; the last is repeated."""
    rejoin_after: tuple[float, ...] = (1.0, 2.0, 5.0, 10.0)
    """Before each try to join again on an open connection; as `reconnect_after`."""
    spread: float = 0.5
    """How much longer or shorter such a time is by chance, as a part of it."""
    buffer: int = 100
    """Pushes of a room that wait for it to be joined. At it: CallFailed "full"."""
    unread: int = 1000
    """Pushes of a room, or items of a stream, that wait to be read. Above it: `Overrun`."""
    message: int = 1024 * 1024
    """One message of the server after inflating. Above it: close 1009, and reconnect."""
    closing: float = 2.0
    """How long the server may take to answer a close frame. After it: it is dropped."""

    def __post_init__(self) -> None:
        for field in fields(self):
            value: float | tuple[float, ...] = getattr(self, field.name)
            if field.name == "spread" and not 0 <= self.spread < 1:
                raise ValueError(f"spread is at least 0 and less than 1, got {value!r}")
            numbers = value if isinstance(value, tuple) else (value,)
            if field.name != "spread" and not (numbers and min(numbers) > 0):
                raise ValueError(f"{field.name} must be positive, got {value!r}")
