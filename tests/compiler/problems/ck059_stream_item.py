from collections.abc import AsyncGenerator, AsyncIterator

from channelkit import Channel, Message, Open, Refusal, channel, on_event, on_join


class Posted(Message):
    body: str


class Poster(Message):
    body: str


class Gone(Refusal): ...


@channel("lobby")
class Lobby(Channel[None, Posted]):
    @on_join
    async def join(self, params: Open) -> None: ...

    @on_event("undeclared")
    async def undeclared(self, message: Open) -> AsyncIterator[Posted | Poster | Gone]:
        yield Posted(body="")

    @on_event("number")
    async def number(self, message: Open) -> AsyncGenerator[int, None]:
        yield 1

    @on_event("chunks")
    async def chunks(
        self, message: Open
    ) -> AsyncIterator[bytes]:
        yield b""

    @on_event("nothing")
    async def nothing(self, message: Open) -> AsyncIterator[Gone]:
        yield Gone()


channels = [Lobby]
