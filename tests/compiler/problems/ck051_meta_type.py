from typing import Any, cast

from channelkit import Channel, Message, Open, Presence, Refusal, channel, on_join


class Gone(Refusal):
    why: str


@channel("lobby")
class Lobby(Channel[None]):
    here: Any = Presence(cast("Any", int))

    @on_join
    async def join(self, params: Open) -> None: ...


@channel("hall")
class Hall(Channel[None]):
    here = Presence(Message)

    @on_join
    async def join(self, params: Open) -> None: ...


@channel("cellar")
class Cellar(Channel[None]):
    here = Presence(Open)

    @on_join
    async def join(self, params: Open) -> None: ...


@channel("attic")
class Attic(Channel[None]):
    here = Presence(Gone)

    @on_join
    async def join(self, params: Open) -> None: ...


channels = [Lobby, Hall, Cellar, Attic]
