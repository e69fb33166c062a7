"""An endpoint's verbs for other threads than the event loop's."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, final, overload

import anyio.from_thread
from typing_extensions import TypeVar

from .messages import Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from .mailbox import Mailbox
    from .runtime.hub import Hub
    from .topics import Topic

__all__ = ["FromThread", "Verbs"]

# The type checkers' messages name these variables.
DeclaredPush = TypeVar("DeclaredPush", bound=Message)
InfoIn = TypeVar("InfoIn")
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class Verbs(Protocol):
    """What an endpoint does in its own thread; it returns at once."""

    @property
    def hub(self) -> Hub: ...
    def broadcast_nowait(self, topic: Topic[DeclaredPush], message: DeclaredPush) -> None: ...
    def inform(self, to: Mailbox[InfoIn] | Topic[Any] | str, info: InfoIn) -> int: ...
    def disconnect(self, id: str, reason: str = "") -> int: ...  # noqa: A002  (the socket's id)
    @property
    def revoke(self) -> Callable[..., int]: ...


@final
class FromThread:
    """The endpoint's verbs for other threads: each waits until the event loop has done it.

    Raises, beside what the verb raises:
        RuntimeError: Called in the event loop's own thread.
    """

    def __init__(self, endpoint: Verbs) -> None:
        self._endpoint = endpoint

    def broadcast(self, topic: Topic[DeclaredPush], message: DeclaredPush) -> None:
        """See `Endpoint.broadcast`."""
        self._run(self._endpoint.broadcast_nowait, topic, message)

    def inform(self, to: Mailbox[InfoIn] | Topic[Any] | str, info: InfoIn) -> int:
        """See `Endpoint.inform`."""
        return self._run(self._endpoint.inform, to, info) or 0

    def disconnect(self, id: str, reason: str = "") -> int:  # noqa: A002  (it is the socket's id)
        """See `Endpoint.disconnect`."""
        return self._run(self._endpoint.disconnect, id, reason) or 0

    @overload
    def revoke(
        self,
        *,
        id: str,
        topic: Topic[Any] | str | None = ...,
        reason: str = ...,
    ) -> int: ...
    @overload
    def revoke(self, *, topic: Topic[Any] | str, reason: str = ...) -> int: ...
    def revoke(self, **given: Any) -> int:
        """See `Endpoint.revoke`."""
        return self._run(partial(self._endpoint.revoke, **given)) or 0

    def _run(
        self,
        verb: Callable[Arguments, Result],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result | None:
        token = self._endpoint.hub.token
        if token is None:  # nobody is connected who could hear of it
            return None
        return anyio.from_thread.run_sync(partial(verb, *args, **kwargs), token=token)
