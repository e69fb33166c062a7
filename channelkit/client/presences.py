"""Who is in a room, typed, as the program follows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, Self, cast, final

import anyio.lowlevel
from pydantic import BaseModel, ValidationError
from typing_extensions import TypeVar

from ..errors import RemoteProtocolError
from ..presence import Synced, take, typed
from ..wire import PRESENCE_DIFF, PRESENCE_STATE
from .inbox import Signal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Generator

    from pydantic import JsonValue

    from ..presence import Present
    from ..wire import Broadcast, Push

__all__ = ["Followed", "Presences"]

Meta = TypeVar("Meta", bound=BaseModel)

INVALID_DATA = 1007


@final
class Followed:
    """One room's presences: kept while the room is away, until the state of its next join.

    Attributes:
        present: Who is here, None before the first state.
    """

    def __init__(self) -> None:
        self.present: Present | None = None
        self._synced = Synced()
        self._changed = Signal()
        self._over = False
        self._failure: BaseException | None = None

    def joined(self) -> None:
        """What comes from now on is of a new join."""
        self._synced = Synced()

    def took(self, envelope: Push | Broadcast) -> bool:
        """Whether it tells of presences; what is malformed says nothing."""
        if envelope.event not in (PRESENCE_STATE, PRESENCE_DIFF):
            return False
        if _well_formed(envelope):
            take(envelope, self._synced)
            if self._synced.present is not None:
                self.present = self._synced.present
                self._changed.ring()
        return True

    def end(self, failure: BaseException | None) -> None:
        """The room is over: nobody comes or goes any more."""
        self._over, self._failure = True, failure
        self._changed.ring()

    async def after(self, seen: Present | None) -> Present | None:
        """Who is here, once that is another than was seen; None at the end.

        Raises:
            RoomClosed: The room is over, and the client did not end it.
        """
        while self.present is None or self.present is seen:
            if self._failure is not None:
                raise self._failure
            if self._over:
                return None
            await self._changed.wait()
        return self.present


class Presences(Generic[Meta]):
    """Who is here, as each key's metas; made by `ClientRoom.presences`.

    Await it for the list as it is, once there is one; iterate it for the list
    now and after each change. A slow reader misses lists, never the last one.
    """

    def __init__(self, followed: Followed, model: type[Meta]) -> None:
        self._followed = followed
        self._model = model

    def __await__(self) -> Generator[Any, None, dict[str, list[Meta]]]:
        return self._now().__await__()

    async def _now(self) -> dict[str, list[Meta]]:
        await anyio.lowlevel.checkpoint()
        return _typed(await self._followed.after(None) or {}, self._model)

    def __aiter__(self) -> AsyncIterator[dict[str, list[Meta]]]:
        return _Lists(self._followed, self._model)


@final
class _Lists(Generic[Meta]):
    """Each list that is another than the last one; no generator, so that a break leaves nothing."""

    def __init__(self, followed: Followed, model: type[Meta]) -> None:
        self._followed = followed
        self._model = model
        self._seen: Present | None = None

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> dict[str, list[Meta]]:
        await anyio.lowlevel.checkpoint()
        present = await self._followed.after(self._seen)
        if present is None:
            raise StopAsyncIteration
        self._seen = present
        return _typed(present, self._model)


def _typed(present: Present, model: type[Meta]) -> dict[str, list[Meta]]:
    try:
        return typed(present, model)
    except ValidationError as error:
        text = f"a presence is no {model.__name__}: {error}"
        raise RemoteProtocolError(text, close_code=INVALID_DATA) from None


def _well_formed(envelope: Push | Broadcast) -> bool:
    payload = cast("JsonValue", envelope.payload)
    if envelope.event == PRESENCE_STATE:
        return _is_present(payload)
    return isinstance(payload, dict) and all(
        _is_present(payload.get(part)) for part in ("joins", "leaves")
    )


def _is_present(payload: JsonValue) -> bool:
    return isinstance(payload, dict) and all(_is_held(held) for held in payload.values())


def _is_held(held: JsonValue) -> bool:
    metas = held.get("metas") if isinstance(held, dict) else None
    return isinstance(metas, list) and all(isinstance(m, dict) and "phx_ref" in m for m in metas)
