"""A long-poll session's window and what waits in it, with time as an argument."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from channelkit.limits import Limits
from channelkit.polling import Answer, Polling, Status, Turn

WINDOW = 10.0
NOTHING, ENDED = Answer(Status.NOTHING), Answer(Status.ENDED)


def messages(*texts: str) -> Answer:
    return Answer(Status.MESSAGES, texts)


def opened(limits: Limits | None = None) -> Polling:
    """A session that was opened at 0."""
    return Polling(WINDOW, limits or Limits(), now=0.0)


def test_a_get_takes_all_that_waits_in_order() -> None:
    polling = opened()
    polling.put(b"a")
    polling.put("é".encode())

    turn = polling.begin(1.0)

    assert polling.ready(turn)
    assert (polling.count, polling.size) == (2, 3)
    assert polling.take(turn, 1.0) == messages("a", "é")
    assert (polling.count, polling.size) == (0, 0)


def test_a_get_that_finds_nothing_waits_for_the_window() -> None:
    polling = opened()

    turn = polling.begin(1.0)

    assert turn.until == 11.0
    assert not polling.ready(turn)
    assert polling.take(turn, 11.0) == NOTHING


def test_a_message_makes_a_waiting_get_ready() -> None:
    polling = opened()
    turn = polling.begin(0.0)

    polling.put(b"a")

    assert polling.ready(turn)
    assert polling.take(turn, 2.0) == messages("a")


def test_only_the_last_get_is_remembered_and_the_one_before_gets_nothing() -> None:
    polling = opened()
    first = polling.begin(0.0)
    second = polling.begin(1.0)
    polling.put(b"a")

    assert polling.ready(first)
    assert polling.take(first, 2.0) == NOTHING
    assert polling.take(second, 2.0) == messages("a")


def test_a_client_that_left_leaves_everything_for_its_next_get() -> None:
    polling = opened()
    turn = polling.begin(0.0)
    polling.put(b"a")

    polling.withdraw(turn, 1.0)

    assert polling.take(turn, 1.0) == NOTHING
    assert polling.take(polling.begin(2.0), 2.0) == messages("a")


def test_a_session_expires_one_and_a_half_windows_after_the_last_get_ended() -> None:
    polling = opened()
    polling.take(polling.begin(1.0), 5.0)

    assert not polling.expired(20.0)
    assert polling.expired(20.1)


def test_a_session_does_not_expire_while_a_get_waits() -> None:
    polling = opened()
    turn = polling.begin(1.0)

    assert not polling.expired(1000.0)
    polling.withdraw(turn, 1000.0)
    assert not polling.expired(1001.0)


def test_a_superseded_get_that_ends_does_not_end_the_one_that_waits() -> None:
    polling = opened()
    first = polling.begin(0.0)
    polling.begin(1.0)

    polling.withdraw(first, 2.0)

    assert not polling.expired(1000.0)


def test_a_session_that_nobody_asked_for_expires() -> None:
    assert opened().expired(15.1)


def test_the_end_wakes_a_get_which_learns_of_it() -> None:
    polling = opened()
    turn = polling.begin(0.0)

    polling.end(keep=True)

    assert polling.ready(turn)
    assert polling.take(turn, 1.0) == ENDED


def test_what_waits_at_the_end_is_told_before_it() -> None:
    polling = opened()
    polling.put(b"a")

    polling.end(keep=True)

    assert polling.take(polling.begin(1.0), 1.0) == messages("a")
    assert polling.take(polling.begin(2.0), 2.0) == ENDED


def test_what_waits_for_a_client_that_is_gone_is_forgotten() -> None:
    polling = opened()
    polling.put(b"a")

    polling.end(keep=False)

    assert polling.take(polling.begin(1.0), 1.0) == ENDED


def test_it_is_full_above_half_of_what_the_outbox_may_hold() -> None:
    by_size = opened(Limits(outbox=10))
    by_size.put(b"12345")
    by_count = opened(Limits(outbox_frames=4))
    by_count.put(b"")
    by_count.put(b"")

    assert (by_size.full, by_count.full) == (False, False)
    by_size.put(b"6")
    by_count.put(b"")
    assert (by_size.full, by_count.full) == (True, True)


class Session(RuleBasedStateMachine):
    """A server that puts as long as there is room, a client that asks and leaves as it likes."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.limits = Limits(outbox=40, outbox_frames=8)
        self.polling = Polling(WINDOW, self.limits, self.now)
        self.turns: list[Turn] = []
        self.said: list[str] = []
        self.heard: list[str] = []
        self.last_get = 0.0

    @rule(seconds=st.floats(0, 20))
    def wait(self, seconds: float) -> None:
        self.now += seconds

    @precondition(lambda self: not self.polling.full)
    @rule(text=st.text(max_size=4))
    def put(self, text: str) -> None:
        message = f"{len(self.said)}{text}"
        self.said.append(message)
        self.polling.put(message.encode())

    @rule()
    def ask(self) -> None:
        self.turns.append(self.polling.begin(self.now))
        self.last_get = self.now

    @precondition(lambda self: self.turns)
    @rule(data=st.data())
    def take(self, data: st.DataObject) -> None:
        turn = data.draw(st.sampled_from(self.turns))
        is_last = turn is self.turns[-1]
        waiting = self.waiting

        answer = self.polling.take(turn, self.now)

        assert self.polling.ready(turn)
        if is_last and waiting:
            assert answer.messages == tuple(waiting)
            self.heard += answer.messages
        else:
            assert answer == NOTHING
        self.end(turn)

    @precondition(lambda self: self.turns)
    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        turn = data.draw(st.sampled_from(self.turns))

        self.polling.withdraw(turn, self.now)

        self.end(turn)

    def end(self, turn: Turn) -> None:
        if turn is self.turns[-1]:
            self.last_get = self.now
            self.turns.clear()
        else:
            self.turns.remove(turn)

    @property
    def waiting(self) -> list[str]:
        return self.said[len(self.heard) :]

    @invariant()
    def nothing_is_lost_or_reordered(self) -> None:
        assert self.said[: len(self.heard)] == self.heard
        assert self.polling.count == len(self.waiting)
        assert self.polling.size == sum(len(text.encode()) for text in self.waiting)

    @invariant()
    def what_waits_is_bounded(self) -> None:
        longest = 4 * 4 + 4  # one message more than half
        assert self.polling.size <= self.limits.outbox // 2 + longest
        assert self.polling.count <= self.limits.outbox_frames // 2 + 1

    @invariant()
    def it_expires_when_nobody_asks_and_only_then(self) -> None:
        silent = not self.turns and self.now - self.last_get > 1.5 * WINDOW
        assert self.polling.expired(self.now) == silent


TestSession = Session.TestCase
