"""The `connect` of an endpoint → its plan. Pure."""

from __future__ import annotations

from types import MethodType
from typing import TYPE_CHECKING, Any, Union

from ..connect_info import ConnectInfo
from ..dispatch import ConnectPlan
from ..errors import Place
from ..messages import Refusal
from .annotations import shown, union
from .endpoint_codes import EndpointCode
from .fitting import fits, signature_of
from .payload_codes import PayloadCode
from .payload_types import Reading, is_refusal, read_accepts, report_bare
from .places import NOWHERE, named, plain
from .shapes import CONNECT
from .signatures import Subject, read_signature

if TYPE_CHECKING:
    from ..dispatch import Connect
    from .models import Models
    from .problems import Findings

__all__ = ["read_connect"]


def read_connect(connect: Connect, findings: Findings, models: Models) -> ConnectPlan | None:
    """The plan of `connect`; None if something is wrong with it, which is reported."""
    reading = Reading(findings=findings, models=models, bound={})
    signature = read_signature(_subject(connect), CONNECT, findings)
    accepts = read_accepts(signature.parameter, CONNECT, reading)
    _check_info(connect, signature.names, findings)
    if signature.returns is None:
        return None
    refusals = tuple(filter(is_refusal, signature.returns.arms))
    granted = tuple(arm for arm in signature.returns.arms if not is_refusal(arm))
    for refusal in refusals:
        models.check_refusal(refusal)
    if Refusal in refusals:
        report_bare(Refusal, signature.returns.place, findings)
    if not granted:
        got = union(signature.returns.arms)
        findings.report(PayloadCode.CONNECT_ADMITS_NOBODY, signature.returns.place, got=got)
    if accepts is None or not granted:
        return None
    one_of: Any = Union
    return ConnectPlan(
        handler=connect,
        accepts=accepts,
        refusals=refusals,
        assigns=one_of[granted],
        takes_info=len(signature.names) > 1,
        place=signature.place,
    )


def _check_info(connect: Connect, names: tuple[str, ...], findings: Findings) -> None:
    """Report a second parameter that cannot be a `ConnectInfo`."""
    takes, function = signature_of(connect), plain(_subject(connect).handler)
    if takes is None or function is None or len(names) < 2:
        return
    name = names[1]
    wanted = takes.parameters[name].annotation
    if wanted is not takes.empty and not fits(ConnectInfo, wanted):
        place = findings.places.of_parameter(function, named(function), name)
        code = EndpointCode.NOT_CONNECT_INFO
        findings.report(code, place, got=shown(wanted), parameter=name)


def _subject(connect: object) -> Subject:
    """`connect` as a function, or as a method bound to its object."""
    function = connect.__func__ if isinstance(connect, MethodType) else connect
    owner = type(connect.__self__) if isinstance(connect, MethodType) else None
    written = plain(function)
    name = named(written) if written else "connect"
    place = Place(file=NOWHERE, line=1, name=name, source="")
    return Subject(name=name, handler=function, place=place, owner=owner, bound={})
