from channelkit import Channel, Message, Open, channel, on_broadcast, on_join


class Posted(Message):
    body: str


class Poster(Message):
    body: str


class Typing(Message):
    user: str


@channel("lobby")
class Lobby(Channel[None, Posted | Typing]):
    @on_join
    async def join(self, params: Open) -> None: ...

    @on_broadcast
    async def poster(self, message: Poster) -> Poster | None: ...

    @on_broadcast
    async def both(self, message: Posted | Typing) -> None: ...


@channel("hall")
class Hall(Channel[None]):
    @on_join
    async def join(self, params: Open) -> None: ...

    @on_broadcast
    async def posted(self, message: Posted) -> Posted | None: ...


channels = [Lobby, Hall]
