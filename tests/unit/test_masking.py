from __future__ import annotations

from typing import Annotated, Any, NamedTuple

import pytest
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    Json,
    JsonValue,
    RootModel,
    SecretStr,
    ValidationError,
)

from channelkit import FilterParameters, Message, Open, Refusal, Secret
from channelkit.connect_info import ConnectInfo, Uri
from channelkit.masking import Masked, Secrets, masked
from channelkit.payloads import Accepts
from channelkit.wire import Broadcast, Push, Reply

MASK = "[FILTERED]"
USUAL = FilterParameters()


class Card(BaseModel):
    number: Annotated[str, Secret()]
    name: str = ""


class Pair(NamedTuple):
    name: str
    pin: Annotated[str, Secret()]


class Order(Message):
    id: int
    card: Card | None = None
    cards: list[Card] = Field(default=[])
    by_name: dict[str, Card] = Field(default={})
    pair: Pair | None = None
    text: Json[Card] | None = None
    pin: Annotated[str | None, Secret(), Field(alias="thePin")] = None
    anything: Any = None


class Wrapped(Message, RootModel[Card]):
    pass


class Sealed(RootModel[Annotated[str, Secret()]]):
    pass


class Locked(Refusal):
    code: Annotated[int, Secret()]
    tries: int


ORDER = Secrets([(Order, None)])


# What came from outside: JSON.


def test_a_secret_by_type_is_masked_wherever_it_stands() -> None:
    card = {"number": "1", "name": "ann"}
    sent = {"id": 1, "card": card, "cards": [card], "by_name": {"a": card}, "thePin": "2", "pin": 3}

    shown = {"number": MASK, "name": "ann"}
    assert ORDER.masked(sent) == {
        "id": 1,
        "card": shown,
        "cards": [shown],
        "by_name": {"a": shown},
        "thePin": MASK,
        "pin": MASK,
    }


@pytest.mark.parametrize("value", ["1234", 1234, True, ["1234"], b"1234", '{"number": "1234"}'])
def test_what_is_not_of_the_shape_that_holds_a_secret_is_masked_whole(value: object) -> None:
    """It may be the secret, misplaced: such a payload did not validate."""
    assert ORDER.masked({"card": value}) == {"card": MASK}


def test_an_object_in_a_lists_place_is_masked_whole() -> None:
    assert ORDER.masked({"cards": {"0": "1234"}}) == {"cards": MASK}


def test_a_recursive_model_is_masked_as_deep_as_it_goes() -> None:
    class Tree(Message):
        name: str
        pin: Annotated[int, Secret()]
        children: list[Tree] = Field(default=[])

    leaf = {"name": "leaf", "pin": 3}
    sent = {"name": "root", "pin": 1, "children": [{"name": "b", "pin": 2, "children": [leaf]}]}

    assert str(Secrets([(Tree, None)]).masked(sent)).count(MASK) == 3
    assert str(Secrets([(Tree, None)]).masked(sent)).count("name") == 3


def test_null_is_no_secret() -> None:
    assert ORDER.masked({"card": None, "cards": [None]}) == {"card": None, "cards": [None]}


def test_a_list_in_a_named_tuples_place_is_masked_item_by_item() -> None:
    assert ORDER.masked({"pair": ["ann", "1"]}) == {"pair": [MASK, MASK]}
    assert ORDER.masked({"pair": {"name": "ann", "pin": "1"}}) == {
        "pair": {"name": "ann", "pin": MASK}
    }


def test_json_in_a_text_is_masked_whole_if_it_holds_a_secret() -> None:
    assert ORDER.masked({"text": '{"number": "1"}'}) == {"text": MASK}


def test_names_and_types_mask_together_also_under_kept_names() -> None:
    sent = {"card": {"number": "1", "name": "ann"}, "token": "x"}

    assert ORDER.masked(sent) == {"card": {"number": MASK, "name": "ann"}, "token": MASK}
    assert ORDER.masked(sent, FilterParameters.keeping("card")) == {
        "card": {"number": MASK, "name": "ann"},
        "token": MASK,
    }


def test_models_and_bytes_are_masked_too() -> None:
    assert masked(Order(id=1, card=Card(number="1"))) == {
        "id": 1,
        "card": {"number": MASK, "name": ""},
        "cards": [],
        "by_name": {},
        "pair": None,
        "text": None,
        "thePin": MASK,
        "anything": None,
    }
    assert masked({"data": b"abc", "n": 1}) == {"data": "<3 bytes>", "n": 1}


def test_the_payload_of_an_open_message_is_its_one_field() -> None:
    class Login(Open):
        payload: Annotated[Any, Secret()]

    accepts = Accepts((Login,), binary=False)

    assert accepts.secrets.paths == ("",)
    assert accepts.secrets.masked({"a": 1}) == MASK


def test_the_secrets_of_all_accepted_types_count() -> None:
    class Pin(Message):
        pin: Annotated[str, Secret()]

    accepts = Accepts((Order, Pin))

    assert accepts.secrets.masked({"pin": "1", "id": 1}) == {"pin": MASK, "id": 1}
    assert {"pin", "card.number"} <= set(accepts.secrets.paths)


