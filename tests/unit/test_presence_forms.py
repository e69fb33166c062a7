"""What clients are told of presences, field by field."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from channelkit.presence import grouped, on_the_wire, phx_ref

if TYPE_CHECKING:
    from channelkit.presence import Fields, Present


def test_a_ref_is_its_time_its_process_and_its_number() -> None:
    assert phx_ref(0, 0, 0) == "AAAAAAAAAAAAAAAA"
    assert phx_ref(2**64 - 1, 2**16 - 1, 2**16 - 1) == "________________"
    assert phx_ref(1, 2, 3) == "AAAAAAAAAAEAAgAD"


def test_refs_have_16_characters_that_a_url_takes_and_differ() -> None:
    refs = {phx_ref(time, 7, number) for time in (10**18, 10**18 + 1) for number in range(1000)}

    assert len(refs) == 2000
    assert all(re.fullmatch(r"[\w-]{16}", ref) for ref in refs)


def test_numbers_beyond_their_places_go_round() -> None:
    assert phx_ref(2**64 + 1, 2**16 + 2, 2**16 + 3) == phx_ref(1, 2, 3)


def test_a_meta_has_its_fields_and_its_ref() -> None:
    assert on_the_wire({"status": "online"}, "r1", None) == {"status": "online", "phx_ref": "r1"}


def test_an_updated_meta_names_the_ref_before_it() -> None:
    assert on_the_wire({}, "r2", "r1") == {"phx_ref": "r2", "phx_ref_prev": "r1"}


def test_presences_are_grouped_by_key() -> None:
    metas: dict[str, list[Fields]] = {
        "ann": [{"phx_ref": "1"}, {"phx_ref": "2"}],
        "bob": [{"phx_ref": "3"}],
    }

    assert grouped(metas, {}) == {
        "ann": {"metas": [{"phx_ref": "1"}, {"phx_ref": "2"}]},
        "bob": {"metas": [{"phx_ref": "3"}]},
    }


def test_what_is_added_to_a_key_never_takes_the_place_of_its_metas() -> None:
    extras: Present = {"ann": {"name": "Ann", "metas": []}, "eve": {"name": "Eve"}}

    assert grouped({"ann": [{"phx_ref": "1"}]}, extras) == {
        "ann": {"name": "Ann", "metas": [{"phx_ref": "1"}]}
    }
