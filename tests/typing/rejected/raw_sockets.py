"""Raw sockets that do not fit."""

from __future__ import annotations

from channelkit import Exit, RawEndpoint, RawSocket
from tests.typing.accepted.raw_sockets import Echo, Talk, echo, login


class Wrong(RawSocket[None]):
    # mypy> Return type "str | bytes" of "on_frame" incompatible with return type
    # pyright> Method "on_frame" overrides class "RawSocket" in an incompatible manner
    def on_frame(self, frame: str | bytes) -> str | bytes:
        return frame

    # mypy> Argument 1 of "on_control" is incompatible with supertype
    # pyright> "on_control" overrides class "RawSocket" in an incompatible manner
    async def on_control(self, frame: str) -> None:
        # mypy> Argument 1 to "send" of "RawSocket" has incompatible type "int"; expected "str | bytes"
        # pyright> "Literal[5]" cannot be assigned to parameter "data"
        await self.send(5)

    # mypy> Return type "Coroutine[Any, Any, int]" of "on_open" incompatible with return type
    # pyright> "on_open" overrides class "RawSocket" in an incompatible manner
    async def on_open(self) -> int:
        return 5

    # mypy> Signature of "on_terminate" incompatible with supertype
    # pyright> "on_terminate" overrides class "RawSocket" in an incompatible manner
    async def on_terminate(self, reason: Exit, more: int) -> None: ...


# mypy> Argument 2 to "RawEndpoint" has incompatible type "type[Talk]"; expected "type[RawSocket[None]]"
# pyright> "type[Talk]" is not assignable to "type[RawSocket[None]]" … "User" is not the same as "None"
RawEndpoint("/talk", Talk)
# mypy> Cannot infer value of type parameter "Assigns" of "RawEndpoint"
# pyright> "User | Denied" is not a subtype of "Refusal | None"
RawEndpoint("/echo", Echo, login)
# mypy> "RawEndpoint[None]" has no attribute "broadcast"
# pyright> Cannot access attribute "broadcast" for class "RawEndpoint[None]"
echo.broadcast("room", "hi")
