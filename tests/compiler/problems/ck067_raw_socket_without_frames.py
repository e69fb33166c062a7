from channelkit import RawSocket


class Ticker(RawSocket[None]):
    """Only ever pushes."""

    async def on_open(self) -> str:
        return "tick"


socket = Ticker
