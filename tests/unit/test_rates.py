from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelkit.rates import Buckets, Rate, RateError, checked_rate

RATES = st.builds(
    Rate, st.integers(1, 10_000), st.sampled_from([1, 60, 3600]), st.integers(1, 1000)
)


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("10/s", Rate(10, 1, 10)),
        ("600/m", Rate(600, 60, 600)),
        ("1000/h", Rate(1000, 3600, 1000)),
        ("1/s", Rate(1, 1, 1)),
        (" 10 / s ", Rate(10, 1, 10)),
        ("10/s burst 50", Rate(10, 1, 50)),
        ("10/s  burst  1", Rate(10, 1, 1)),
    ],
)
def test_a_rate_is_read(text: str, rate: Rate) -> None:
    assert Rate.parse(text) == rate


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "'' is not a number, a slash and a unit"),
        ("10", "'10' is not a number, a slash and a unit"),
        ("10/", "'10/' is not a number, a slash and a unit"),
        ("/s", "'/s' is not a number, a slash and a unit"),
        ("-1/s", "'-1/s' is not a number, a slash and a unit"),
        ("1.5/s", "'1.5/s' is not a number, a slash and a unit"),
        ("ten/s", "'ten/s' is not a number, a slash and a unit"),
        ("\u0661/s", "'\u0661/s' is not a number, a slash and a unit"),
        ("1/s burst", "'1/s burst' is not a number, a slash and a unit"),
        ("1/s 5", "'1/s 5' is not a number, a slash and a unit"),
        ("1000000000000/s", "'1000000000000/s' is not a number, a slash and a unit"),
        ("10/sec", "'sec' is no unit: s, m or h"),
        ("10/d", "'d' is no unit: s, m or h"),
        ("0/s", "0 would let nothing through"),
        ("1/s burst 0", "a burst of 0 would let nothing through"),
    ],
)
def test_nonsense_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(RateError) as raised:
        Rate.parse(text)

    assert str(raised.value) == why


@given(RATES)
def test_a_rate_is_written_as_it_is_read(rate: Rate) -> None:
    assert Rate.parse(str(rate)) == rate


def test_the_burst_is_shown_where_it_is_not_the_count() -> None:
    assert [str(Rate(10, 1, 10)), str(Rate(600, 60, 5))] == ["10/s", "600/m burst 5"]


def test_a_full_bucket_gives_its_burst_and_then_one_for_each_interval() -> None:
    buckets, rate = Buckets(), Rate.parse("10/s burst 3")

    at_once = [buckets.take("a", rate, 100.0) for _ in range(4)]
    later = [buckets.take("a", rate, now) for now in (100.05, 100.1, 100.1, 100.2)]

    assert at_once == [0, 0, 0, 100]
    assert later == [50, 0, 100, 0]


def test_what_is_refused_takes_no_token() -> None:
    buckets, rate = Buckets(), Rate.parse("1/s")

    answers = [buckets.take("a", rate, now) for now in (0.0, 0.1, 0.2, 0.9, 1.0)]

    assert answers == [0, 900, 800, 100, 0]


def test_a_wait_is_never_told_as_nothing() -> None:
    buckets, rate = Buckets(), Rate.parse("100000/s burst 1")

    assert [buckets.take("a", rate, 0.0), buckets.take("a", rate, 0.0)] == [0, 1]


def test_a_bucket_holds_no_more_than_its_burst_however_long_nobody_came() -> None:
    buckets, rate = Buckets(), Rate.parse("2/s")
    buckets.take("a", rate, 0.0)

    assert [buckets.take("a", rate, 1e6) for _ in range(3)] == [0, 0, 500]


def test_every_key_has_a_bucket_of_its_own_and_asking_again_makes_none() -> None:
    buckets, rate = Buckets(), Rate.parse("1/s")

    answers = [buckets.take(key, rate, 0.0) for key in ("a", "b", "a", "b")]

    assert answers == [0, 0, 1000, 1000]
    assert len(buckets) == 2


@given(RATES, st.floats(0, 1e7), st.lists(st.floats(0, 100), max_size=50))
def test_who_waits_as_long_as_it_was_told_gets_through(
    rate: Rate, start: float, pauses: list[float]
) -> None:
    buckets, now = Buckets(), start
    for pause in pauses:
        now += pause
        wait = buckets.take("a", rate, now)
        if wait:
            now += wait / 1000
            assert buckets.take("a", rate, now) == 0


@given(RATES, st.lists(st.floats(0, 3), max_size=200))
def test_no_stretch_of_time_gets_more_than_the_burst_and_the_rate(
    rate: Rate, pauses: list[float]
) -> None:
    buckets, now, taken = Buckets(), 0.0, list[float]()
    for pause in pauses:
        now += pause
        if buckets.take("a", rate, now) == 0:
            taken.append(now)

    for first in range(len(taken)):
        for last in range(first, len(taken)):
            allowed = rate.burst + (taken[last] - taken[first]) * rate.count / rate.seconds
            assert last - first + 1 <= allowed + 1e-5 * rate.count / rate.seconds + 1e-6


def test_an_endpoint_learns_how_a_rate_is_written() -> None:
    assert checked_rate(None) is None
    assert checked_rate("10/s") == Rate(10, 1, 10)
    with pytest.raises(RateError, match=r'^rate is like "10/s" or .*; \'10\' is not a number'):
        checked_rate("10")
