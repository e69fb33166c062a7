"""Who may connect, under which id and until when: the author's functions, asked and checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, final

from .errors import Refused
from .handshake import Denied, Welcome
from .messages import Refusal
from .payloads import Invalid
from .runtime.expiry import timestamp
from .wire import EXPIRED, refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from pydantic import JsonValue

    from .connect_info import ConnectInfo
    from .dispatch import ConnectPlan

__all__ = ["Welcoming"]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Welcoming:
    """How an endpoint decides about a connection.

    Args:
        plan: How `connect` is called, None without one.
        identify: See `Endpoint`.
        expires_at: See `Endpoint`.
    """

    plan: ConnectPlan | None
    identify: Callable[[Any], str | None] | None
    expires_at: Callable[[Any], datetime | None] | None

    async def decide(
        self, params: Mapping[str, JsonValue], info: ConnectInfo, now: float
    ) -> Welcome | Denied:
        """Ask the author's functions.

        Args:
            now: Seconds since the epoch.

        Raises:
            TypeError: `identify` or `expires_at` gives what is no id, no moment.
            ValueError: `expires_at` gives a moment without a timezone.
            Exception: Whatever one of them raises.
        """
        plan = self.plan
        if plan is None:
            return Welcome(None, None)
        message = plan.accepts.decode(dict(params))
        if isinstance(message, Invalid):
            return Denied(403, message.response())
        try:
            verdict: object = await (
                plan.handler(message, info) if plan.takes_info else plan.handler(message)
            )
        except Refused as raised:
            verdict = raised.refusal
        if isinstance(verdict, Refusal):
            return Denied(verdict.__status__, verdict.response())
        return self.welcome(verdict, now)

    def welcome(self, assigns: object, now: float) -> Welcome | Denied:
        """What becomes of a connection that `connect` gave these assigns. Raises as `decide`."""
        expires = None if self.expires_at is None else self.expires_at(assigns)
        if expires is not None and timestamp(expires) <= now:
            return Denied(403, refused(EXPIRED))
        return Welcome(assigns, self._id(assigns), expires)

    def _id(self, assigns: object) -> str | None:
        given = None if self.identify is None else self.identify(assigns)
        if given is None or _is_text(given):
            return given
        raise TypeError(
            f"identify returned {type(given).__name__}; an id is a str, or None for no id: "
            'write it as one, for example  f"user:{user.id}"'
        )


def _is_text(given: object) -> bool:
    return isinstance(given, str)
