"""One join of one topic on one link, as the session keeps it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, final

from .transitions import State

if TYPE_CHECKING:
    from .dispatch import Match
    from .wire import Push, Ref

__all__ = ["Member"]


@final
class Member:
    """One join of one topic, from its `phx_join` to its `phx_close`.

    Attributes:
        topic: The joined topic.
        join: The `phx_join` push.
        join_ref: What its pushes and replies carry: the join's ref where it had none (B1.3 rule 7).
        match: The topic's route and typed parameters.
        state: Where it stands; ABSENT once it is gone.
        held: Pushes that wait until its join or its leave is done.
        leave: The `phx_leave` push, until it is answered.
        replaced: The member whose place it took, until that one's close is told.
        backlog: Pushes that wait for it: held, or in its inbox and not yet taken out.
        stalled: Its inbox stayed full for too long; see `Session.stalled`.
    """

    __slots__ = (
        "_limit",
        "backlog",
        "held",
        "join",
        "join_ref",
        "leave",
        "match",
        "replaced",
        "stalled",
        "state",
        "topic",
    )

    def __init__(
        self, join: Push, match: Match, limit: int, replaced: Member | None = None
    ) -> None:
        self.topic = join.topic
        self.join = join
        self.match = match
        self.state = State.JOINING
        self.held: list[Push] = []
        self.leave: Push | None = None
        self.replaced = replaced
        self.backlog = 0
        self.stalled = False
        self.join_ref: Ref = join.ref if join.join_ref is None else join.join_ref
        self._limit = limit

    @property
    def full(self) -> bool:
        """Whether as many pushes wait for it as may; held ones count."""
        return self.backlog >= self._limit

    @property
    def half_empty(self) -> bool:
        """Whether there is room again after it was full."""
        return 2 * self.backlog <= self._limit

    def owns(self, push: Push) -> bool:
        """Whether the push is addressed to this join, and not to an earlier one (B1.4)."""
        theirs, mine = push.join_ref, self.join.join_ref
        return theirs is None or (type(theirs) is type(mine) and theirs == mine)

    def emptied(self) -> list[Push]:
        """Let nothing wait for it any more, and give what was held."""
        held, self.held = self.held, []
        self.backlog = 0
        return held

    def __repr__(self) -> str:
        return f"<Member {self.topic!r} {self.join_ref!r} {self.state}>"
