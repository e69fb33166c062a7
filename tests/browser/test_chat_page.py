"""Two people use the chat's page in Chromium, on a phone and on a desktop, by day and by night."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .driving import MARKS, drive
from .server import ExampleServer

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = MARKS

VISITS = [
    pytest.param("light", "desktop", "phone", ExampleServer.terminate, id="light-deploy"),
    pytest.param("dark", "phone", "desktop", ExampleServer.kill, id="dark-crash"),
    pytest.param("dark", "desktop", "phone", ExampleServer.terminate, id="dark-deploy"),
    pytest.param("light", "phone", "desktop", ExampleServer.kill, id="light-crash"),
]


@pytest.mark.parametrize(("scheme", "ada", "bob", "stop"), VISITS)
def test_two_people_meet_talk_part_and_come_back(
    scheme: str, ada: str, bob: str, stop: Callable[[ExampleServer], None]
) -> None:
    with ExampleServer("examples.chat") as server:
        assert drive("chat.mjs", server, stop, scheme, ada, bob) == 0, "".join(server.log)
