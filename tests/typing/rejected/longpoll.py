"""Long-poll that is no such thing."""

from __future__ import annotations

from channelkit import Endpoint, LongPoll
from tests.typing.accepted.longpoll import Lobby

# mypy> No overload variant of "Endpoint" matches argument types
# pyright> Type "float" is not assignable to type "bool | LongPoll"
Endpoint("/seconds", channels=[Lobby], longpoll=10.0)
# mypy> Argument "window" to "LongPoll" has incompatible type "str"; expected "float"
# pyright> "Literal['10s']" is not assignable to "float"
LongPoll(window="10s")
# mypy> Argument "secret" to "LongPoll" has incompatible type "int"; expected "str | bytes | None"
# pyright> Type "Literal[1234]" is not assignable to type "str | bytes | None"
LongPoll(secret=1234)
# mypy> Too many positional arguments for "LongPoll"
# pyright> Expected 0 positional arguments
LongPoll(10.0)