def test_a_payload_is_masked_when_it_is_read() -> None:
    payload: dict[str, object] = {"id": 1}
    lazy = Masked(payload, ORDER, USUAL)

    payload["pin"] = "2"

    assert lazy.value == {"id": 1, "pin": MASK}
    assert repr(lazy) == "{'id': 1, 'pin': '[FILTERED]'}"


def test_what_is_very_long_is_cut_so_that_no_peer_can_hold_us_up() -> None:
    many = masked({"items": [0] * 100_000, "more": 1})
    wide = masked({str(number): number for number in range(100_000)})
    names = masked({"x" * 5000: 1})
    text = masked("=" * 1_000_000)

    assert isinstance(many, dict)
    assert isinstance(wide, dict)
    assert isinstance(text, str)
    assert many == {"items": [*[0] * 998, "…"], "…": "…"}
    assert len(wide) == 1000
    assert wide["…"] == "…"
    assert names == {"x" * 1000 + "…": 1}
    assert text == "=" * 1000 + "…"


def test_a_long_text_is_masked_by_what_is_shown_of_it() -> None:
    assert masked("a" * 900 + "token=1234") == MASK
    assert masked({"a" * 900 + "token": 1}) == {"a" * 900 + "token": MASK}
    assert "1234" not in str(masked("a" * 2000 + "token=1234"))
    assert "1234" not in str(masked({"a" * 2000 + "token": "1234"}))


# What is shown of our own values.


def test_the_repr_of_a_message_masks_its_secrets_at_any_depth() -> None:
    card = Card(number="1234", name="ann")
    order = Order.model_validate(
        {
            "id": 1,
            "card": card,
            "cards": [card],
            "by_name": {"a": card},
            "pair": Pair("ann", "1234"),
            "text": '{"number": "1234"}',
            "thePin": "1234",
            "anything": (card, {card.name: [Sealed("1234")]}),
        }
    )

    assert "1234" not in repr(order) + str(order) + f"{[order]}"
    assert repr(order).startswith("Order(id=1, card=Card(number='[FILTERED]', name='ann'), ")


def test_a_repr_without_secrets_is_pydantics_own() -> None:
    class Note(Message):
        body: str
        tags: tuple[str, ...] = ()
        at: dict[str, list[int]]
        uri: RootModel[str]

    note = Note(body="x", tags=("a",), at={"b": [1]}, uri=RootModel("y"))

    assert repr(note) == (
        "Note(body='x', tags=('a',), at={'b': [1]}, uri=RootModel[str](root='y'))"
    )


def test_what_a_repr_cannot_look_into_is_masked() -> None:
    order = Order.model_construct(id=1, card="1234", cards={"a": "1234"}, by_name=["1234"])

    assert "1234" not in repr(order)


def test_a_root_model_is_masked_like_what_it_holds() -> None:
    assert repr(Wrapped(Card(number="1234"))) == (
        "Wrapped(root=Card(number='[FILTERED]', name=''))"
    )
    assert "1234" not in repr(Order(id=1, anything=Sealed("1234")))


def test_refusals_are_masked_too() -> None:
    assert repr(Locked(code=1234, tries=2)) == "Locked(code='[FILTERED]', tries=2)"
    assert Locked(code=1234, tries=2).response() == {"reason": "locked", "code": 1234, "tries": 2}


def test_of_a_model_whose_types_are_not_known_nothing_is_shown() -> None:
    class Late(Message):
        pin: Unknown  # type: ignore[name-defined]  # noqa: F821  # pyright: ignore

    assert repr(Late.model_construct(pin="1234")) == "Late(pin='[FILTERED]')"


def test_a_secret_str_keeps_itself_to_itself() -> None:
    class Login(Message):
        pin: SecretStr

    assert "1234" not in repr(Login(pin=SecretStr("1234")))


def test_the_text_of_a_validation_error_holds_no_input() -> None:
    with pytest.raises(ValidationError) as caught:
        Order.model_validate({"id": "1234", "card": {"number": 1234}})

    assert "1234" not in str(caught.value) + repr(caught.value)


def test_the_config_of_a_message_may_be_its_own() -> None:
    class Strict(Message):
        model_config = ConfigDict(extra="forbid")
        pin: Annotated[int, Secret()]

    with pytest.raises(ValidationError) as caught:
        Strict.model_validate({"pin": "x1234", "other": 1})

    assert "1234" not in str(caught.value)


def test_an_envelope_shown_for_debugging_hides_what_is_called_a_secret() -> None:
    payload: dict[str, JsonValue] = {"password": "1234", "url": "?token=1234", "n": 1}
    shown = "{'password': '[FILTERED]', 'url': '[FILTERED]', 'n': 1}"

    assert repr(Push("1", None, "t", "e", payload)) == (
        f"Push(join_ref='1', ref=None, topic='t', event='e', payload={shown})"
    )
    assert repr(Broadcast("t", "e", payload)) == (
        f"Broadcast(topic='t', event='e', payload={shown})"
    )
    assert repr(Reply("1", "2", "t", "ok", "?token=1234")) == (
        "Reply(join_ref='1', ref='2', topic='t', status='ok', response='[FILTERED]')"
    )


def test_where_a_connection_comes_from_is_shown_without_its_secrets() -> None:
    info = ConnectInfo(uri=Uri(query="token=1234"), headers={"cookie": "1234"}, auth_token="1234")

    assert "1234" not in repr(info)
