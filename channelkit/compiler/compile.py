"""Marks → tables: everything wrong is found in one run and raised once. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from ..dispatch import ConnectPlan, DispatchTable
from ..serializers import DEFAULT_VSN, Classic, negotiate
from .checks import check_assigns, check_first, check_patterns, check_served
from .connect import read_connect
from .drafts import read_channel
from .hooks import Hooks, check_hooks
from .models import Models
from .placing import placed
from .problems import Findings
from .raw_sockets import check_raw_assigns, read_raw_socket

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..channel import Channel
    from ..dispatch import Connect
    from ..raw_socket import RawPlan
    from ..routers import Router
    from .drafts import Draft

__all__ = ["compile_channels", "compile_connect", "compile_endpoint", "compile_raw"]

_UNCHECKED: Final = object()


def compile_channels(
    channels: Sequence[type[Channel[Any, Any]] | Router[Any]], *, assigns: object = _UNCHECKED
) -> DispatchTable:
    """Compile channel classes into the table that the session and the runtime read.

    Nothing is registered anywhere, and nothing but the classes is looked at.

    Args:
        channels: The classes, and routers of them; the first whose pattern
            matches a topic takes it.
        assigns: The type that the first argument of each ``Channel[...]`` must
            be, None for no assigns; not checked if not given.

    Raises:
        DeclarationError: Something is wrong; it carries every problem.
    """
    findings = Findings()
    drafts = _drafts(channels, findings, Models(findings))
    if assigns is not _UNCHECKED:
        check_assigns(drafts, assigns, None, findings)
    findings.conclude()
    return _table(drafts)


def compile_connect(connect: Connect) -> ConnectPlan:
    """Compile the function that lets connections in.

    Raises:
        DeclarationError: Something is wrong; it carries every problem.
    """
    findings = Findings()
    plan = read_connect(connect, findings, Models(findings))
    findings.conclude()
    return cast("ConnectPlan", plan)  # only a problem leaves it None


def compile_endpoint(
    channels: Sequence[type[Channel[Any, Any]] | Router[Any]],
    connect: Connect | None = None,
    hooks: Hooks | None = None,
    *,
    vsn: str = DEFAULT_VSN,
) -> tuple[DispatchTable, ConnectPlan | None]:
    """Compile an endpoint's channels and its functions, and check that they fit together.

    Without a `connect` the channels have no assigns: ``Channel[None, ...]``.

    Args:
        vsn: What a client speaks who does not say; what that cannot name is wrong.

    Raises:
        DeclarationError: Something is wrong; it carries every problem of both.
    """
    findings = Findings()
    models = Models(findings)
    drafts = _drafts(channels, findings, models)
    check_served(drafts, findings)
    plan = read_connect(connect, findings, models) if connect is not None else None
    if plan is not None:
        check_assigns(drafts, plan.assigns, plan.place, findings)
    elif connect is None:
        check_assigns(drafts, None, None, findings)
    if isinstance(negotiate(vsn), Classic):
        check_first(drafts, findings)
    if plan is not None or connect is None:
        check_hooks(hooks or Hooks(), None if plan is None else plan.assigns, findings)
    findings.conclude()
    return _table(drafts), plan


def compile_raw(
    socket: object, connect: Connect | None = None, hooks: Hooks | None = None
) -> tuple[RawPlan, ConnectPlan | None]:
    """Compile a raw endpoint's class and its functions, and check that they fit together.

    Raises:
        DeclarationError: Something is wrong; it carries every problem of both.
    """
    findings = Findings()
    plan = read_connect(connect, findings, Models(findings)) if connect is not None else None
    raw = read_raw_socket(socket, findings)
    if plan is not None or connect is None:
        check_hooks(hooks or Hooks(), None if plan is None else plan.assigns, findings)
        if raw is not None:
            check_raw_assigns(raw, plan, findings)
    findings.conclude()
    return cast("RawPlan", raw), plan  # only a problem leaves it None


def _drafts(channels: Sequence[object], findings: Findings, models: Models) -> list[Draft]:
    drafts = [read_channel(c, findings, models) for c in placed(channels, findings)]
    check_patterns(drafts, findings)
    return drafts


def _table(drafts: Sequence[Draft]) -> DispatchTable:
    return DispatchTable(routes=tuple(d.route for d in drafts if d.route is not None))
