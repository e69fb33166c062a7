"""Joins and calls of the test kit that the channel does not have."""

from __future__ import annotations

from channelkit.testing import ClientRoom, ClientSocket
from tests.typing.accepted.design import (
    JoinRoom,
    Kick,
    Lobby,
    NewMsg,
    Room,
    RoomFull,
)
from tests.typing.accepted.payloads import Desk, Draft


async def join(socket: ClientSocket) -> None:
    topic = Room.topic_for(room_id=42)
    # mypy> Cannot infer value of type parameter "JoinParams" of "join" of "ClientSocket"
    # pyright> "NewMsg" cannot be assigned to parameter "params" … "NewMsg" is not assignable to "JoinRoom"
    await socket.join(topic, Room.join, NewMsg(body="hi"))
    # mypy> Cannot infer value of type parameter "JoinParams" of "join" of "ClientSocket"
    # pyright> "dict[str, str]" cannot be assigned to parameter "params"
    await socket.join(topic, Room.join, {"token": "x"})
    # mypy> Missing positional argument "params" in call to "join" of "ClientSocket"
    # pyright> Argument missing for parameter "params"
    await socket.join(topic, Room.join)
    # mypy> Argument 2 to "join" of "ClientSocket" has incompatible type "Event[Room, NewMsg, Accepted]"
    # pyright> "Event[Room, NewMsg, Accepted]" cannot be assigned to parameter "join"
    await socket.join(topic, Room.new_msg, JoinRoom(token="x"))
    # mypy> Argument 1 to "join" of "ClientSocket" has incompatible type "str"; expected "Topic[Any]"
    # pyright> "Literal['room:42']" cannot be assigned to parameter "topic" … "Literal['room:42']" is not assignable to "Topic[Any]"
    await socket.join("room:42", Room.join, JoinRoom(token="x"))
    # mypy> Cannot infer value of type parameter "JoinParams" of "join_nowait" of "ClientSocket"
    # pyright> "NewMsg" cannot be assigned to parameter "params" … "NewMsg" is not assignable to "JoinRoom"
    socket.join_nowait(topic, Room.join, NewMsg(body="hi"))
    room, state = await socket.join(topic, Room.join, JoinRoom(token="x"))
    # mypy> Item "RoomState" of "RoomState | RoomFull" has no attribute "limit"
    # pyright> Cannot access attribute "limit" for class "RoomState"
    state.limit
    # mypy> Argument 2 to "__get__" of "Event" has incompatible type "type[Lobby]"; expected "type[Room]"
    # pyright> "Event[Lobby, NewMsg, Accepted]" cannot be assigned to parameter "event" … "Event[Lobby, NewMsg, Accepted]" is not assignable to "Event[Room, NewMsg, Accepted]"
    await room.call(Lobby.hi, NewMsg(body="hi"))
    # mypy> Argument 1 to "call" of "ClientRoom" has incompatible type "Join[Lobby, JoinRoom, None]"
    # pyright> "Join[Lobby, JoinRoom, None]" cannot be assigned to parameter "event"
    await room.call(Lobby.join, JoinRoom(token="x"))


async def call(room: ClientRoom[Room]) -> None:
    # mypy> Value of type variable "TypedReply" of "call" of "ClientRoom" cannot be "None"
    # pyright> "Event[Room, Kick, None]" cannot be assigned to parameter "event" … Type "None" is not assignable to type "Message | bytes | Refusal | Ok"
    await room.call(Room.kick, Kick(user="ann"))
    # mypy> Cannot infer value of type parameter "EventMessage" of "call" of "ClientRoom"
    # pyright> "Kick" cannot be assigned to parameter "message" … "Kick" is not assignable to "NewMsg"
    await room.call(Room.new_msg, Kick(user="ann"))
    # mypy> Cannot infer value of type parameter "EventMessage" of "call" of "ClientRoom"
    # pyright> "type[NewMsg]" cannot be assigned to parameter "message" … Type "type[NewMsg]" is not assignable to type "NewMsg"
    await room.call(Room.new_msg, NewMsg)
    # mypy> Cannot infer value of type parameter "EventMessage" of "call" of "ClientRoom"
    # pyright> "Literal[b"hi"]" cannot be assigned to parameter "message" … "Literal[b"hi"]" is not assignable to "NewMsg"
    await room.call(Room.new_msg, b"hi")
    # mypy> Missing positional argument "message" in call to "call" of "ClientRoom"
    # pyright> Argument missing for parameter "message"
    await room.call(Room.new_msg)
    # mypy> Argument 1 to "call" of "ClientRoom" has incompatible type "str"; expected "Event[Room, NewMsg, Never]"
    # pyright> "Literal['new_msg']" cannot be assigned to parameter "event"
    await room.call("new_msg", NewMsg(body="hi"))
    # mypy> Argument 1 to "call" of "ClientRoom" has incompatible type "OnInfo[Tick]"; expected "Event[Room, NewMsg, Never]"
    # pyright> "OnInfo[Tick]" cannot be assigned to parameter "event"
    await room.call(Room.tick, NewMsg(body="hi"))
    # mypy> "type[Room]" has no attribute "shout"
    # pyright> Cannot access attribute "shout" for class "type[Room]"
    await room.call(Room.shout, NewMsg(body="hi"))
    # mypy> Cannot infer value of type parameter "EventMessage" of "send" of "ClientRoom"
    # pyright> "NewMsg" cannot be assigned to parameter "message" … "NewMsg" is not assignable to "Kick"
    await room.send(Room.kick, NewMsg(body="hi"))
    # mypy> Argument 2 to "__get__" of "Event" has incompatible type "type[Lobby]"; expected "type[Room]"
    # pyright> "Event[Lobby, NewMsg, Accepted]" cannot be assigned to parameter "event" … "Event[Lobby, NewMsg, Accepted]" is not assignable to "Event[Room, NewMsg, Any]"
    await room.send(Lobby.hi, NewMsg(body="hi"))
    accepted = await room.call(Room.new_msg, NewMsg(body="hi"))
    # mypy> "Accepted" has no attribute "body"
    # pyright> Cannot access attribute "body" for class "Accepted"
    accepted.body
    # mypy> Value of type variable "Pushed" of "expect" of "ClientRoom" cannot be "RoomFull"
    # pyright> "type[RoomFull]" cannot be assigned to parameter "message" … Type "RoomFull" is not assignable to type "Message"
    await room.expect(RoomFull)
    # mypy> Argument 1 to "expect" of "ClientRoom" has incompatible type "str"; expected "type[Never]"
    # pyright> "Literal['posted']" cannot be assigned to parameter "message"
    await room.expect("posted")


async def call_desk(desk: ClientRoom[Desk]) -> None:
    # mypy> Value of type variable "TypedReply" of "call" of "ClientRoom" cannot be "Saved | None"
    # pyright> "Event[Desk, Draft, Saved | None]" cannot be assigned to parameter "event" … Type "Saved | None" is not assignable to type "Message | bytes | Refusal | Ok"
    await desk.call(Desk.sometimes, Draft(text="hi"))
    # mypy> Cannot infer value of type parameter "EventMessage" of "call" of "ClientRoom"
    # pyright> "NewMsg" cannot be assigned to parameter "message" … "NewMsg" is not assignable to "Drawing"
    await desk.call(Desk.either, NewMsg(body="hi"))
    saved = await desk.call(Desk.either, Draft(text="hi"))
    # mypy> Item "Saved" of "Saved | Ok | TooLong | Locked" has no attribute "limit"
    # pyright> Cannot access attribute "limit" for class "Saved"
    saved.limit
