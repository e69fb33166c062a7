"""The typed payloads an author declares: messages, refusals, open payloads and the bare ok."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from pydantic import BaseModel, ConfigDict, JsonValue
from typing_extensions import Unpack

from .masking import shown_fields

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Message", "Ok", "Open", "Refusal", "snake_case"]


def snake_case(name: str) -> str:
    """``NewMsg`` gives ``new_msg``, ``HTTPError`` gives ``http_error``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def _is_parametrized(cls: type[BaseModel]) -> bool:
    """Whether it is ``Page[int]``: pydantic's own subclass of `Page`, which keeps its names."""
    return "[" in cls.__name__


class _Discreet(BaseModel):
    """Shows no secret: not in its repr, and not in the text of a validation error."""

    model_config = ConfigDict(hide_input_in_errors=True)

    def __repr_args__(self) -> Iterable[tuple[str | None, object]]:
        return shown_fields(type(self), super().__repr_args__())


class Message(_Discreet):
    """A typed payload: what an event carries, in either direction.

    A message that is pushed or broadcast goes out under its *event*: the
    class name in snake case, or the name given in the class statement.

    Example:
        ```python
        class Posted(Message):  # event "posted"
            body: str


        class Typing(Message, event="user:typing"):
            user: str
        ```
    """

    __event__: ClassVar[str] = "message"

    def __init_subclass__(cls, *, event: str | None = None, **kwargs: Unpack[ConfigDict]) -> None:
        super().__init_subclass__(**kwargs)
        if _is_parametrized(cls):
            return
        cls.__event__ = event if event is not None else snake_case(cls.__name__)


class Open(Message):
    """A payload whose shape is left open: any JSON value, or binary.

    On the wire it is its one field. Pushed or broadcast, the payload must be
    a JSON object or bytes (protocol.md B1.3, rule 9); a reply may be any JSON.
    """

    payload: JsonValue | bytes


class Refusal(_Discreet):
    """The typed body of an error reply, or of a refused connection.

    Its *reason* is the class name in snake case unless the class statement
    names another; ``reason=None`` sends none. *status* is the HTTP status
    with which `connect` refuses. A refusal is no message: it is never pushed.
    """

    __reason__: ClassVar[str | None] = None
    __status__: ClassVar[int] = 403

    def __init_subclass__(
        cls, *, reason: str | None = "", status: int = 403, **kwargs: Unpack[ConfigDict]
    ) -> None:
        super().__init_subclass__(**kwargs)
        if _is_parametrized(cls):
            return
        cls.__reason__ = snake_case(cls.__name__) if reason == "" else reason
        cls.__status__ = status

    def response(self) -> dict[str, JsonValue]:
        """What the client reads: the reason, then the fields."""
        fields: dict[str, JsonValue] = self.model_dump(mode="json", by_alias=True)
        return fields if self.__reason__ is None else {"reason": self.__reason__, **fields}


class Ok:
    """An ok reply without content: ``{}`` on the wire."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ok)

    def __hash__(self) -> int:
        return hash(Ok)

    def __repr__(self) -> str:
        return "Ok()"
