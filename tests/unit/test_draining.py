"""The rounds of a drain, and the figures of sockets."""

from __future__ import annotations

import pytest

from channelkit.draining import Round, Stats, rounds


@pytest.mark.parametrize(
    ("total", "batch", "expected"),
    [
        (0, 10, []),
        (1, 10, [Round(1, 1, 1, 1)]),
        (10, 10, [Round(10, 10, 1, 1)]),
        (25, 10, [Round(10, 25, 1, 3), Round(10, 25, 2, 3), Round(5, 25, 3, 3)]),
    ],
)
def test_a_drain_has_as_many_rounds_as_it_needs(
    total: int, batch: int, expected: list[Round]
) -> None:
    assert rounds(total, batch) == expected


def test_a_round_has_one_socket_or_more() -> None:
    with pytest.raises(ValueError, match=r"^a round of a drain has one socket or more, got 0$"):
        rounds(5, 0)


def test_figures_add_up() -> None:
    one = Stats(sockets=1, members=2, topics=3, inbox=4, outbox_frames=5, outbox_bytes=6)

    assert Stats.sum([]) == Stats()
    assert Stats.sum([one, one, Stats(sockets=1)]) == Stats(
        sockets=3, members=4, topics=6, inbox=8, outbox_frames=10, outbox_bytes=12
    )
