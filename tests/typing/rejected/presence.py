"""Presences that are not what they are declared to be."""

from __future__ import annotations

from channelkit import Channel, Endpoint, Open, Presence, channel, on_event, on_join
from tests.typing.accepted.presence import Away, Hall, Online, Profile, Room


async def names(topic: str, group: dict[str, list[Online]]) -> dict[str, str]:
    return {}


async def of_others(topic: str, group: dict[str, list[Away]]) -> dict[str, Profile]:
    return {}


def sync(topic: str, group: dict[str, list[Online]]) -> dict[str, Profile]:
    return {}


# mypy> Value of type variable "Meta" of "Presence" cannot be "int"
# pyright> "type[int]" cannot be assigned to parameter "meta" … Type "int" is not assignable to type "BaseModel"
Presence(int)
# mypy> Argument 1 to "Presence" has incompatible type "Online"
# pyright> "Online" cannot be assigned to parameter "meta"
Presence(Online(status="online"))
# mypy> Argument "fetch" to "Presence" has incompatible type … dict[str, str]]]"; expected
# pyright> Function return type "CoroutineType[Any, Any, dict[str, str]]" is incompatible with type "Awaitable[Mapping[str, BaseModel]]"
Presence(Online, fetch=names)
# mypy> Argument "fetch" to "Presence" has incompatible type "Callable[[str, dict[str, list[Away]]]
# pyright> Parameter 2: type "dict[str, list[Online]]" is incompatible with type "dict[str, list[Away]]"
Presence(Online, fetch=of_others)
# mypy> Argument "fetch" to "Presence" has incompatible type … dict[str, Profile]]"; expected
# pyright> Function return type "dict[str, Profile]" is incompatible with type "Awaitable[Mapping[str, BaseModel]]"
Presence(Online, fetch=sync)


@channel("den")
class Den(Channel[None]):
    here = Presence(Online)

    @on_join
    async def join(self, params: Open) -> None: ...

    @on_event("wrong")
    async def wrong(self, message: Open) -> None:
        # mypy> Argument 2 to "track" of "Here" has incompatible type "Away"; expected "Online"
        # pyright> "Away" cannot be assigned to parameter "meta" … "Away" is not assignable to "Online"
        self.here.track("ann", Away(since=1))
        # mypy> Argument 2 to "track" of "Here" has incompatible type "dict[str, str]"; expected "Online"
        # pyright> "dict[str, str]" cannot be assigned to parameter "meta"
        self.here.track("ann", {"status": "online"})
        # mypy> Argument 1 to "track" of "Here" has incompatible type "tuple[str, str]"; expected "str | int"
        # pyright> cannot be assigned to parameter "key" of type "str | int"
        self.here.track(("a", "b"), Online(status="online"))
        # mypy> Argument 2 to "update" of "Here" has incompatible type "Away"; expected "Online | Callable[[Online], Online]"
        # pyright> "Away" cannot be assigned to parameter "meta" … "Away" is not assignable to "Online"
        self.here.update("ann", Away(since=1))
        # mypy> Argument 2 to "update" of "Here" has incompatible type "Callable[[Online], Away]"
        # pyright> Function return type "Away" is incompatible with type "Online"
        self.here.update("ann", lambda meta: Away(since=1))
        # mypy> "Online" has no attribute "since"
        # pyright> Cannot access attribute "since" for class "Online"
        self.here.metas("ann")[0].since
        # mypy> Incompatible types in "await" (actual type "str"
        # pyright> "str" is not awaitable
        await self.here.track("ann", Online(status="online"))
        # mypy> "Here[Online]" has no attribute "push"
        # pyright> Cannot access attribute "push" for class "Here[Online]"
        self.here.push()
        # mypy> "Den" has no attribute "there"
        # pyright> Cannot access attribute "there" for class "Den*"
        self.there.track("ann", Online(status="online"))


def listed(endpoint: Endpoint[None]) -> dict[str, list[Away]]:
    # mypy> "Presence[Online]" has no attribute "track"
    # pyright> Cannot access attribute "track" for class "Presence[Online]"
    Room.here.track("ann", Online(status="online"))
    # mypy> Argument 1 to "presences" of "Endpoint" has incompatible type "str"; expected "Topic[Any]"
    # pyright> "Literal['room:1']" cannot be assigned to parameter "topic"
    endpoint.presences("room:1", Room.here)
    # mypy> Argument 2 to "presences" of "Endpoint" has incompatible type "Join[Hall, Open, None]"
    # pyright> "Join[Hall, Open, None]" cannot be assigned to parameter "presence"
    endpoint.presences(Room.topic_for(room_id=1), Hall.join)
    # mypy> Argument 2 to "presences" of "Endpoint" has incompatible type "Presence[Online]"; expected "Presence[Away]"
    # pyright> Type "dict[str, list[Online]]" is not assignable to return type "dict[str, list[Away]]"
    return endpoint.presences(Room.topic_for(room_id=1), Room.here)
