"""The hooks of one endpoint, its log the first of them: told of its life, and harmless."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, final

from ..filters import FilterParameters
from ..instruments import KINDS, LogLevels
from ..masking import Masked, Secrets
from . import log
from .calls import Crashes
from .life_log import LifeLog

if TYPE_CHECKING:
    from ..instruments import Hooks, Told

__all__ = ["NO_SECRETS", "Instrument", "Instruments"]

NO_SECRETS: Final = Secrets()

EVERY: Final = -1.0
"""A handler takes longer than this, whatever it does."""


@final
class Instrument:
    """Hooks that an endpoint calls, until they are removed; as a block, until its end.

    Attributes:
        hooks: They.
        failed: The names of those that have raised, which is logged once.
    """

    def __init__(self, instruments: Instruments, hooks: Hooks) -> None:
        self._instruments = instruments
        self.hooks = hooks
        self.failed: set[str] = set()

    def remove(self) -> None:
        """Call the hooks no more; a second time does nothing."""
        self._instruments.drop(self)

    def __enter__(self) -> Instrument:
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()


@final
class Instruments:
    """Whom an endpoint tells of its life.

    A hook that raises harms nobody; each is logged the first time it does.

    Attributes:
        endpoint: Its path.
        filters: Which fields are masked by their name.
        watch_from: Seconds of a handler from which on somebody wants to know
            of it: none at all if somebody hears of every event, else what
            counts as slow. One comparison on the way of each event.

    Args:
        slow: Seconds from which on a handler is slow.
    """

    def __init__(
        self,
        endpoint: str = "",
        *,
        levels: LogLevels | None = None,
        filters: FilterParameters | None = None,
        slow: float = 1.0,
    ) -> None:
        self.endpoint = endpoint
        self.filters = filters or FilterParameters()
        self.watch_from = slow
        self._slow = slow
        self._log = LifeLog(levels or LogLevels())
        self._installed: tuple[Instrument, ...] = ()
        self.refresh()

    def add(self, hooks: Hooks) -> Instrument:
        """Install hooks beside those that are there."""
        instrument = Instrument(self, hooks)
        self._installed = (*self._installed, instrument)
        self.refresh()
        return instrument

    def drop(self, instrument: Instrument) -> None:
        """Remove hooks."""
        self._installed = tuple(one for one in self._installed if one is not instrument)
        self.refresh()

    def refresh(self) -> None:
        """Look again whether anybody hears of every event: a logger's level may have changed."""
        heard = any(one.hooks.channel_handled_in is not None for one in self._installed)
        self.watch_from = EVERY if heard or self._log.hears_events else self._slow

    @property
    def heard(self) -> bool:
        """Whether anybody hears of every event that is handled."""
        return self.watch_from == EVERY

    def tell(self, event: Told) -> None:
        """Tell everybody who wants to hear of this, the log first."""
        self._log.tell(event)
        kind = KINDS[type(event)]
        for instrument in self._installed:
            hook = getattr(instrument.hooks, kind)
            if hook is not None:
                with Crashes(partial(self._crashed, instrument, kind)):
                    hook(event)

    def masked(self, payload: object, secrets: Secrets = NO_SECRETS) -> Masked:
        """A payload to be told of."""
        return Masked(payload, secrets, self.filters)

    def _crashed(self, instrument: Instrument, kind: str, error: Exception) -> None:
        if kind not in instrument.failed:
            instrument.failed.add(kind)
            log.crashed("hook crashed", error, path=self.endpoint, hook=kind)
