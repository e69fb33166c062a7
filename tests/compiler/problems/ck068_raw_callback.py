from channelkit import RawSocket


class Echo(RawSocket[None]):
    def on_frame(self, frame: str | bytes) -> str | bytes:  # type: ignore
        return frame

    async def on_terminate(self) -> None:  # type: ignore
        print("over")

    on_info = print  # type: ignore


socket = Echo
