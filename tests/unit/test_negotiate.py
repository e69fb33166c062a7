"""Which serializer a client gets (protocol.md B1.1)."""

from __future__ import annotations

import pytest

from channelkit.serializers import SERIALIZERS, V1, V2, Classic, negotiate


@pytest.mark.parametrize("vsn", ["2.0.0", "2.0.2", "2.0.123456789012345", "2.0.1-rc.1", "2.0.0+x"])
def test_two_zero_and_any_patch_of_it_is_v2(vsn: str) -> None:
    assert isinstance(negotiate(vsn), V2)


@pytest.mark.parametrize("vsn", [None, "1.0.0", "1.0.9"])
def test_one_zero_or_no_version_at_all_is_v1(vsn: str | None) -> None:
    assert isinstance(negotiate(vsn), V1)


@pytest.mark.parametrize("vsn", ["0.x", "0.5.0", "0.6.2", "0.0.0", "0.17.1", "0.4.0-dev"])
def test_every_version_that_begins_with_0_is_the_first_phoenix(vsn: str) -> None:
    assert isinstance(negotiate(vsn), Classic)


@pytest.mark.parametrize("vsn", ["2.1.0", "1.1.0", "3.0.0", "20.0.0", "123.1.1"])
def test_another_version_fits_nothing(vsn: str) -> None:
    assert negotiate(vsn) is None


def test_what_comes_before_a_version_is_not_that_version() -> None:
    assert negotiate("2.0.0-rc.1") is None


@pytest.mark.parametrize(
    "vsn",
    [
        "",
        "2",
        "2.0",
        "2.0.0.0",
        "02.0.0",
        "2.00.0",
        " 2.0.0",
        "2.0.0\n",
        "2.0.0-",
        "v2.0.0",
        "\uff12.0.0",
        "\u0662.0.0",
        "2.0.x",
        "0",
        "0.5",
        "0.X",
        "0.x.0",
        "00.5.0",
        "-2.0.0",
        "2.0.0" + "-" * 100_000 + "!",
        "9" * 100_000,
    ],
    ids=lambda vsn: repr(vsn[:12]),
)
def test_what_is_no_version_fits_nothing(vsn: str) -> None:
    assert negotiate(vsn) is None


def test_only_what_is_offered_is_chosen() -> None:
    (_, v1, v2) = SERIALIZERS

    assert negotiate("2.0.0", [v1]) is None
    assert negotiate("2.0.0", [v1, v2]) is v2
