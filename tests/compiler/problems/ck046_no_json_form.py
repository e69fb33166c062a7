from collections.abc import Callable

from pydantic import BaseModel, ConfigDict

from channelkit import Channel, Message, Open, Refusal, channel, on_event, on_join


class Lock: ...


class User(BaseModel):
    name: str
    notify: Callable[[], None]


class Posted(Message):
    user: User


class Full(Refusal):
    model_config = ConfigDict(arbitrary_types_allowed=True)

    lock: Lock


class Job(Message):
    done: Callable[[], None]


@channel("lobby")
class Lobby(Channel[None, Posted]):
    @on_join
    async def join(self, params: Open) -> Full | None: ...

    @on_event("job")
    async def job(self, message: Job) -> None: ...


channels = [Lobby]
