"""Words for the tests of the pure floors: pushes and replies, a dispatch table made by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from channelkit.channel import Channel
from channelkit.dispatch import DispatchTable, JoinPlan, Route
from channelkit.errors import Place
from channelkit.limits import Limits
from channelkit.messages import Open
from channelkit.payloads import Accepts, Answers
from channelkit.session import Send, Session, Start
from channelkit.topics import TopicPattern
from channelkit.wire import Push, Reply, refused

if TYPE_CHECKING:
    from channelkit.member import Member
    from channelkit.messages import Message
    from channelkit.payloads import Verdict
    from channelkit.wire import Body, Ref

__all__ = [
    "ROOM",
    "closed",
    "crashed",
    "error",
    "event",
    "heartbeat",
    "join",
    "joined",
    "joining",
    "leave",
    "leaving",
    "ok",
    "route",
    "session",
    "table",
    "unmatched",
]

ROOM = "room:1"

_PLACE = Place(file="room.py", line=1, name="Room", source="class Room(Channel[None]):")


# The peer's pushes. As with phoenix.js, the join's ref is its join_ref too.


def join(topic: str = ROOM, *, ref: Ref = "1", join_ref: Ref = "the ref") -> Push:
    return Push(ref if join_ref == "the ref" else join_ref, ref, topic, "phx_join", {})


def event(ref: Ref = "2", *, name: str = "new_msg", join_ref: Ref = "1", topic: str = ROOM) -> Push:
    return Push(join_ref, ref, topic, name, {"body": "hi"})


def leave(ref: Ref = "9", *, join_ref: Ref = "1", topic: str = ROOM) -> Push:
    return Push(join_ref, ref, topic, "phx_leave", {})


def heartbeat(ref: Ref = "7", *, join_ref: Ref = None) -> Push:
    return Push(join_ref, ref, "phoenix", "heartbeat", {})


# What the session sends.


def ok(push: Push, response: Body | None = None) -> Send:
    """The ok reply that carries the push's own join_ref."""
    return Send(Reply(push.join_ref, push.ref, push.topic, "ok", response or {}))


def error(push: Push, reason: str) -> Send:
    """The error reply that carries the push's own join_ref."""
    return Send(Reply(push.join_ref, push.ref, push.topic, "error", refused(reason)))


def unmatched(push: Push) -> Send:
    return Send(Reply(None, push.ref, push.topic, "error", refused("unmatched topic")))


def closed(member: Member) -> Send:
    ref = member.join.join_ref
    return Send(Push(ref, ref, member.topic, "phx_close", {}))


def crashed(member: Member, reason: str = "channel_crash") -> Send:
    ref = member.join.join_ref
    return Send(Push(ref, ref, member.topic, "phx_error", refused(reason)))


# The channels, compiled by hand.


class Room(Channel[None]):
    """Any channel: the session never looks into it."""


async def _grants(_: Room, __: Message) -> Verdict:
    return None


def route(pattern: str, **parameters: type) -> Route:
    return Route(
        channel=Room,
        pattern=TopicPattern.parse(pattern),
        parameters={name: TypeAdapter[Any](kind) for name, kind in parameters.items()},
        pushes={},
        join=JoinPlan(
            handler=_grants,
            accepts=Accepts((Open,)),
            answers=Answers((), (), silent=True),
            place=_PLACE,
        ),
        after_join=None,
        on_leave=None,
        infos=(),
        intercepts={},
        place=_PLACE,
        summary="",
        _events={},
    )


def table(*routes: Route) -> DispatchTable:
    return DispatchTable(routes=routes or (route("room:{room_id}", room_id=int),))


# A session, and a member in each of its states.


def session(limits: Limits | None = None, *routes: Route) -> Session:
    return Session(table(*routes), limits or Limits())


def joining(on: Session, push: Push | None = None) -> Member:
    match on.receive(push or join()):
        case [*_, Start(member)]:
            return member
        case actions:
            raise AssertionError(f"no join was started, but {actions}")


def joined(on: Session, push: Push | None = None) -> Member:
    member = joining(on, push)
    on.granted(member, {})
    return member


def leaving(on: Session, push: Push | None = None) -> Member:
    member = joined(on)
    on.receive(push or leave())
    return member
