from __future__ import annotations

from typing import TYPE_CHECKING

import anyio
import pytest

from channelkit import Limits
from channelkit.runtime.outbox import Outbox
from channelkit.wire import Frame

if TYPE_CHECKING:
    from collections.abc import Callable

    from channelkit.exits import Exit


class FakeCarrier:
    """Writes nothing; does something else in the middle of a send."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.waiting = 0
        self.frames = 0
        self.during_send: Callable[[], None] = lambda: None

    def send(self, frame: Frame) -> None:
        self.sent.append(frame.data)
        self.during_send()

    def buffered(self) -> int:
        return self.waiting

    def queued(self) -> int:
        return self.frames

    def pause_reading(self) -> None: ...
    def resume_reading(self) -> None: ...
    def stirred(self) -> bool:
        return False

    def hibernate(self) -> None: ...
    def close(self, reason: Exit) -> None: ...


class Given:
    """An outbox over a fake carrier."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.carrier = FakeCarrier()
        self.overflows = 0
        self.outbox = Outbox(self.carrier, limits or Limits(), self._overflowed)

    def _overflowed(self) -> None:
        self.overflows += 1

    def put(self, *data: bytes) -> None:
        for one in data:
            self.outbox.put(Frame(one))


def test_frames_pass_while_the_carrier_writes() -> None:
    given = Given()
    given.put(b"a", b"b")

    assert given.carrier.sent == [b"a", b"b"]


def test_frames_wait_in_order_while_it_does_not() -> None:
    given = Given()
    given.outbox.pause()
    given.put(b"a", b"b")
    before = list(given.carrier.sent)
    given.outbox.resume()
    given.put(b"c")

    assert (before, given.carrier.sent) == ([], [b"a", b"b", b"c"])


def test_a_carrier_that_pauses_during_a_send_gets_no_more() -> None:
    given = Given()
    given.outbox.pause()
    given.put(b"a", b"b")
    given.carrier.during_send = given.outbox.pause
    given.outbox.resume()
    given.put(b"c")
    once = list(given.carrier.sent)
    given.carrier.during_send = lambda: None
    given.outbox.resume()

    assert (once, given.carrier.sent) == ([b"a"], [b"a", b"b", b"c"])


def test_a_carrier_that_is_lost_during_a_send_gets_no_more() -> None:
    given = Given()
    given.outbox.pause()
    given.put(b"a", b"b")
    given.carrier.during_send = given.outbox.drop
    given.outbox.resume()
    given.put(b"c")

    assert given.carrier.sent == [b"a"]


@pytest.mark.parametrize(
    ("limits", "buffered", "fits"),
    [
        (Limits(outbox_frames=3), 0, 3),
        (Limits(outbox=6), 0, 3),
        (Limits(outbox=10), 4, 3),
    ],
    ids=["frames", "bytes", "bytes with the carrier's"],
)
def test_above_its_bound_it_says_so(limits: Limits, buffered: int, fits: int) -> None:
    given = Given(limits)
    given.carrier.waiting = buffered
    given.outbox.pause()
    given.put(*[b"xx"] * fits)
    before = given.overflows
    given.put(b"x")

    assert (before, given.overflows) == (0, 1)


def test_bytes_that_left_count_no_more() -> None:
    given = Given(Limits(outbox=4))
    for _ in range(5):
        given.outbox.pause()
        given.put(b"xxxx")
        given.outbox.resume()

    assert given.overflows == 0


def test_once_dropped_nothing_waits_whatever_the_carrier_says() -> None:
    given = Given(Limits(outbox_frames=1))
    given.outbox.pause()
    given.outbox.drop()
    given.outbox.pause()
    given.put(b"a", b"b")
    given.outbox.resume()

    assert (given.outbox.paused, given.overflows, given.carrier.sent) == (False, 0, [])


def test_finishing_gives_the_carrier_the_rest_and_nothing_after_it() -> None:
    given = Given()
    given.outbox.pause()
    given.put(b"a", b"b")
    given.outbox.finish()
    given.put(b"c")

    assert given.carrier.sent == [b"a", b"b"]


def test_a_carrier_lost_while_it_gets_the_rest_gets_no_more() -> None:
    given = Given()
    given.outbox.pause()
    given.put(b"a", b"b")
    given.carrier.during_send = given.outbox.drop
    given.outbox.finish()

    assert given.carrier.sent == [b"a"]


@pytest.mark.anyio
@pytest.mark.parametrize("end", ["resume", "drop", "finish"])
async def test_whoever_waits_goes_on_when_it_resumes_or_ends(end: str) -> None:
    given = Given()
    given.outbox.pause()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(given.outbox.wait_writable)
        tasks.start_soon(given.outbox.wait_writable)
        await anyio.wait_all_tasks_blocked()
        getattr(given.outbox, end)()

    await given.outbox.wait_writable()


def test_frames_that_the_carrier_counts_count_here() -> None:
    given = Given(Limits(outbox_frames=5))
    given.outbox.pause()
    given.carrier.frames = 3

    given.put(b"a", b"b")
    assert given.overflows == 0

    given.put(b"c")
    assert given.overflows == 1
