"""Pushes and broadcasts, from inside, of what the channel does not declare."""

from __future__ import annotations

from channelkit import Channel, Message, Open, after_join, channel
from tests.typing.accepted.design import NewMsg, Posted, RoomFull, Typing, User


class Secret(Message):
    body: str


@channel("room:{room_id}")
class Room(Channel[User, Posted | Typing]):
    room_id: int

    @after_join
    async def announce(self) -> None:
        # mypy> Argument 1 to "push" of "Channel" has incompatible type "Secret"; expected "Posted | Typing"
        # pyright> "Secret" cannot be assigned to parameter "message" … Type "Secret" is not assignable to type "Posted | Typing"
        await self.push(Secret(body="hi"))
        # mypy> Argument 1 to "push_nowait" of "Channel" has incompatible type "Secret"; expected "Posted | Typing"
        # pyright> "Secret" cannot be assigned to parameter "message" … Type "Secret" is not assignable to type "Posted | Typing"
        self.push_nowait(Secret(body="hi"))
        # mypy> Argument 1 to "broadcast" of "Channel" has incompatible type "NewMsg"; expected "Posted | Typing"
        # pyright> "NewMsg" cannot be assigned to parameter "message" … Type "NewMsg" is not assignable to type "Posted | Typing"
        await self.broadcast(NewMsg(body="hi"))
        # mypy> Argument 1 to "broadcast_nowait" of "Channel" has incompatible type "NewMsg"; expected "Posted | Typing"
        # pyright> "NewMsg" cannot be assigned to parameter "message" … Type "NewMsg" is not assignable to type "Posted | Typing"
        self.broadcast_nowait(NewMsg(body="hi"))
        # mypy> Argument 1 to "broadcast_from" of "Channel" has incompatible type "NewMsg"; expected "Posted | Typing"
        # pyright> "NewMsg" cannot be assigned to parameter "message" … Type "NewMsg" is not assignable to type "Posted | Typing"
        await self.broadcast_from(NewMsg(body="hi"))
        # mypy> Argument 1 to "broadcast_from_nowait" of "Channel" has incompatible type "NewMsg"; expected "Posted | Typing"
        # pyright> "NewMsg" cannot be assigned to parameter "message" … Type "NewMsg" is not assignable to type "Posted | Typing"
        self.broadcast_from_nowait(NewMsg(body="hi"))
        # mypy> Argument 1 to "push" of "Channel" has incompatible type "RoomFull"; expected "Posted | Typing"
        # pyright> "RoomFull" cannot be assigned to parameter "message" … Type "RoomFull" is not assignable to type "Posted | Typing"
        await self.push(RoomFull(limit=1))
        # mypy> Argument 1 to "push" of "Channel" has incompatible type "bytes"; expected "Posted | Typing"
        # pyright> "Literal[b"hi"]" cannot be assigned to parameter "message" … Type "Literal[b"hi"]" is not assignable to type "Posted | Typing"
        await self.push(b"hi")
        # mypy> Argument 1 to "push" of "Channel" has incompatible type "dict[str, str]"; expected "Posted | Typing"
        # pyright> "dict[str, str]" cannot be assigned to parameter "message" … Type "dict[str, str]" is not assignable to type "Posted | Typing"
        await self.push({"body": "hi"})
        # mypy> Argument 1 to "push" of "Channel" has incompatible type "type[Posted]"; expected "Posted | Typing"
        # pyright> "type[Posted]" cannot be assigned to parameter "message" … Type "type[Posted]" is not assignable to type "Posted | Typing"
        await self.push(Posted)
        # mypy> Missing named argument "body" for "Posted"
        # pyright> Argument missing for parameter "body"
        await self.push(Posted(user="ann"))

    async def either(self, message: Posted | Secret) -> None:
        # mypy> Argument 1 to "push" of "Channel" has incompatible type "Posted | Secret"; expected "Posted | Typing"
        # pyright> "Posted | Secret" cannot be assigned to parameter "message" … Type "Posted | Secret" is not assignable to type "Posted | Typing"
        await self.push(message)

    async def several(self, message: Message) -> None:
        # mypy> Argument 1 to "broadcast" of "Channel" has incompatible type "Message"; expected "Posted | Typing"
        # pyright> "Message" cannot be assigned to parameter "message" … Type "Message" is not assignable to type "Posted | Typing"
        await self.broadcast(message)


@channel("quiet")
class Quiet(Channel[User]):
    @after_join
    async def announce(self) -> None:
        # mypy> Argument 1 to "push" of "Channel" has incompatible type "Posted"; expected "Never"
        # pyright> "Posted" cannot be assigned to parameter "message" … Type "Posted" is not assignable to type "Never"
        await self.push(Posted(user="ann", body="hi"))
        # mypy> Argument 1 to "broadcast" of "Channel" has incompatible type "Open"; expected "Never"
        # pyright> "Open" cannot be assigned to parameter "message" … Type "Open" is not assignable to type "Never"
        await self.broadcast(Open(payload={}))


# mypy> Type argument "RoomFull" of "Channel" must be a subtype of "Message"
# pyright> Type "RoomFull" cannot be assigned to type variable "Pushes_contra@Channel"
class PushesRefusals(Channel[User, RoomFull]): ...


# mypy> Type argument "Posted | bytes" of "Channel" must be a subtype of "Message"
# pyright> Type "Posted | bytes" cannot be assigned to type variable "Pushes_contra@Channel"
class PushesBytes(Channel[User, Posted | bytes]): ...
