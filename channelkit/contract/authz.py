"""Who may do what, told from a contract: as text, Markdown or JSON. Pure."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from .form import ChannelContract, Contract, EndpointContract, RefusalContract

__all__ = ["AUTHZ", "AuthzForm", "Rule", "authz", "rules"]

AUTHZ: Final = 1
"""The version of the JSON."""

EVERYBODY: Final = "everybody"
EVERY_SOCKET: Final = "every socket"
EVERY_MEMBER: Final = "every member"
BY_CONNECT: Final = "whom connect lets in"
BY_JOIN: Final = "whom join lets in"
PER_MEMBER: Final = "decided per member"

NOTHING: Final = "There are no channels: nobody may do anything."
HEADINGS: Final = ("channel", "what", "who", "rate", "refuses")

AuthzForm: TypeAlias = Literal["text", "markdown", "json"]

_Row: TypeAlias = tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One thing that can be done, or seen, on the topics of a channel.

    Attributes:
        kind: What it is: to join, to send an event, to get a push, to see who is here.
        event: Its event; None for a join and for presence.
        who: ``every socket`` or ``whom join lets in``; ``every member``, or the name
            of the permission that is asked; ``decided per member`` for a push that
            the channel may change or hold back.
        rate: How often, as in ``10/s``; None for as often as the socket may.
        refuses: The reasons of the declared refusals, the class's name where it has none.
    """

    kind: Literal["join", "event", "push", "presence"]
    event: str | None = None
    who: str
    rate: str | None = None
    refuses: tuple[str, ...] = ()

    @property
    def what(self) -> str:
        """Kind and event."""
        return self.kind if self.event is None else f"{self.kind} {self.event}"

    @property
    def open(self) -> bool:
        """Whether it is an event that every member may send."""
        return self.kind == "event" and self.who == EVERY_MEMBER


def authz(contract: Contract, form: AuthzForm) -> str:
    """Who may do what, with a line end at the end: the same contract gives the same text."""
    return _FORMS[form](contract) + "\n"


def rules(channel: ChannelContract) -> tuple[Rule, ...]:
    """The rules of a channel: its join, its events, its pushes, its presence."""
    return (*_incoming(channel), *_outgoing(channel))


def _incoming(channel: ChannelContract) -> Iterator[Rule]:
    refuses = _reasons(channel.join.refuses)
    yield Rule(kind="join", who=BY_JOIN if refuses else EVERY_SOCKET, refuses=refuses)
    for event in channel.events:
        yield Rule(
            kind="event",
            event=event.event,
            who=EVERY_MEMBER if event.permission is None else event.permission,
            rate=event.rate,
            refuses=_reasons(event.refuses),
        )


def _outgoing(channel: ChannelContract) -> Iterator[Rule]:
    for push in channel.pushes:
        who = PER_MEMBER if push.intercepted else EVERY_MEMBER
        yield Rule(kind="push", event=push.event, who=who)
    if channel.presence is not None:
        yield Rule(kind="presence", who=EVERY_MEMBER)


def _text(contract: Contract) -> str:
    parts = [
        f"{_heading(endpoint)}\n\n{_aligned(endpoint)}\n\n{_open(endpoint)}"
        for endpoint in contract.endpoints
    ]
    return "\n\n\n".join(parts) or NOTHING


def _aligned(endpoint: EndpointContract) -> str:
    rows = [HEADINGS, *_rows(endpoint)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _markdown(contract: Contract) -> str:
    parts = [
        f"## {_heading(endpoint, '`')}\n\n{_table(endpoint)}\n\n{_open(endpoint, '`')}"
        for endpoint in contract.endpoints
    ]
    return "\n\n".join(["# Who may do what", *(parts or [NOTHING])])


def _table(endpoint: EndpointContract) -> str:
    cells = [HEADINGS, ("---",) * len(HEADINGS), *_rows(endpoint, "`")]
    return "\n".join("".join(f"| {cell} " if cell else "| " for cell in row) + "|" for row in cells)


def _json(contract: Contract) -> str:
    endpoints = [
        {
            "path": endpoint.path,
            "who": _connecting(endpoint),
            "rate": endpoint.rate,
            "refuses": _connect_refusals(endpoint),
            "channels": [
                {
                    "pattern": channel.pattern,
                    "name": channel.name,
                    "rules": [asdict(rule) for rule in rules(channel)],
                }
                for channel in endpoint.channels
            ],
        }
        for endpoint in contract.endpoints
    ]
    return json.dumps({"authz": AUTHZ, "endpoints": endpoints}, indent=2, ensure_ascii=False)


_FORMS: Final[Mapping[AuthzForm, Callable[[Contract], str]]] = {
    "text": _text,
    "markdown": _markdown,
    "json": _json,
}


def _heading(endpoint: EndpointContract, code: str = "") -> str:
    rate = "" if endpoint.rate is None else f": {endpoint.rate} from each socket, over all topics"
    return f"{code}{endpoint.path}{code}{rate}"


def _rows(endpoint: EndpointContract, code: str = "") -> list[_Row]:
    """A row for the connection, then one for each rule; named things in code signs."""
    connect = "", "connect", _connecting(endpoint), "", _list(_connect_refusals(endpoint), code)
    return [connect, *(_row(c, rule, code) for c in endpoint.channels for rule in rules(c))]


def _row(channel: ChannelContract, rule: Rule, code: str) -> _Row:
    who = rule.who
    if rule.open:
        who = f"**{who}**" if code else who
    elif rule.kind == "event":
        who = _named(who, code)
    what = rule.kind if rule.event is None else f"{rule.kind} {_named(rule.event, code)}"
    return _named(channel.pattern, code), what, who, rule.rate or "", _list(rule.refuses, code)


def _open(endpoint: EndpointContract, code: str = "") -> str:
    """How many events every member may send, and which."""
    sent = [(c, rule) for c in endpoint.channels for rule in rules(c) if rule.kind == "event"]
    if not sent:
        return "There are no events to send."
    items = [
        f"- {_named(channel.pattern, code)} {_named(rule.event or '', code)}"
        for channel, rule in sent
        if rule.open
    ]
    count = f"{len(items)} of {len(sent)} events may be sent by every member"
    return "\n".join([f"{count}:", "", *items]) if items else f"{count}."


def _connecting(endpoint: EndpointContract) -> str:
    return EVERYBODY if endpoint.connect is None else BY_CONNECT


def _connect_refusals(endpoint: EndpointContract) -> tuple[str, ...]:
    return () if endpoint.connect is None else _reasons(endpoint.connect.refuses)


def _reasons(refusals: Iterable[RefusalContract]) -> tuple[str, ...]:
    return tuple(map(_reason, refusals))


def _reason(refusal: RefusalContract) -> str:
    """What it says, or the name of its class where it says nothing."""
    return refusal.reason or refusal.ref.rpartition("/")[2]


def _list(names: Sequence[str], code: str) -> str:
    return ", ".join(_named(name, code) for name in names)


def _named(name: str, code: str) -> str:
    """A name; with a code sign, as a Markdown table takes it."""
    escaped = name.replace("|", "\\|") if code else name
    return f"{code}{escaped}{code}"
