"""Intercepted broadcasts that come out as something else."""

from __future__ import annotations

from channelkit import Channel, channel, on_broadcast
from tests.typing.accepted.design import Posted, RoomFull, Typing, User


@channel("room:{room_id}")
class Room(Channel[User, Posted | Typing]):
    room_id: int

    # mypy> Cannot infer value of type parameter "SameMessage" of "on_broadcast"
    # pyright> Function return type "CoroutineType[Any, Any, Typing | None]" is incompatible with type "Async[SameMessage@on_broadcast | None]"
    @on_broadcast
    async def into_another(self, message: Posted) -> Typing | None:
        raise NotImplementedError

    # mypy> Argument 1 to "on_broadcast" has incompatible type "Callable[[Room, Posted], Coroutine[Any, Any, bool]]"
    # pyright> Function return type "CoroutineType[Any, Any, bool]" is incompatible with type "Async[SameMessage@on_broadcast | None]"
    @on_broadcast
    async def into_a_verdict(self, message: Posted) -> bool:
        raise NotImplementedError

    # mypy> Argument 1 to "on_broadcast" has incompatible type "Callable[[Room, Posted], Coroutine[Any, Any, RoomFull | None]]"
    # pyright> Function return type "CoroutineType[Any, Any, RoomFull | None]" is incompatible with type "Async[SameMessage@on_broadcast | None]"
    @on_broadcast
    async def into_a_refusal(self, message: Posted) -> RoomFull | None:
        raise NotImplementedError

    # mypy> Value of type variable "SameMessage" of "on_broadcast" cannot be "bytes"
    # pyright> "Message*" is not assignable to "bytes"
    @on_broadcast
    async def of_bytes(self, message: bytes) -> bytes | None:
        raise NotImplementedError

    # mypy> Value of type variable "SameMessage" of "on_broadcast" cannot be "RoomFull"
    # pyright> "Message*" is not assignable to "RoomFull"
    @on_broadcast
    async def of_a_refusal(self, message: RoomFull) -> None: ...

    # mypy> Argument 1 to "on_broadcast" has incompatible type "Callable[[Room, Posted], Posted]"; expected "Callable[[Room, Posted], Coroutine[
    # pyright> Function return type "Posted" is incompatible … "Posted" is not assignable to "Coroutine[
    @on_broadcast
    def sync(self, message: Posted) -> Posted:
        raise NotImplementedError

    # mypy> Argument 1 to "on_broadcast" has incompatible type "Callable[[Room], Coroutine[Any, Any, Posted]]"
    # pyright> Function accepts too few positional parameters; expected 2 but received 1
    @on_broadcast
    async def of_nothing(self) -> Posted:
        raise NotImplementedError
