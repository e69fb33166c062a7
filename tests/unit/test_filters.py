from __future__ import annotations

import pytest

from channelkit import SECRET_WORDS, FilterParameters
from channelkit.masking import masked


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "newPassword",
        "API_KEY",
        "apiKey",
        "x-api-key",
        "csrf_token",
        "privateKey",
        "Set-Cookie",
    ],
)
def test_a_field_with_a_secrets_name_is_masked_at_any_depth(name: str) -> None:
    assert masked({"a": [{name: {"deep": 1}}]}) == {"a": [{name: "[FILTERED]"}]}


@pytest.mark.parametrize(
    "text",
    [
        "token=abc",
        "https://ann.example/cb?state=1&access_token=abc",
        "sid=1; csrf-token=2",
        "user[password]=x",
        "?password=",
        "dsn: host=db password=x",
        "not a map?token=%zz&&=",
    ],
)
def test_a_text_with_a_secret_behind_its_name_is_masked(text: str) -> None:
    """As in Phoenix's inspect of a message: query strings, malformed ones too."""
    assert masked({"url": text, "n": [text]}) == {"url": "[FILTERED]", "n": ["[FILTERED]"]}


@pytest.mark.parametrize("text", ["the password is out", "a=b", "token", "x?page=2", "", "1 == 1"])
def test_a_text_without_one_is_shown(text: str) -> None:
    assert masked(text) == text


def test_words_are_added_to_the_usual_ones() -> None:
    filters = FilterParameters.adding("IBAN", "card_number")

    sent = {"iban": 1, "cardNumber": 2, "token": 3, "name": 4}

    assert [name for name in sent if filters.hides(name)] == ["iban", "cardNumber", "token"]


def test_words_replace_the_usual_ones() -> None:
    filters = FilterParameters.only("iban")

    assert masked({"iban": 1, "token": 2}, filters) == {"iban": "[FILTERED]", "token": 2}
    assert masked({"token": "token=1"}, FilterParameters.only()) == {"token": "token=1"}


def test_kept_names_are_shown_with_all_that_is_in_them_and_nothing_else_is() -> None:
    filters = FilterParameters.keeping("id", "order")

    sent = {"id": 7, "ID": 8, "order": {"token": ["a=b", "token=c"]}, "lines": [{"id": 1}, "x"]}

    assert masked(sent, filters) == {
        "id": 7,
        "ID": "[FILTERED]",
        "order": {"token": ["a=b", "token=c"]},
        "lines": [{"id": 1}, "[FILTERED]"],
    }
    assert masked("text", filters) == "[FILTERED]"
    assert masked({"id": b"abc", "data": b"abc", "none": None}, filters) == {
        "id": "<3 bytes>",
        "data": "[FILTERED]",
        "none": None,
    }


@pytest.mark.parametrize("word", ["", "_", "--"])
def test_a_word_that_would_mask_everything_is_refused(word: str) -> None:
    with pytest.raises(ValueError, match="has letters"):
        FilterParameters.adding(word)


def test_the_usual_words_are_the_default() -> None:
    assert FilterParameters() == FilterParameters.only(*SECRET_WORDS)
