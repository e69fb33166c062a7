"""The JSON that the serializers share: strict about what comes in, safe in what goes out."""

from __future__ import annotations

import json

import pytest

from channelkit.errors import RemoteProtocolError
from channelkit.messages import Message
from channelkit.serializers.base import INVALID_DATA, dump, invalid_message, load


def refusal(text: bytes) -> tuple[int, bool]:
    """How the text is refused: the close code, and whether a ref was read."""
    with pytest.raises(RemoteProtocolError) as caught:
        load(text)
    return caught.value.close_code, caught.value.has_ref


@pytest.mark.parametrize(
    "text",
    [
        "null",
        "[]",
        ' [ 1 , -2.5e-3, true, "\\u0000\\ud83d\\ude00", {"": {}} ]\n',
        '"é€😀\\/\\b\\f\\n\\r\\t\\"\\\\"',
        "0",
        "-0",
        "-0.0",
        "1E5",
        "1e+2",
        "1e-999",
        "0e999",
        "0.0E+9999999999999999999",
        "9007199254740993",
        "-" + "9" * 4300,
        "9" * 308 + ".0",
        "1" + "0" * 308 + ".0",
        "1." + "0" * 400,
        "0." + "0" * 400 + "1e700",
        "1" + "0" * 400 + "e-400",
        '{"1e999": "1e999, 1E+400", "n": "' + "9" * 400 + '"}',
        '[1, "e", 100]',
    ],
    ids=lambda text: text[:24],
)
def test_all_json_that_has_a_value_is_read(text: str) -> None:
    assert load(text.encode()) == json.loads(text)


def test_the_last_of_two_equal_keys_counts() -> None:
    assert load(b'{"a": 1, "a": 2}') == {"a": 2}


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b" ",
        b"{nope",
        b"[1,]",
        b"[1] 2",
        b"01",
        b"+1",
        b".5",
        b"1.",
        b"'a'",
        b"/* */1",
        b"nul",
        b'"\n"',
        b'"\x00"',
        b'"\\x"',
        b"\xef\xbb\xbf[]",
    ],
)
def test_what_is_not_json_is_refused(text: bytes) -> None:
    assert refusal(text) == (1007, False)


@pytest.mark.parametrize("text", [b"NaN", b"Infinity", b"-Infinity", b"[nan]", b'{"a": -NaN}'])
def test_numbers_that_json_lacks_are_refused(text: bytes) -> None:
    assert refusal(text) == (1007, False)


@pytest.mark.parametrize(
    "number",
    [
        "1e999",
        "-1e999",
        "1e309",
        "1E400",
        "1E+400",
        "1e+309",
        "2e308",
        "1.5e400",
        "1e0000000000000000400",
        "1e99999999999999999999",
        "9" * 400 + ".5",
        "-" + "9" * 400 + ".5",
        "9" * 309 + ".0",
        "9" * 210 + "e99",
        "9" * 250 + "e+60",
        "0." + "0" * 400 + "1e800",
    ],
    ids=lambda text: f"{text[:12]}…{text[-6:]}",
)
@pytest.mark.parametrize("around", ["{}", "[{}]", '{{"a": [1, {{"b": {}}}]}}', '["e",1,{} ]'])
def test_a_number_beyond_a_float_is_refused_wherever_it_stands(number: str, around: str) -> None:
    assert refusal(around.format(number).encode()) == (1007, False)


@pytest.mark.parametrize(
    "text",
    [b'"\\ud800"', b'"\\udc00\\ud800"', b'{"\\ud83d": 1}', b'"\xed\xa0\x80"'],
)
def test_half_a_surrogate_pair_is_refused(text: bytes) -> None:
    assert refusal(text) == (1007, False)


@pytest.mark.parametrize("text", [b'"\xff"', b'"\xc0\x80"', b'"\xe2\x82"', b'"\xf5\x80\x80\x80"'])
def test_what_is_not_utf_8_is_refused(text: bytes) -> None:
    assert refusal(text) == (1007, False)


def test_an_integer_beyond_pythons_limit_is_refused() -> None:
    assert refusal(b"[" + b"9" * 5000 + b"]") == (1007, False)


def test_nesting_beyond_the_parsers_is_refused() -> None:
    assert refusal(b"[" * 100_000 + b"]" * 100_000) == (1007, False)


def test_what_was_read_can_be_sent_back_inside_a_reply() -> None:
    deepest = load(b"[" * 201 + b"]" * 201)
    longest = load(b"9" * 4300)

    reply = dump(["1", "2", "t", "phx_reply", {"status": "ok", "response": [deepest, longest]}])

    assert reply == (
        b'["1","2","t","phx_reply",{"status":"ok","response":['
        + b"[" * 201
        + b"]" * 201
        + b","
        + b"9" * 4300
        + b"]}]"
    )


class Measured(Message):
    value: float


def test_floats_that_json_lacks_become_null() -> None:
    infinite = float("inf")

    assert dump([infinite, -infinite, float("nan"), Measured(value=infinite)]) == (
        b'[null,null,null,{"value":null}]'
    )


def test_text_goes_out_as_utf_8_not_escaped() -> None:
    assert dump(["é€😀"]) == '["é€😀"]'.encode()


@pytest.mark.parametrize("value", [object(), "\ud800", {"\ud800": 1}, b"\xff"], ids=repr)
def test_what_has_no_json_form_is_the_programs_value_error(value: object) -> None:
    with pytest.raises(ValueError, match="serializ"):
        dump([value])


@pytest.mark.parametrize(
    ("topic", "known"), [("room:1", "room:1"), (None, None), (5, None), ([], None)]
)
def test_no_envelope_but_a_ref_is_told_with_the_topic_where_that_is_text(
    topic: object, known: str | None
) -> None:
    with pytest.raises(RemoteProtocolError, match=r"^not an envelope$") as caught:
        invalid_message("5", topic)

    error = caught.value
    assert (error.close_code, error.has_ref, error.ref) == (INVALID_DATA, True, "5")
    assert error.topic == known
