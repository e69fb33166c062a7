"""Broadcasts from outside of what the topic's channel does not declare."""

from __future__ import annotations

from channelkit import Message, Topic
from tests.typing.accepted.design import Lobby, NewMsg, Posted, Room, RoomFull, Typing, endpoint


async def main(either: Posted | NewMsg) -> None:
    topic = Room.topic_for(room_id=42)
    # mypy> Cannot infer value of type parameter "DeclaredPush" of "broadcast" of "Endpoint"
    # pyright> "NewMsg" cannot be assigned to parameter "message" … Type "NewMsg" is not assignable to type "Posted | Typing"
    await endpoint.broadcast(topic, NewMsg(body="hi"))
    # mypy> Cannot infer value of type parameter "DeclaredPush" of "broadcast_nowait" of "Endpoint"
    # pyright> "NewMsg" cannot be assigned to parameter "message" … Type "NewMsg" is not assignable to type "Posted | Typing"
    endpoint.broadcast_nowait(topic, NewMsg(body="hi"))
    # mypy> Cannot infer value of type parameter "DeclaredPush" of "broadcast" of "FromThread"
    # pyright> "NewMsg" cannot be assigned to parameter "message" … Type "NewMsg" is not assignable to type "Posted | Typing"
    endpoint.from_thread.broadcast(topic, NewMsg(body="hi"))
    # mypy> Cannot infer value of type parameter "DeclaredPush" of "broadcast" of "Endpoint"
    # pyright> "Posted | NewMsg" cannot be assigned to parameter "message" … Type "Posted | NewMsg" is not assignable to type "Posted | Typing"
    await endpoint.broadcast(topic, either)
    # mypy> Cannot infer value of type parameter "DeclaredPush" of "broadcast" of "Endpoint"
    # pyright> "RoomFull" cannot be assigned to parameter "message" … Type "RoomFull" is not assignable to type "Posted | Typing"
    await endpoint.broadcast(topic, RoomFull(limit=1))
    # mypy> Cannot infer value of type parameter "DeclaredPush" of "broadcast" of "Endpoint"
    # pyright> "Literal[b"hi"]" cannot be assigned to parameter "message" … Type "Literal[b"hi"]" is not assignable to type "Posted | Typing"
    await endpoint.broadcast(topic, b"hi")
    # mypy> Cannot infer value of type parameter "DeclaredPush" of "broadcast" of "Endpoint"
    # pyright> "Posted" cannot be assigned to parameter "message" … Type "Posted" is not assignable to type "Never"
    await endpoint.broadcast(Lobby.topic_for(), Posted(user="ann", body="hi"))
    # mypy> Argument 1 to "broadcast" of "Endpoint" has incompatible type "str"; expected "Topic[Posted]"
    # pyright> "Literal['room:42']" cannot be assigned to parameter "topic" … "Literal['room:42']" is not assignable to "Topic[Posted]"
    await endpoint.broadcast("room:42", Posted(user="ann", body="hi"))
    # mypy> Argument 1 to "broadcast_raw" of "Endpoint" has incompatible type "Topic[Posted | Typing]"; expected "str"
    # pyright> "Topic[Posted | Typing]" cannot be assigned to parameter "topic" … "Topic[Posted | Typing]" is not assignable to "str"
    await endpoint.broadcast_raw(topic, "posted", {})
    # mypy> Value of type "Coroutine[Any, Any, None]" must be used
    # pyright> Result of async function call is not used; use "await" or assign result to variable
    endpoint.broadcast(topic, Posted(user="ann", body="hi"))


def narrow(topic: Topic[Typing]) -> Topic[Message]:
    # mypy> Incompatible return value type (got "Topic[Typing]", expected "Topic[Message]")
    # pyright> Type "Topic[Typing]" is not assignable to return type "Topic[Message]"
    return topic
