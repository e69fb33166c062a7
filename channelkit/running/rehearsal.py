"""A join that really runs, in memory: what it answers, and what its member may then do."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from types import NoneType
from typing import TYPE_CHECKING, Any, Final, cast

import anyio
from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json

from ..compiler.annotations import shown
from ..handshake import Denied
from ..runtime.log import LOGGER
from ..serializers import V2
from ..testing.socket import opened
from ..wire import JOIN
from .failures import UsageFailure
from .raised import raised

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from pydantic import JsonValue

    from ..dispatch import EventPlan
    from ..endpoint import Endpoint
    from ..exits import Exit
    from ..wire import Status

__all__ = ["Rehearsed", "assigns_from", "payload_from", "rehearse"]

JOIN_REF: Final = "1"

GRACE: Final = 1.0
"""Seconds beside `Limits.join` after which what hangs is told as that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """What came of a join.

    Attributes:
        status: Its reply's.
        response: Its reply's.
        error: What the join handler raised, None where it did not.
        ended: How the member ended by itself, right after its join.
        allowed: Whether the permission of an event lets this member, or what it raised;
            None where it was not asked.
    """

    status: Status
    response: JsonValue | bytes
    error: BaseException | None = None
    ended: Exit | None = None
    allowed: bool | Exception | None = None


def assigns_from(endpoint: Endpoint[Any], file: Path | None) -> object:
    """The assigns of an endpoint's sockets, made from JSON as pydantic makes them.

    Args:
        file: Where they stand; None is enough where they are None.

    Raises:
        UsageFailure: They do not fit, cannot be made from JSON, or there is no file.
    """
    plan = endpoint.connect_plan
    kind = NoneType if plan is None or plan.assigns is None else plan.assigns
    if file is None:
        if kind is NoneType:
            return None
        raise UsageFailure(f"a member's assigns are {shown(kind)} here: give them, with --as")
    text = _read(file)
    try:
        adapter = TypeAdapter(cast("type[object]", kind))
    except Exception:  # pydantic's own, or what the author's type raises at it
        raise UsageFailure(
            f"{shown(kind)}, the assigns of {endpoint.path}, cannot be made from JSON; "
            "a pydantic model, a dataclass or a TypedDict can"
        ) from None
    try:
        return adapter.validate_json(text)
    except ValidationError as error:
        errors = error.errors(include_url=False, include_input=False)
        lines = [f"\n  {_where(each['loc'])}{each['msg']}" for each in errors]
        raise UsageFailure(f"{file} holds no {shown(kind)}{''.join(lines)}") from None
    except Exception as error:
        told = raised(error)
        raise UsageFailure(f"making {shown(kind)} of {file} failed\n{told}") from None


def payload_from(file: Path) -> JsonValue:
    """The payload in a file.

    Raises:
        UsageFailure: It cannot be read, or is not JSON.
    """
    return cast("JsonValue", from_json(_read(file)))


def rehearse(
    endpoint: Endpoint[Any],
    topic: str,
    assigns: object,
    params: JsonValue,
    plan: EventPlan | None,
) -> Rehearsed:
    """Let a socket with these assigns join, on asyncio; `connect` is not asked.

    Args:
        plan: An event that its member wants to send: its permission is asked, its
            handler is not called.

    Raises:
        UsageFailure: These assigns have expired, or `identify` or `expires_at` fail on them;
            or what comes after the join never ends.
    """
    return anyio.run(partial(_rehearse, endpoint, topic, assigns, params, plan), backend="asyncio")


async def _rehearse(
    endpoint: Endpoint[Any],
    topic: str,
    assigns: object,
    params: JsonValue,
    plan: EventPlan | None,
) -> Rehearsed:
    try:
        welcome = endpoint.welcome(assigns)
    except Exception as error:
        raise UsageFailure(f"these assigns cannot connect\n{raised(error)}") from None
    if isinstance(welcome, Denied):
        raise UsageFailure(f"these assigns cannot connect: {welcome.response['reason']}")
    patience = endpoint.limits.join + GRACE
    failure: AssertionError | None = None
    with _crashes() as crashes:
        async with opened(endpoint, welcome, V2(), patience=patience) as socket:
            push = socket.push(topic, JOIN, params, join_ref=JOIN_REF)
            task = socket.task_of(push)
            reply = await socket.replied(push, lambda: f"the join of {topic} got no reply")
            response = cast("JsonValue | bytes", reply.response)
            if reply.status == "error":
                cause = crashes[0] if crashes else None
                return Rehearsed(status="error", response=response, error=cause)
            assert task is not None  # it has granted
            try:
                await socket.patience.at_rest()
            except AssertionError as error:
                failure = error
            else:
                ended, allowed = task.exit, None
                if ended is None and plan is not None:
                    allowed = _allowed(plan, task.instance)
                return Rehearsed(status="ok", response=response, ended=ended, allowed=allowed)
    raise UsageFailure(f"after the join of {topic} {failure}")


def _allowed(plan: EventPlan, member: object) -> bool | Exception:
    try:
        return plan.allow is None or bool(plan.allow(member))
    except Exception as error:
        return error


def _read(file: Path) -> bytes:
    """A file that holds JSON."""
    try:
        text = file.read_bytes()
        from_json(text, allow_inf_nan=False)
    except OSError as error:
        raise UsageFailure(f"cannot read {file}: {error.strerror}") from None
    except ValueError as error:
        raise UsageFailure(f"{file} is not JSON: {error}") from None
    return text


def _where(loc: tuple[int | str, ...]) -> str:
    return f"{'.'.join(map(str, loc))}: " if loc else ""


@contextmanager
def _crashes() -> Generator[list[BaseException]]:
    """What handlers raise meanwhile; the log's lines about it are told to nobody else."""
    listener = _Listener(logging.ERROR)
    handlers, propagate = LOGGER.handlers[:], LOGGER.propagate
    LOGGER.handlers[:], LOGGER.propagate = [listener], False
    try:
        yield listener.raised
    finally:
        LOGGER.handlers[:], LOGGER.propagate = handlers, propagate


class _Listener(logging.Handler):
    """Remembers the exceptions that are logged."""

    def __init__(self, level: int) -> None:
        super().__init__(level)
        self.raised: list[BaseException] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and record.exc_info[1] is not None:
            self.raised.append(record.exc_info[1])
