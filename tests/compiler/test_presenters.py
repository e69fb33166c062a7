"""How problems are shown: to people, to programs, to GitHub."""

from __future__ import annotations

from pathlib import Path

from channelkit.compiler import problems_as_data, render_github, render_problems
from channelkit.errors import Place, Problem

ROOT = Path("/home/ann/chat")
HERE = Place(
    file="/home/ann/chat/app/rooms.py",
    line=14,
    name="Room.new_msg",
    source="async def new_msg(self, body)",
)
THERE = Place(file="/usr/lib/base.py", line=3, name="Base.new_msg", source="")
ONE = Problem(
    code="CK012",
    what="the payload parameter has no type",
    places=(HERE,),
    expected="a Message subclass or bytes",
    got="nothing",
    remedy="annotate it, for example  body: NewMessage",
)
BOTH = Problem(
    code="CK027",
    what="two handlers take one event",
    places=(HERE, THERE),
    expected="one handler",
    got="'100%'",
    remedy="rename one",
)


def test_the_text_has_where_what_as_written_expected_got_and_remedy() -> None:
    assert render_problems([ONE, BOTH], root=ROOT) == (
        "2 problems in the declarations\n"
        "\n"
        "1. app/rooms.py:14 Room.new_msg: the payload parameter has no type  [CK012]\n"
        "    async def new_msg(self, body)\n"
        "expected a Message subclass or bytes, got nothing;"
        " annotate it, for example  body: NewMessage\n"
        "\n"
        "2. app/rooms.py:14 Room.new_msg: two handlers take one event  [CK027]\n"
        "    async def new_msg(self, body)\n"
        "and /usr/lib/base.py:3 Base.new_msg\n"
        "expected one handler, got '100%'; rename one"
    )


def test_one_problem_is_no_plural() -> None:
    assert render_problems([ONE]).startswith("1 problem in the declarations\n")


def test_a_file_outside_of_the_root_keeps_its_path() -> None:
    assert "1. /home/ann/chat/app/rooms.py:14" in render_problems([ONE], root=Path("/srv"))


def test_github_gets_a_command_for_each_problem_escaped() -> None:
    assert render_github([ONE, BOTH], root=ROOT) == (
        "::error file=app/rooms.py,line=14,title=CK012::"
        "Room.new_msg: the payload parameter has no type%0A"
        "expected a Message subclass or bytes, got nothing;"
        " annotate it, for example  body: NewMessage\n"
        "::error file=app/rooms.py,line=14,title=CK027::"
        "Room.new_msg: two handlers take one event%0A"
        "and /usr/lib/base.py:3 Base.new_msg%0A"
        "expected one handler, got '100%25'; rename one"
    )


def test_what_would_end_a_property_is_escaped() -> None:
    place = Place(file="/srv/a,b:c%.py", line=1, name="Room", source="")
    problem = Problem(code="CK001", what="x\r", places=(place,), expected="a", got="b", remedy="c")

    assert render_github([problem], root=Path("/srv")).startswith(
        "::error file=a%2Cb%3Ac%25.py,line=1,title=CK001::Room: x%0D%0A"
    )


def test_programs_get_every_part() -> None:
    assert problems_as_data([BOTH], root=ROOT) == {
        "problems": [
            {
                "code": "CK027",
                "what": "two handlers take one event",
                "places": [
                    {
                        "file": "app/rooms.py",
                        "line": 14,
                        "name": "Room.new_msg",
                        "source": "async def new_msg(self, body)",
                    },
                    {"file": "/usr/lib/base.py", "line": 3, "name": "Base.new_msg", "source": ""},
                ],
                "expected": "one handler",
                "got": "'100%'",
                "remedy": "rename one",
            }
        ]
    }
