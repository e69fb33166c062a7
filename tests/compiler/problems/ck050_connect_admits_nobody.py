from channelkit import Channel, Open, Refusal


class Denied(Refusal):
    pass


channels: list[type[Channel[None]]] = []


async def connect(params: Open) -> Denied: ...
