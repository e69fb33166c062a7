"""Tests against an endpoint in memory: no socket, no sleep, typed both ways.

Example:
    ```python
    async with connect(endpoint, Login(name="ann")) as ann:
        room, state = await ann.join(Room.topic_for(room_id=1), Room.join, JoinRoom(token="x"))
        assert await room.call(Room.new_msg, NewMsg(body="hi")) == Accepted(id=1)
        assert await room.expect(Posted) == Posted(user="ann", body="hi")
    ```
"""

from ..exits import Closed
from .raw import RawClient, connect_raw
from .room import ClientRoom, Ended
from .socket import ClientSocket, connect
from .stream import ClientStream
from .watching import Watched, watch

__all__ = [
    "ClientRoom",
    "ClientSocket",
    "ClientStream",
    "Closed",
    "Ended",
    "RawClient",
    "Watched",
    "connect",
    "connect_raw",
    "watch",
]
