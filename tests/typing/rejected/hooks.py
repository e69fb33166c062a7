"""The other handlers, with the wrong shape."""

from __future__ import annotations

from channelkit import Channel, Exit, Ok, after_join, channel, exits, on_info, on_leave
from tests.typing.accepted.design import NewMsg, Posted, Tick, User


@channel("room:{room_id}")
class Room(Channel[User, Posted]):
    room_id: int

    # mypy> Argument 1 to "after_join" has incompatible type "Callable[[Room], None]"; expected "Callable[[Room], Coroutine[
    # pyright> Function return type "None" is incompatible … "None" is not assignable to "Coroutine[Any, Any, None]"
    @after_join
    def sync_after_join(self) -> None: ...

    # mypy> Argument 1 to "after_join" has incompatible type "Callable[[Room, NewMsg], Coroutine[Any, Any, None]]"
    # pyright> Extra parameter "params"
    @after_join
    async def after_join_of_something(self, params: NewMsg) -> None: ...

    # mypy> Argument 1 to "after_join" has incompatible type "Callable[[Room], Coroutine[Any, Any, Ok]]"
    # pyright> Function return type "CoroutineType[Any, Any, Ok]" is incompatible … "Ok" is not assignable to "None"
    @after_join
    async def after_join_that_answers(self) -> Ok:
        raise NotImplementedError

    # mypy> Argument 1 to "on_leave" has incompatible type … items>], None]"; expected
    # pyright> Function return type "None" is incompatible … "None" is not assignable to "Coroutine[Any, Any, None]"
    @on_leave
    def sync_leave(self, reason: Exit) -> None: ...

    # mypy> Argument 1 to "on_leave" has incompatible type "Callable[[Room], Coroutine[Any, Any, None]]
    # pyright> Function accepts too few positional parameters; expected 2 but received 1
    @on_leave
    async def leave_without_reason(self) -> None: ...

    # mypy> Argument 1 to "on_leave" has incompatible type "Callable[[Room, str], Coroutine[Any, Any, None]]
    # pyright> Type "Exit" is not assignable to type "str"
    @on_leave
    async def leave_in_words(self, reason: str) -> None: ...

    # mypy> Argument 1 to "on_leave" has incompatible type "Callable[[Room, Left], Coroutine[Any, Any, None]]
    # pyright> Type "Exit" is not assignable to type "Left"
    @on_leave
    async def leave_sometimes(self, reason: exits.Left) -> None: ...

    # mypy> Argument 1 to "on_info" has incompatible type "Callable[[Room, Tick], None]"; expected "Callable[[Room, Tick], Coroutine[
    # pyright> Function return type "None" is incompatible … "None" is not assignable to "Coroutine[Any, Any, None]"
    @on_info
    def sync_info(self, info: Tick) -> None: ...

    # mypy> Argument 1 to "on_info" has incompatible type "Callable[[Room, Tick], Coroutine[Any, Any, Ok]]"
    # pyright> Function return type "CoroutineType[Any, Any, Ok]" is incompatible … "Ok" is not assignable to "None"
    @on_info
    async def info_that_answers(self, info: Tick) -> Ok:
        raise NotImplementedError

    # mypy> Argument 1 to "on_info" has incompatible type "Callable[[Room], Coroutine[Any, Any, None]]"
    # pyright> Function accepts too few positional parameters; expected 2 but received 1
    @on_info
    async def info_of_nothing(self) -> None: ...
