from pydantic import model_serializer

from channelkit import Channel, Message, Open, channel, on_join


class Scores(Message):
    scores: list[int]

    @model_serializer
    def bare(self) -> list[int]:
        return self.scores


@channel("lobby")
class Lobby(Channel[None, Scores]):
    @on_join
    async def join(self, params: Open) -> None: ...


channels = [Lobby]
