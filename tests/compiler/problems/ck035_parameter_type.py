from datetime import datetime
from typing import Literal

from channelkit import Channel, Open, channel, on_join


@channel("at:{when}:{who}:{what}:{where}:{which}")
class Appointment(Channel[None]):
    when: datetime
    who: int | None
    what: Literal["a:b", "c"]
    where: Literal[1, "1"]
    which: Literal[b"1"]

    @on_join
    async def join(self, params: Open) -> None: ...


channels = [Appointment]
