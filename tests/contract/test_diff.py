"""Two contracts, compared: what each change means for clients of the old one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from channelkit.contract import Contract, compare, contract_of, dump, report
from channelkit.contract.changes import RULES, Direction, Judgement, Kind

from . import app

if TYPE_CHECKING:
    from collections.abc import Callable

    from channelkit.contract import Change

    Edit = Callable[[dict[str, Any]], object]

BREAKING, RISKY, SAFE = Judgement
SENT, RECEIVED, OFFERED = Direction


@pytest.fixture(scope="module")
def old() -> Contract:
    return contract_of([app.endpoint, app.lobby])


def edited(old: Contract, edit: Edit) -> Contract:
    """The contract after an edit of its JSON."""
    data = json.loads(dump(old))
    edit(data)
    return Contract.model_validate(data)


def endpoint(data: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = data["endpoints"][0]
    return found


def canvas(data: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = endpoint(data)["channels"][0]
    return found


def named(name: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """The event of this name."""

    def find(data: dict[str, Any]) -> dict[str, Any]:
        return next(event for event in canvas(data)["events"] if event["event"] == name)

    return find


draw, image, replay, anything = map(named, ("draw", "image", "replay", "any"))


def put(find: Callable[[dict[str, Any]], dict[str, Any]], name: str, value: Any) -> Edit:
    """Put a value somewhere."""
    return lambda data: find(data).__setitem__(name, value)


def drop(find: Callable[[dict[str, Any]], dict[str, Any]], name: str, index: int) -> Edit:
    """Take something out of a list."""
    return lambda data: find(data)[name].pop(index)


def schema(name: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda data: data["schemas"][name]


def no_field(name: str, field: str) -> Edit:
    return lambda data: schema(name)(data)["properties"].pop(field)


def swapped(data: dict[str, Any]) -> None:
    lobby = data["endpoints"][1]["channels"][0]
    endpoint(data)["channels"] = [{**lobby, "pattern": "a"}, {**lobby, "pattern": "b"}]


REFUSAL = {"reason": "late", "status": None, "$ref": "#/schemas/Full", "description": ""}
MODEL = {"kind": "model", "$ref": "#/schemas/Stroke"}

EDITS: dict[str, tuple[Edit, list[tuple[str, Kind, Judgement]]]] = {
    "nothing": (lambda _: None, []),
    "words": (put(canvas, "description", "Other words."), []),
    "the name of the class": (put(canvas, "name", "Picture"), []),
    "an endpoint less": (
        lambda data: data["endpoints"].pop(),
        [("/lobby", Kind.REMOVED, BREAKING)],
    ),
    "an endpoint more": (
        lambda data: data["endpoints"].append({**endpoint(data), "path": "/new"}),
        [("/new", Kind.ADDED, SAFE)],
    ),
    "a transport less": (
        drop(endpoint, "transports", 1),
        [("/draw > transport > longpoll", Kind.REMOVED, BREAKING)],
    ),
    "a serializer more": (
        put(endpoint, "serializers", ["0.x", "1.0.0", "2.0.0", "3.0.0"]),
        [("/draw > serializer > 3.0.0", Kind.ADDED, SAFE)],
    ),
    "another default vsn": (
        put(endpoint, "vsn", "2.0.0"),
        [("/draw > default vsn", Kind.REPLACED, BREAKING)],
    ),
    "another subprotocol": (
        put(endpoint, "subprotocols", ["draw.v2"]),
        [
            ("/draw > subprotocol > draw.v1", Kind.REMOVED, BREAKING),
            ("/draw > subprotocol > draw.v2", Kind.ADDED, SAFE),
        ],
    ),
    "subprotocols no more": (
        put(endpoint, "subprotocols", None),
        [("/draw > subprotocol", Kind.REMOVED, BREAKING)],
    ),
    "subprotocols at last": (
        lambda data: data["endpoints"][1].update(subprotocols=["lobby.v1"]),
        [("/lobby > subprotocol", Kind.TIGHTENED, BREAKING)],
    ),
    "a lower limit": (
        lambda data: endpoint(data)["limits"].update(topics=4),
        [("/draw > limit > topics", Kind.TIGHTENED, RISKY)],
    ),
    "a higher limit": (
        lambda data: endpoint(data)["limits"].update(topics=6),
        [("/draw > limit > topics", Kind.LOOSENED, SAFE)],
    ),
    "a lower rate": (put(endpoint, "rate", "99/s"), [("/draw > rate", Kind.TIGHTENED, RISKY)]),
    "no rate": (put(endpoint, "rate", None), [("/draw > rate", Kind.LOOSENED, SAFE)]),
    "a smaller burst": (
        put(endpoint, "rate", "100/s burst 5"),
        [("/draw > rate", Kind.TIGHTENED, RISKY)],
    ),
    "everybody may connect": (
        put(endpoint, "connect", None),
        [("/draw > connect", Kind.LOOSENED, SAFE)],
    ),
    "not everybody may connect": (
        lambda data: data["endpoints"][1].update(connect=endpoint(data)["connect"]),
        [("/lobby > connect", Kind.ALTERED, RISKY)],
    ),
    "another status": (
        lambda data: endpoint(data)["connect"]["refuses"][0].update(status=403),
        [("/draw > connect > refusal > banned > status", Kind.ALTERED, RISKY)],
    ),
    "a connect parameter more": (
        lambda data: (
            schema("Login")(data)["properties"].update(age={"type": "integer"}),
            schema("Login")(data)["required"].append("age"),
        ),
        [("/draw > connect > age", Kind.REQUIRED_ADDED, BREAKING)],
    ),
    "a channel less": (
        drop(endpoint, "channels", 0),
        [("/draw > canvas:{canvas}:{layer*}", Kind.REMOVED, BREAKING)],
    ),
    "a parameter renamed": (
        lambda data: (
            put(canvas, "pattern", "canvas:{id}:{layer*}")(data),
            canvas(data)["parameters"][0].update(name="id"),
        ),
        [],
    ),
    "a parameter narrowed": (
        lambda data: canvas(data)["parameters"][0]["value"].update(minimum=1),
        [("/draw > canvas:{canvas}:{layer*} > topic > {canvas}", Kind.TIGHTENED, BREAKING)],
    ),
    "an answer of a join less": (
        lambda data: canvas(data)["join"]["answers"].pop(),
        [("> join > answer", Kind.SHAPE_REMOVED, SAFE)],
    ),
    "a refusal less": (
        lambda data: canvas(data)["join"]["refuses"].pop(),
        [("> join > refusal > full", Kind.REMOVED, SAFE)],
    ),
    "a refusal more": (
        lambda data: canvas(data)["join"]["refuses"].append(REFUSAL),
        [("> join > refusal > late", Kind.ADDED, RISKY)],
    ),
    "an event less": (
        drop(canvas, "events", 0),
        [("> event > draw", Kind.REMOVED, BREAKING)],
    ),
    "another payload": (
        put(image, "accepts", [{"kind": "binary"}]),
        [("> event > image", Kind.SHAPE_REMOVED, BREAKING)],
    ),
    "one payload more": (
        put(draw, "accepts", [MODEL, {"kind": "binary"}]),
        [("> event > draw", Kind.SHAPE_ADDED, SAFE)],
    ),
    "another model of the same form": (
        lambda data: (
            data["schemas"].update(Line=schema("Stroke")(data)),
            put(draw, "accepts", [{"kind": "model", "$ref": "#/schemas/Line"}])(data),
        ),
        [],
    ),
    "an answer more": (
        put(draw, "answers", [{"kind": "empty"}, MODEL]),
        [("> event > draw > answer", Kind.SHAPE_ADDED, BREAKING)],
    ),
    "no reply, perhaps": (
        put(draw, "silent", True),
        [("> event > draw > reply", Kind.ALTERED, BREAKING)],
    ),
    "a reply, always": (
        put(anything, "silent", False),
        [("> event > any > reply", Kind.ALTERED, SAFE)],
    ),
    "another permission": (
        put(draw, "permission", "is_painter"),
        [("> event > draw > permission", Kind.ALTERED, RISKY)],
    ),
    "no permission": (
        put(draw, "permission", None),
        [("> event > draw > permission", Kind.ALTERED, SAFE)],
    ),
    "replies that overtake": (
        put(draw, "concurrent", True),
        [("> event > draw > order", Kind.ALTERED, RISKY)],
    ),
    "replies in order": (
        put(image, "concurrent", False),
        [("> event > image > order", Kind.ALTERED, SAFE)],
    ),
    "a stream of other items": (
        put(replay, "streams", ["canvas:image"]),
        [
            ("> event > replay > stream > canvas:image", Kind.ADDED, RISKY),
            ("> event > replay > stream > drawn", Kind.REMOVED, SAFE),
        ],
    ),
    "a stream no more": (
        put(replay, "streams", None),
        [("> event > replay > stream", Kind.REPLACED, BREAKING)],
    ),
    "a stream at last": (
        put(draw, "streams", ["drawn"]),
        [("> event > draw > stream", Kind.REPLACED, BREAKING)],
    ),
    "a push less": (drop(canvas, "pushes", 0), [("> push > drawn", Kind.REMOVED, BREAKING)]),
    "a pushed field less": (
        no_field("Drawn", "by"),
        [("> push > drawn > by", Kind.FIELD_REMOVED, BREAKING)],
    ),
    "a push that members see differently": (
        lambda data: canvas(data)["pushes"][1].update(intercepted=True),
        [("> push > canvas:image > intercepted", Kind.ALTERED, RISKY)],
    ),
    "a push that all see alike": (
        lambda data: canvas(data)["pushes"][0].update(intercepted=False),
        [("> push > drawn > intercepted", Kind.ALTERED, SAFE)],
    ),
    "no presence": (put(canvas, "presence", None), [("> presence", Kind.REMOVED, BREAKING)]),
    "presence": (
        lambda data: data["endpoints"][1]["channels"][0].update(presence=canvas(data)["presence"]),
        [("/lobby > lobby > presence", Kind.ADDED, SAFE)],
    ),
    "another meta": (
        no_field("Online", "status"),
        [("> presence > meta > status", Kind.FIELD_REMOVED, BREAKING)],
    ),
    "another profile": (
        no_field("Profile", "full_name"),
        [("> presence > beside the metas > full_name", Kind.FIELD_REMOVED, BREAKING)],
    ),
    "no profile": (
        lambda data: canvas(data)["presence"].update(beside=None),
        [("> presence > beside the metas", Kind.REMOVED, BREAKING)],
    ),
}


def told(changes: list[Change]) -> list[tuple[str, Kind, Judgement]]:
    return [(" > ".join(change.where), change.kind, change.judgement) for change in changes]


@pytest.mark.parametrize("edit", EDITS)
def test_every_change_is_found_and_judged(old: Contract, edit: str) -> None:
    change, expected = EDITS[edit]

    found = told(compare(old, edited(old, change)))

    assert len(found) == len(expected)
    for (where, *verdict), (wanted, *judged) in zip(sorted(found), sorted(expected), strict=True):
        assert where.endswith(wanted)
        assert verdict == judged


def test_a_profile_that_is_added_is_safe(old: Contract) -> None:
    before = edited(old, EDITS["no profile"][0])

    assert [change.judgement for change in compare(before, old)] == [SAFE]


def test_channels_in_another_order_may_take_other_topics(old: Contract) -> None:
    before = edited(old, swapped)
    after = edited(before, lambda data: endpoint(data)["channels"].reverse())

    assert told(compare(before, after)) == [("/draw > order of channels", Kind.ALTERED, RISKY)]


def test_the_worst_comes_first(old: Contract) -> None:
    def worse(data: dict[str, Any]) -> None:
        for name in ("a higher limit", "a refusal more", "a push less"):
            EDITS[name][0](data)

    assert [change.judgement for change in compare(old, edited(old, worse))] == [
        BREAKING,
        RISKY,
        SAFE,
    ]


def test_the_rules_know_every_kind_in_both_directions() -> None:
    assert RULES.keys() == set(Kind)
    known = [{OFFERED}, {SENT, RECEIVED}, {SENT, RECEIVED, OFFERED}]
    assert all(set(rules) in known for rules in RULES.values())


# What is said of them.


@pytest.fixture(scope="module")
def changes(old: Contract) -> list[Change]:
    def change(data: dict[str, Any]) -> None:
        EDITS["a push less"][0](data)
        EDITS["a parameter narrowed"][0](data)
        EDITS["another permission"][0](data)
        EDITS["no rate"][0](data)

    return compare(old, edited(old, change))


def test_people_get_a_line_for_each(changes: list[Change]) -> None:
    where = "/draw > canvas:{canvas}:{layer*}"
    assert report(changes, "text") == (
        f"breaking  {where} > topic > {{canvas}}: tightened (clients send): minimum 0 → minimum 1\n"
        f"breaking  {where} > push > drawn: removed\n"
        f"risky     {where} > event > draw > permission: altered: may_draw → is_painter\n"
        "safe      /draw > rate: loosened: 100/s\n"
        "\n"
        "2 breaking, 1 risky, 1 safe"
    )
    assert report([], "text") == "No change that a client can notice."


def test_programs_get_json(changes: list[Change]) -> None:
    assert json.loads(report(changes, "json"))["changes"][3] == {
        "judgement": "safe",
        "kind": "loosened",
        "direction": "clients may use",
        "where": ["/draw", "rate"],
        "old": "100/s",
        "new": None,
    }


def test_github_gets_annotations(changes: list[Change]) -> None:
    lines = report(changes, "github").splitlines()

    assert lines[3] == "::notice title=Contract (safe)::/draw > rate: loosened: 100/s"
    assert [line.partition(" ")[0] for line in lines] == [
        "::error",
        "::error",
        "::warning",
        "::notice",
    ]


def test_a_changelog_gets_a_list_under_each_judgement(changes: list[Change]) -> None:
    text = report(changes, "markdown")

    assert text.startswith("### Breaking\n\n- `/draw > canvas:{canvas}:{layer*} > topic > ")
    assert text.endswith("### Safe\n\n- `/draw > rate`: loosened: `100/s`")
    assert report([], "markdown") == "No change that a client can notice."
