from collections.abc import AsyncIterator

from channelkit import Channel, Message, Open, channel, on_event, on_join


class Posted(Message):
    body: str


@channel("lobby")
class Lobby(Channel[None, Posted]):
    @on_join
    async def join(self, params: Open) -> None: ...

    @on_event("history")
    async def history(self, message: Open) -> Posted:
        yield Posted(body="")

    @on_event("bare")
    async def bare(self, message: Open) -> AsyncIterator:
        yield Posted(body="")

    @on_event("perhaps")
    async def perhaps(self, message: Open) -> AsyncIterator[Posted] | None:
        yield Posted(body="")


channels = [Lobby]
