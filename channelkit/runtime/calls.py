"""Running an author's code: what it raises is its member's crash, and nobody else's."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, cast, final

import anyio

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Crashes", "StrayCancellationError", "being_cancelled"]


@final
class Crashes:
    """A block that ends where something is raised in it, and reports that; cancellation passes.

    What is neither (SystemExit, KeyboardInterrupt) passes too.

    Args:
        report: Told what was raised.
    """

    __slots__ = ("_report",)

    def __init__(self, report: Callable[[Exception], None]) -> None:
        self._report = report

    def __enter__(self) -> None:
        pass

    def __exit__(self, _: object, error: BaseException | None, __: object) -> bool:
        if isinstance(error, Exception):
            self._report(error)
            return True
        if isinstance(error, BaseExceptionGroup):
            return self._split(cast("BaseExceptionGroup[BaseException]", error))
        if error is None or not _stray(error):
            return False
        self._report(StrayCancellationError(error))
        return True

    def _split(self, group: BaseExceptionGroup[BaseException]) -> bool:
        """Report the crashes in a group, and let the rest of it pass."""
        crashes, rest = group.split(Exception)
        if rest is not None and not _stray(rest):
            if crashes is not None:
                self._report(crashes)
            raise rest
        self._report(crashes or StrayCancellationError(group))
        return True


def being_cancelled() -> bool:
    """Whether it is us who are cancelled, and not something that a handler awaited."""
    return anyio.current_effective_deadline() == -math.inf


def _stray(error: BaseException) -> bool:
    """Whether this is nothing but cancellation, and not ours."""
    cancelled = anyio.get_cancelled_exc_class()
    if isinstance(error, BaseExceptionGroup):
        group = cast("BaseExceptionGroup[BaseException]", error)
        return group.split(cancelled)[1] is None and not being_cancelled()
    return isinstance(error, cancelled) and not being_cancelled()


class StrayCancellationError(Exception):
    """A handler awaited something that somebody else cancelled; the handler's fault, not an end."""

    def __init__(self, cause: BaseException) -> None:
        super().__init__("the handler awaited something that was cancelled")
        self.__cause__ = cause
