"""The transition table of a session: what every input causes in every state, as data. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["TABLE", "TARGETS", "Input", "Rule", "State"]


class State(StrEnum):
    """Where a topic of this link stands."""

    ABSENT = "no member"
    """Nobody's, or no more: a member that has ended or was replaced is here for good."""
    JOINING = "JOINING"
    JOINED = "JOINED"
    LEAVING = "LEAVING"


class Input(StrEnum):
    """What can happen to a topic."""

    HEARTBEAT = "heartbeat on `phoenix`"
    JOIN_UNROUTED = "`phx_join`, no route"
    JOIN_AT_LIMIT = "`phx_join`, at the limit"
    JOIN = "`phx_join` (never stale)"
    LEAVE = "`phx_leave`, join_ref null or the member's"
    EVENT = "other event, join_ref null or the member's"
    STALE = "`phx_leave` or event with another join_ref"
    SWAMPED = "what is to be queued for a full inbox whose handler is stuck"
    GRANTED = "granted(response)"
    REFUSED = "refused(response): also join crashed, timed out"
    LEFT = "left: the queued events are done"
    ENDED = "ended"


class Rule(StrEnum):
    """What is done about it."""

    HEARTBEAT = "reply ok, join_ref null"
    UNMATCHED = 'reply error "unmatched topic", join_ref null'
    TOO_MANY = 'reply error "too many channels joined"'
    NOT_JOINED = "reply ok"
    START = "Start → JOINING"
    REPLACE = "Stop the old, Start the new → JOINING"
    HOLD = "hold"
    DELIVER = "Deliver"
    DELIVER_LEAVE = "Deliver → LEAVING"
    DROP = "nothing (stale)"
    SWAMPED = 'reply error "overloaded"'
    ADMIT = "reply ok → JOINED; held input replayed in order"
    REJECT = "reply error → gone; held input replayed"
    CONFIRM_LEAVE = "the leave's reply ok"
    END = "`phx_close` or `phx_error`, ref = join_ref → gone; unhandled input replayed"
    END_LEAVE = "the leave's reply ok if due, `phx_close` → gone; held input replayed"
    UNHANDLED = 'unhandled input: reply error "unmatched topic", join_ref null'
    IGNORE = "nothing"


_A, _G, _D, _L = State.ABSENT, State.JOINING, State.JOINED, State.LEAVING

TABLE: Final[Mapping[Input, Mapping[State, Rule]]] = {
    Input.HEARTBEAT: {_A: Rule.HEARTBEAT},  # nobody can join `phoenix`
    Input.JOIN_UNROUTED: {_A: Rule.UNMATCHED},
    Input.JOIN_AT_LIMIT: {_A: Rule.TOO_MANY},
    Input.JOIN: {_A: Rule.START, _G: Rule.HOLD, _D: Rule.REPLACE, _L: Rule.HOLD},
    Input.LEAVE: {_A: Rule.NOT_JOINED, _G: Rule.HOLD, _D: Rule.DELIVER_LEAVE, _L: Rule.HOLD},
    Input.EVENT: {_A: Rule.UNMATCHED, _G: Rule.HOLD, _D: Rule.DELIVER, _L: Rule.HOLD},
    Input.STALE: {_G: Rule.HOLD, _D: Rule.DROP, _L: Rule.HOLD},
    Input.SWAMPED: {_G: Rule.SWAMPED, _D: Rule.SWAMPED, _L: Rule.SWAMPED},
    Input.GRANTED: {_A: Rule.IGNORE, _G: Rule.ADMIT, _D: Rule.IGNORE, _L: Rule.IGNORE},
    Input.REFUSED: {_A: Rule.IGNORE, _G: Rule.REJECT, _D: Rule.IGNORE, _L: Rule.IGNORE},
    Input.LEFT: {_A: Rule.IGNORE, _G: Rule.IGNORE, _D: Rule.IGNORE, _L: Rule.CONFIRM_LEAVE},
    Input.ENDED: {_A: Rule.UNHANDLED, _G: Rule.REJECT, _D: Rule.END, _L: Rule.END_LEAVE},
}
"""The specification: input and state → rule. A pair that is missing cannot occur."""

TARGETS: Final[Mapping[Rule, State]] = {
    Rule.START: _G,
    Rule.REPLACE: _G,
    Rule.DELIVER_LEAVE: _L,
    Rule.ADMIT: _D,
    Rule.REJECT: _A,
    Rule.END: _A,
    Rule.END_LEAVE: _A,
}
"""The state after a rule, for the rules that change it."""
