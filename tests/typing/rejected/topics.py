"""Topics that the pattern's parameters do not make."""

from __future__ import annotations

from tests.typing.accepted.design import Lobby, Room
from tests.typing.accepted.inheritance import Hall
from tests.typing.accepted.topics import Everything

# mypy> Missing named argument "room_id" for "topic_for" of "Channel"
# pyright> Argument missing for parameter "room_id"
Room.topic_for()
# mypy> Unexpected keyword argument "room" for "topic_for" of "Channel"
# pyright> No parameter named "room"
Room.topic_for(room=42)
# mypy> Unexpected keyword argument "door" for "topic_for" of "Channel"
# pyright> No parameter named "door"
Room.topic_for(room_id=42, door="north")
# mypy> Argument "room_id" to "topic_for" of "Channel" has incompatible type "str"; expected "int"
# pyright> "Literal['42']" cannot be assigned to parameter "room_id" … "Literal['42']" is not assignable to "int"
Room.topic_for(room_id="42")
# mypy> Too many positional arguments for "topic_for" of "Channel"
# pyright> Expected 0 positional arguments
Room.topic_for(42)
# mypy> Unexpected keyword argument "room_id" for "topic_for" of "Channel"
# pyright> No parameter named "room_id"
Lobby.topic_for(room_id=42)
# mypy> Missing named argument "room_id" for "topic_for" of "Channel"
# pyright> Argument missing for parameter "room_id"
Hall.topic_for(door="north")
# mypy> Argument "room_id" to "topic_for" of "Channel" has incompatible type "str"; expected "int"
# pyright> "Literal['one']" cannot be assigned to parameter "room_id" … "Literal['one']" is not assignable to "int"
Hall.topic_for(room_id="one", door="north")
# mypy> Missing named argument "id" for "topic_for" of "Channel"
# pyright> Arguments missing for parameters "id", "day", "colour", "rest"
Everything.topic_for(number=1, name="x", kind="huge")
