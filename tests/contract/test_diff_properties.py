"""A change that is judged safe takes nothing away: random models, and values of the old one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated, Any, Literal

from hypothesis import assume, event, given, settings
from hypothesis import strategies as st
from pydantic import ConfigDict, Field, ValidationError, create_model

from channelkit import Message
from channelkit.contract.changes import RULES, Direction, Judgement
from channelkit.contract.schema_diff import SchemaDiff

VALUES = ("a", "b", "c", "d")
NAMES = ["one", "two", "three"]


@dataclass(frozen=True)
class Spec:
    """One field's type, as data that can be changed a little."""

    kind: str
    least: int | None = None
    most: int | None = None
    values: frozenset[str] = frozenset()
    inner: Spec | None = None
    nullable: bool = False
    required: bool = True

    @property
    def type(self) -> Any:
        made = self._plain()
        return made | None if self.nullable else made

    def _plain(self) -> Any:
        match self.kind:
            case "int":
                return Annotated[int, Field(ge=self.least, le=self.most)]
            case "str":
                return Annotated[str, Field(min_length=self.least or 0, max_length=self.most)]
            case "enum":
                return Literal[tuple(sorted(self.values))]
            case "bool":
                return bool
            case "list":
                assert self.inner is not None
                bounds = Field(min_length=self.least or 0, max_length=self.most)
                return Annotated[list[self.inner.type], bounds]  # type: ignore[name-defined]
            case _:
                assert self.inner is not None
                return dict[str, self.inner.type]  # type: ignore[name-defined]

    @property
    def example(self) -> st.SearchStrategy[Any]:
        """Values of this type."""
        plain = self._examples()
        return st.none() | plain if self.nullable else plain

    def _examples(self) -> st.SearchStrategy[Any]:
        least, most = self.least, self.most
        match self.kind:
            case "int":
                return st.integers(least, most)
            case "str":
                return st.text(
                    min_size=least or 0, max_size=(least or 0) + 3 if most is None else most
                )
            case "enum":
                return st.sampled_from(sorted(self.values))
            case "bool":
                return st.booleans()
            case "list":
                assert self.inner is not None
                return st.lists(
                    self.inner.example,
                    min_size=least or 0,
                    max_size=self._longest,
                )
            case _:
                assert self.inner is not None
                return st.dictionaries(st.text(max_size=3), self.inner.example, max_size=2)

    @property
    def _longest(self) -> int:
        return (self.least or 0) + 2 if self.most is None else self.most


LEAST = st.none() | st.integers(0, 3)
MOST = st.none() | st.integers(3, 6)
SIMPLE = st.one_of(
    st.builds(Spec, st.sampled_from(["int", "str"]), least=LEAST, most=MOST),
    st.builds(Spec, st.just("enum"), values=st.frozensets(st.sampled_from(VALUES), min_size=1)),
    st.builds(Spec, st.just("bool")),
)
NESTED = st.recursive(
    SIMPLE,
    lambda inner: st.one_of(
        st.builds(Spec, st.just("list"), inner=inner, least=LEAST, most=MOST),
        st.builds(Spec, st.just("dict"), inner=inner),
    ),
    max_leaves=3,
)


def _spec(spec: Spec, nullable: bool, required: bool) -> Spec:
    return replace(spec, nullable=nullable, required=required)


SPECS: st.SearchStrategy[Spec] = st.builds(_spec, NESTED, st.booleans(), st.booleans())
MODELS: st.SearchStrategy[dict[str, Spec]] = st.dictionaries(
    st.sampled_from(["one", "two", "three"]), SPECS
)


def model(fields: dict[str, Spec], *, extra: bool) -> type[Message]:
    given_fields: dict[str, Any] = {
        name: (spec.type, ... if spec.required else None) for name, spec in fields.items()
    }
    config = ConfigDict(extra="ignore" if extra else "forbid")
    return create_model("Model", __base__=_base(config), **given_fields)


