"""What a member holds, used as something else."""

from __future__ import annotations

from channelkit import Channel, Refused, Topic, channel, on_event
from tests.typing.accepted.design import Accepted, NewMsg, Posted, RoomFull, User
from tests.typing.accepted.inheritance import Talk


@channel("room:{room_id}")
class Room(Channel[User, Posted]):
    room_id: int

    @on_event("new_msg")
    async def new_msg(self, message: NewMsg) -> Accepted:
        # mypy> "User" has no attribute "age"
        # pyright> Cannot assign to attribute "age" for class "User"
        self.assigns.age = 3
        # mypy> Property "assigns" defined in "Channel" is read-only
        # pyright> Cannot assign to attribute "assigns" for class "Room*"
        self.assigns = User(name="bob")
        # mypy> Property "topic" defined in "Channel" is read-only
        # pyright> Cannot assign to attribute "topic" for class "Room*"
        self.topic = "room:1"
        # mypy> Argument 1 to "close" of "Socket" has incompatible type "str"; expected "int"
        # pyright> "Literal['bye']" cannot be assigned to parameter "code" … "Literal['bye']" is not assignable to "int"
        self.socket.close("bye")
        # mypy> Argument 1 to "send_frame" of "Socket" has incompatible type "Accepted"; expected "str | bytes"
        # pyright> "Accepted" cannot be assigned to parameter "data"
        await self.socket.send_frame(Accepted(id=1))
        # mypy> Argument 1 to "ping" of "Socket" has incompatible type "str"; expected "bytes"
        # pyright> "Literal['x']" cannot be assigned to parameter "payload"
        self.socket.ping("x")
        # mypy> Incompatible types in assignment (expression has type "str", variable has type "float | None")
        # pyright> Cannot assign to attribute "idle_timeout" for class "Socket"
        self.socket.idle_timeout = "1 s"
        # mypy> Too many positional arguments for "stop" of "Channel"
        # pyright> Expected 0 positional arguments
        self.stop("bye")
        # mypy> Argument 1 has incompatible type "str"; expected "NewMsg"
        # pyright> Argument of type "str" cannot be assigned to parameter of type "NewMsg"
        await self.new_msg(message.body)
        # mypy> Incompatible types in assignment (expression has type "int", variable has type "str")
        # pyright> Type "int" is not assignable to declared type "str"
        name: str = self.room_id
        # mypy> Argument 1 to "Refused" has incompatible type "Accepted"; expected "Refusal"
        # pyright> "Accepted" cannot be assigned to parameter "refusal" … "Accepted" is not assignable to "Refusal"
        raise Refused(Accepted(id=len(name)))

    @on_event("refuse")
    async def refuse(self, message: NewMsg) -> RoomFull:
        # mypy> Exception must be derived from BaseException
        # pyright> Invalid exception class or object
        raise RoomFull(limit=1)


@channel("talk:{room_id}")
class Narrower(Talk):
    @on_event("say")
    # mypy> Argument 1 of "say" is incompatible with supertype … defines the argument type as "Say"
    # pyright> "say" overrides symbol of same name in class "Talk"
    async def say(self, message: NewMsg) -> Accepted:
        return Accepted(id=1)


# mypy> Argument "room_id" to "Room" has incompatible type "str"; expected "int"
# pyright> "Literal['42']" cannot be assigned to parameter "room_id" … "Literal['42']" is not assignable to "int"
Room(room_id="42")
# mypy> Property "name" defined in "Topic" is read-only
# pyright> Cannot assign to attribute "name" for class "Topic[Unknown]"
Topic("room:42").name = "room:43"
