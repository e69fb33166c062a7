"""A client of Phoenix Channels, typed by the classes of the server.

Example:
    ```python
    async with connect("wss://chat.example/socket", Login(name="ann")) as socket:
        room, state = await socket.join(Room.topic_for(room_id=1), Room.join, JoinRoom(token="x"))
        accepted = await room.call(Room.new_msg, NewMsg(body="hi"))
        async for message in room.pushes():
            print(message)
    ```
"""

from ..errors import CallFailed, ConnectFailed, Disconnected, Overrun, Refused, RoomClosed
from .changes import Changes, RoomChange, SocketChange
from .machine import ClientMachine
from .presences import Presences
from .room import ClientRoom
from .room_machine import RoomMachine
from .settings import Settings
from .socket import ClientSocket, connect
from .stream import ClientStream
from .transitions import RoomState, SocketState

__all__ = [
    "CallFailed",
    "Changes",
    "ClientMachine",
    "ClientRoom",
    "ClientSocket",
    "ClientStream",
    "ConnectFailed",
    "Disconnected",
    "Overrun",
    "Presences",
    "Refused",
    "RoomChange",
    "RoomClosed",
    "RoomMachine",
    "RoomState",
    "Settings",
    "SocketChange",
    "SocketState",
    "connect",
]
