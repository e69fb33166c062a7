"""Joins, calls and pushes of the client that the channel does not have."""

from __future__ import annotations

from channelkit.client import ClientRoom, ClientSocket, connect
from tests.typing.accepted.client import (
    Accepted,
    JoinRoom,
    Lobby,
    NewMsg,
    Posted,
    Room,
    Typing,
)
from tests.typing.accepted.presence import Online as Other


async def join(socket: ClientSocket) -> None:
    topic = Room.topic_for(room_id=42)
    # mypy> Cannot infer value of type parameter "JoinParams" of "join" of "ClientSocket"
    # pyright> "NewMsg" cannot be assigned to parameter "params" … "NewMsg" is not assignable to "JoinRoom"
    await socket.join(topic, Room.join, NewMsg(body="hi"))
    # mypy> Argument 1 to "join" of "ClientSocket" has incompatible type "str"; expected "Topic[
    # pyright> "Literal['room:42']" cannot be assigned to parameter "topic"
    await socket.join("room:42", Room.join, JoinRoom(token="x"))
    room, state = await socket.join(topic, Room.join, JoinRoom(token="x"))
    # mypy> Item "State" of "State | Full" has no attribute "limit"
    # pyright> Cannot access attribute "limit" for class "State"
    state.limit
    message = await anext(room)
    # mypy> Item "Typing" of "Posted | Typing" has no attribute "body"
    # pyright> Cannot access attribute "body" for class "Typing"
    message.body
    lobby, _ = await socket.join(Lobby.topic_for(), Lobby.join, JoinRoom(token="x"))
    # mypy> Argument 2 to "__get__" of "Event" has incompatible type "type[Room]"; expected "type[Lobby]"
    # pyright> "Event[Room, NewMsg, Accepted | Full]" cannot be assigned to parameter "event"
    await lobby.call(Room.new_msg, NewMsg(body="hi"))


async def call(room: ClientRoom[Room, Posted | Typing]) -> None:
    # mypy> Value of type variable "TypedReply" of "call" of "ClientRoom" cannot be "None"
    # pyright> "Event[Room, Typing, None]" cannot be assigned to parameter "event"
    await room.call(Room.typing, Typing(user="ann"))
    # mypy> Cannot infer value of type parameter "EventMessage" of "call" of "ClientRoom"
    # pyright> "Accepted" cannot be assigned to parameter "message" … "Accepted" is not assignable to "NewMsg"
    await room.call(Room.new_msg, Accepted(id=1))
    # mypy> Value of type variable "TypedReply" of "call" of "ClientRoom" cannot be "Stream[Posted | Full]"
    # pyright> Type "Stream[Posted | Full]" is not assignable to type "Message | bytes | Refusal | Ok"
    await room.call(Room.history, Accepted(id=1))
    # mypy> Argument 1 to "stream" of "ClientRoom" has incompatible type "Event[Room, NewMsg, Accepted | Full]"
    # pyright> "Event[Room, NewMsg, Accepted | Full]" cannot be assigned to parameter "event"
    room.stream(Room.new_msg, NewMsg(body="hi"))
    # mypy> Argument 1 to "presences" of "ClientRoom" has incompatible type
    # pyright> cannot be assigned to parameter "here"
    read(await room.presences(Room.here))


def read(here: dict[str, list[Other]]) -> None: ...


async def get_in() -> None:
    # mypy> Argument 2 to "connect" has incompatible type "type[Room]"
    # pyright> "type[Room]" cannot be assigned to parameter "params"
    async with connect("ws://localhost/socket", Room) as socket:
        # mypy> Property "state" defined in "ClientSocket" is read-only
        # pyright> Cannot assign to attribute "state" for class "ClientSocket"
        socket.state = "open"
    # mypy> List item 0 has incompatible type "type[NewMsg]"; expected "type[Refusal]"
    # pyright> "type[NewMsg]" is not assignable to "type[Refusal]"
    async with connect("ws://localhost/socket", refusals=[NewMsg]):
        pass
