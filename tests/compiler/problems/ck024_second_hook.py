from channelkit import Channel, Exit, Open, after_join, channel, on_join, on_leave


class Base(Channel[None]):
    @on_leave
    async def left(self, reason: Exit) -> None: ...


@channel("lobby")
class Lobby(Base):
    @on_join
    async def join(self, params: Open) -> None: ...

    @after_join
    async def announce(self) -> None: ...

    @after_join
    async def count(self) -> None: ...

    @on_leave
    async def gone(self, reason: Exit) -> None: ...


channels = [Lobby]
