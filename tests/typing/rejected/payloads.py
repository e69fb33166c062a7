"""Parameters and returns that are no payloads, and handlers that are no handlers."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from channelkit import Channel, Message, Ok, Refusal, channel, on_event, on_join


class Draft(Message):
    text: str


class Saved(Message):
    size: int


class Full(Refusal):
    limit: int


class Plain(BaseModel):
    text: str


@channel("parameters")
class Parameters(Channel[None]):
    # mypy> Value of type variable "MessageIn" of "on_join" cannot be "dict[str, Any]"
    # pyright> Type "Message* | bytes*" is not assignable to type "dict[str, Any]"
    @on_join
    async def join(self, params: dict[str, Any]) -> None: ...

    # mypy> Value of type variable "MessageIn" of "__call__" of "OnEvent" cannot be "int"
    # pyright> Type "Message* | bytes*" is not assignable to type "int"
    @on_event("number")
    async def number(self, message: int) -> None: ...

    # mypy> Value of type variable "MessageIn" of "__call__" of "OnEvent" cannot be "dict[str, Any]"
    # pyright> Type "Message* | bytes*" is not assignable to type "dict[str, Any]"
    @on_event("dict")
    async def dict(self, message: dict[str, Any]) -> Ok:
        raise NotImplementedError

    # mypy> Value of type variable "MessageIn" of "__call__" of "OnEvent" cannot be "Plain"
    # pyright> Type "Message* | bytes*" is not assignable to type "Plain"
    @on_event("plain_model")
    async def plain_model(self, message: Plain) -> Ok:
        raise NotImplementedError

    # mypy> Value of type variable "MessageIn" of "__call__" of "OnEvent" cannot be "Full"
    # pyright> Type "Message* | bytes*" is not assignable to type "Full"
    @on_event("refusal")
    async def refusal(self, message: Full) -> Ok:
        raise NotImplementedError

    # pyright lets the next two pass: who takes more than a Draft takes a Draft. The compiler does not.
    # mypy> Value of type variable "MessageIn" of "__call__" of "OnEvent" cannot be "Draft | None"
    @on_event("optional")
    async def optional(self, message: Draft | None) -> Ok:
        raise NotImplementedError

    # mypy> Value of type variable "MessageIn" of "__call__" of "OnEvent" cannot be "Draft | int"
    @on_event("one_arm")
    async def one_arm(self, message: Draft | int) -> Ok:
        raise NotImplementedError

    # mypy> Argument 1 to "__call__" of "OnEvent" has incompatible type "Callable[[Parameters], Coroutine[Any, Any, Ok]]"
    # pyright> Function accepts too few positional parameters; expected 2 but received 1
    @on_event("none")
    async def none(self) -> Ok:
        raise NotImplementedError

    # mypy> Argument 1 to "__call__" of "OnEvent" has incompatible type "Callable[[Parameters, Draft, Draft], Coroutine[Any, Any, Ok]]"
    # pyright> Extra parameter "more"
    @on_event("two")
    async def two(self, message: Draft, more: Draft) -> Ok:
        raise NotImplementedError

    @on_event("untyped")
    # mypy> Function is missing a type annotation for one or more parameters
    # pyright> Type annotation is missing for parameter "message"
    async def untyped(self, message) -> Ok:
        raise NotImplementedError


@channel("returns")
class Returns(Channel[None]):
    # mypy> Value of type variable "Verdict" of "on_join" cannot be "Ok"
    # pyright> Function return type "CoroutineType[Any, Any, Ok]" is incompatible … Type "Ok" is not assignable to type "Message | bytes | Refusal | None"
    @on_join
    async def join(self, params: Draft) -> Ok:
        raise NotImplementedError

    # mypy> Value of type variable "Answer" of "__call__" of "OnEvent" cannot be "int"
    # pyright> Function return type "CoroutineType[Any, Any, int]" is incompatible … Type "int" is not assignable to type "Message | bytes | Refusal | Ok | None"
    @on_event("number")
    async def number(self, message: Draft) -> int:
        raise NotImplementedError

    # mypy> Value of type variable "Answer" of "__call__" of "OnEvent" cannot be "dict[str, int]"
    # pyright> Function return type "CoroutineType[Any, Any, dict[str, int]]" is incompatible … Type "dict[str, int]" is not assignable to type "Message | bytes | Refusal | Ok | None"
    @on_event("dict")
    async def dict(self, message: Draft) -> dict[str, int]:
        raise NotImplementedError

    # mypy> Value of type variable "Answer" of "__call__" of "OnEvent" cannot be "Plain"
    # pyright> Function return type "CoroutineType[Any, Any, Plain]" is incompatible … Type "Plain" is not assignable to type "Message | bytes | Refusal | Ok | None"
    @on_event("plain_model")
    async def plain_model(self, message: Draft) -> Plain:
        raise NotImplementedError

    # mypy> Value of type variable "Answer" of "__call__" of "OnEvent" cannot be "Saved | Full | str"
    # pyright> Function return type "CoroutineType[Any, Any, Saved | Full | str]" is incompatible … Type "Saved | Full | str" is not assignable to type "Message | bytes | Refusal | Ok | None"
    @on_event("one_arm")
    async def one_arm(self, message: Draft) -> Saved | Full | str:
        raise NotImplementedError

    @on_event("another")
    async def another(self, message: Draft) -> Saved | Full:
        # mypy> Incompatible return value type (got "Draft", expected "Saved | Full")
        # pyright> Type "Draft" is not assignable to return type "Saved | Full"
        return Draft(text="")

    @on_event("class")
    async def the_class(self, message: Draft) -> Saved:
        # mypy> Incompatible return value type (got "type[Saved]", expected "Saved")
        # pyright> Type "type[Saved]" is not assignable to return type "Saved"
        return Saved


@channel("kinds")
class Kinds(Channel[None]):
    # mypy> Argument 1 to "on_join" has incompatible type "Callable[[Kinds, Draft], None]"; expected "Callable[[Kinds, Draft], Coroutine[
    # pyright> Function return type "None" is incompatible … "None" is not assignable to "Coroutine[
    @on_join
    def join(self, params: Draft) -> None: ...

    # mypy> Argument 1 to "__call__" of "OnEvent" has incompatible type "Callable[[Kinds, Draft], Saved]"; expected "Callable[[Kinds, Draft], Coroutine[
    # pyright> Function return type "Saved" is incompatible … "Saved" is not assignable to "Coroutine[
    @on_event("sync")
    def sync(self, message: Draft) -> Saved:
        raise NotImplementedError

    # mypy> No overload variant of "on_event" matches argument type "Callable[[Kinds, Draft], Coroutine[Any, Any, Saved]]"
    # pyright> "FunctionType" is not assignable to "str"
    @on_event
    async def bare(self, message: Draft) -> Saved:
        raise NotImplementedError

    # mypy> No overload variant of "on_event" matches argument type "int"
    # pyright> "Literal[1]" cannot be assigned to parameter "name" … "Literal[1]" is not assignable to "str"
    @on_event(1)
    async def unnamed(self, message: Draft) -> Saved:
        raise NotImplementedError


@channel("bound")
class Bound(Channel[None]):
    # mypy> Value of type variable "ChannelT" of "__call__" of "OnEvent" cannot be "Draft"
    # pyright> "Channel[Any, Any]*" is not assignable to "Draft"
    @on_event("static")
    @staticmethod
    async def static(message: Draft) -> Saved:
        raise NotImplementedError

    # mypy> Value of type variable "ChannelT" of "__call__" of "OnEvent" cannot be "type[Bound]"
    # pyright> Type "ChannelT@__call__" is not assignable to type "type[Self@Bound]"
    @on_event("class")
    @classmethod
    async def of_class(cls, message: Draft) -> Saved:
        raise NotImplementedError


class NoChannel:
    # mypy> Value of type variable "ChannelT" of "__call__" of "OnEvent" cannot be "NoChannel"
    # pyright> "Channel[Any, Any]*" is not assignable to "NoChannel"
    @on_event("anywhere")
    async def anywhere(self, message: Draft) -> Saved:
        raise NotImplementedError


# pyright> Argument of type "type[NoChannelEither]" cannot be assigned to parameter of type "type[ChannelT@channel]"
@channel("no_channel")
# mypy> Value of type variable "ChannelT" of function cannot be "NoChannelEither"
class NoChannelEither: ...
