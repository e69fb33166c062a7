"""`module:app`: what is found, and what is said where it is not."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from channelkit import DeclarationError, Endpoint, Server
from channelkit.running.failures import UsageFailure
from channelkit.running.target import endpoints, load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

APP = "from channelkit import Endpoint, Server\n"
BOTH = APP + "endpoint = Endpoint('/socket', [])\nserver = Server(endpoint)\n"


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, str], None]]:
    """Write a module into the current directory, which is an empty one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [path for path in sys.path if path])
    before = set(sys.modules)

    def written(name: str, text: str) -> None:
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)

    yield written
    for name in set(sys.modules) - before:
        del sys.modules[name]


def failure(target: str) -> str:
    with pytest.raises(UsageFailure) as caught:
        load(target)
    assert caught.value.exit_code == 2
    return str(caught.value)


def test_a_module_of_the_current_directory_is_found(write: Callable[[str, str], None]) -> None:
    write("chat_a.py", BOTH)

    endpoint, server = load("chat_a:endpoint"), load("chat_a:server")

    assert isinstance(endpoint, Endpoint)
    assert isinstance(server, Server)
    assert endpoints(endpoint) == endpoints(server) == (endpoint,)


def test_the_current_directory_stays_once_on_the_path(
    write: Callable[[str, str], None], tmp_path: Path
) -> None:
    write("chat_a.py", BOTH)

    load("chat_a:endpoint")
    load("chat_a:server")

    assert sys.path.count(str(tmp_path)) == 1


@pytest.mark.parametrize(
    ("target", "example"),
    [
        ("chat", "chat:endpoint"),
        ("chat.py:app", "chat:app"),
        ("rooms/chat.py", "rooms.chat:endpoint"),
        ("./rooms/chat.py:app", "rooms.chat:app"),
        ("chat:", "chat:endpoint"),
    ],
)
def test_anything_but_module_and_app_gets_an_example(target: str, example: str) -> None:
    assert failure(target) == f"expected module:app, for example {example}, got {target!r}"


def test_a_missing_module_gets_the_nearest_name(
    write: Callable[[str, str], None], tmp_path: Path
) -> None:
    write("chat_a.py", BOTH)

    assert failure("chat_b:endpoint") == (
        f"no module named 'chat_b', seen from {tmp_path} (did you mean chat_a?)"
    )


def test_a_missing_module_of_a_package_gets_the_nearest_name_there(
    write: Callable[[str, str], None], tmp_path: Path
) -> None:
    write("package_a/__init__.py", "")
    write("package_a/server.py", BOTH)

    assert failure("package_a.sever:server") == (
        f"no module named 'package_a.sever', seen from {tmp_path} (did you mean package_a.server?)"
    )


def test_what_a_module_imports_in_vain_is_told_with_the_author_s_frames(
    write: Callable[[str, str], None], tmp_path: Path
) -> None:
    write("chat_a.py", "import nothing_of_this_name\n")

    assert failure("chat_a:endpoint").splitlines() == [
        "importing chat_a failed",
        "Traceback (most recent call last):",
        f'  File "{tmp_path}/chat_a.py", line 1, in <module>',
        "    import nothing_of_this_name",
        "ModuleNotFoundError: No module named 'nothing_of_this_name'",
    ]


def test_a_syntax_error_is_told_with_its_place(
    write: Callable[[str, str], None], tmp_path: Path
) -> None:
    write("chat_a.py", "x = (\n")

    lines = failure("chat_a:endpoint").splitlines()

    assert lines[0] == "importing chat_a failed"
    assert f'  File "{tmp_path}/chat_a.py", line 1' in lines
    assert lines[-1] == "SyntaxError: '(' was never closed"


def test_a_module_that_exits_is_told_too(write: Callable[[str, str], None]) -> None:
    write("chat_a.py", "raise SystemExit(3)\n")

    assert failure("chat_a:endpoint").endswith("SystemExit: 3")


def test_problems_that_the_module_itself_found_stay_problems(
    write: Callable[[str, str], None],
) -> None:
    write(
        "chat_a.py",
        APP + "from channelkit import Channel, channel\n"
        "@channel('room')\nclass Room(Channel[None]):\n    pass\n"
        "endpoint = Endpoint('/socket', [Room])\nendpoint.compile()\n",
    )

    with pytest.raises(DeclarationError):
        load("chat_a:endpoint")


def test_a_misspelt_attribute_gets_the_nearest_app(write: Callable[[str, str], None]) -> None:
    write("chat_a.py", BOTH)

    assert failure("chat_a:endpont") == (
        "chat_a has no attribute 'endpont' (did you mean endpoint?)"
    )


def test_an_attribute_that_is_like_nothing_gets_all_apps(
    write: Callable[[str, str], None],
) -> None:
    write("chat_a.py", BOTH)

    assert failure("chat_a:app") == (
        "chat_a has no attribute 'app'; there is chat_a:endpoint, chat_a:server"
    )


def test_a_module_without_apps_offers_none(write: Callable[[str, str], None]) -> None:
    write("chat_a.py", "")

    assert failure("chat_a:app") == "chat_a has no attribute 'app'"


@pytest.mark.parametrize(
    ("name", "got"),
    [("make", "of type function"), ("Endpoint", "the class Endpoint"), ("number", "of type int")],
)
def test_what_is_no_app_is_named(write: Callable[[str, str], None], name: str, got: str) -> None:
    write("chat_a.py", BOTH + "def make(): ...\nnumber = 1\n")

    assert failure(f"chat_a:{name}") == (
        f"chat_a:{name} is {got}; expected an Endpoint or a Server"
        "; there is chat_a:endpoint, chat_a:server"
    )
