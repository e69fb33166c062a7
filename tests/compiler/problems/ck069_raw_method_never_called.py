from channelkit import RawSocket


class Echo(RawSocket[None]):
    def __init__(self) -> None:
        self.count = 0

    async def on_frame(self, frame: str | bytes) -> str | bytes:
        return frame

    async def on_teminate(self, reason: object) -> None:
        print("over")


socket = Echo