def _base(config: ConfigDict) -> type[Message]:
    class Base(Message):
        model_config = config

    return Base


@st.composite
def changed(draw: st.DrawFn, fields: dict[str, Spec]) -> dict[str, Spec]:
    """The fields after a few changes: small ones for the most part, so that many are safe."""
    after = {name: draw(st.just(spec) | _changed_spec(spec)) for name, spec in fields.items()}
    for name in draw(st.sets(st.sampled_from(NAMES), max_size=1)):
        if name in after:
            del after[name]
        else:
            after[name] = draw(SPECS)
    return after


def _changed_spec(spec: Spec) -> st.SearchStrategy[Spec]:
    changes: list[st.SearchStrategy[Spec]] = [
        st.just(replace(spec, nullable=not spec.nullable)),
        st.just(replace(spec, required=not spec.required)),
        st.builds(partial(replace, spec), least=LEAST),
        st.builds(partial(replace, spec), most=MOST),
        SPECS,
    ]
    if spec.kind == "enum":
        more = st.frozensets(st.sampled_from(VALUES), min_size=1)
        changes.append(st.builds(partial(replace, spec), values=more))
    if spec.inner is not None:
        changes.append(st.builds(partial(replace, spec), inner=_changed_spec(spec.inner)))
    return st.one_of(changes)


def judgements(old: type[Message], new: type[Message], direction: Direction) -> set[Judgement]:
    """What the change from one model to the other is judged."""
    differences = SchemaDiff({}, {}).compare(old.model_json_schema(), new.model_json_schema())
    return {RULES[difference.kind][direction] for difference in differences}


@settings(max_examples=60)
@given(st.data(), MODELS, st.booleans(), st.booleans())
def test_a_safe_change_of_what_clients_send_accepts_all_that_was_accepted(
    data: st.DataObject, fields: dict[str, Spec], extra: bool, extra_after: bool
) -> None:
    after = data.draw(changed(fields))
    old, new = model(fields, extra=extra), model(after, extra=extra_after)
    bad = judgements(old, new, Direction.SENT) & {Judgement.BREAKING}
    event(f"{'breaking' if bad else 'harmless'}, {'the same' if after == fields else 'changed'}")
    assume(not bad)

    sent = {
        name: data.draw(spec.example)
        for name, spec in fields.items()
        if spec.required or data.draw(st.booleans())
    }

    old.model_validate(sent)
    new.model_validate(sent)


@settings(max_examples=60)
@given(st.data(), MODELS, st.booleans())
def test_a_safe_change_of_what_clients_receive_gives_nothing_that_they_cannot_read(
    data: st.DataObject, fields: dict[str, Spec], extra: bool
) -> None:
    """As long as clients ignore fields that they do not know."""
    after = data.draw(changed(fields))
    old, new = model(fields, extra=True), model(after, extra=extra)
    assume(judgements(old, new, Direction.RECEIVED) <= {Judgement.SAFE})

    received = {
        name: data.draw(spec.example)
        for name, spec in after.items()
        if spec.required or data.draw(st.booleans())
    }

    old.model_validate(received)


@settings(max_examples=30)
@given(MODELS, st.booleans())
def test_a_model_that_stays_as_it_is_has_no_changes(fields: dict[str, Spec], extra: bool) -> None:
    assert (
        judgements(model(fields, extra=extra), model(fields, extra=extra), Direction.SENT) == set()
    )


@settings(max_examples=50)
@given(st.data(), MODELS)
def test_what_is_refused_now_was_judged_breaking(
    data: st.DataObject, fields: dict[str, Spec]
) -> None:
    """The other way round: the judgement is not just cautious, it finds what breaks."""
    after = data.draw(changed(fields))
    old, new = model(fields, extra=True), model(after, extra=True)
    sent = {name: data.draw(spec.example) for name, spec in fields.items()}
    try:
        new.model_validate(sent)
    except ValidationError:
        assert Judgement.BREAKING in judgements(old, new, Direction.SENT)
