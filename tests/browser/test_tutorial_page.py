"""The tutorial's chat as it is in the end: its page in Chromium, its server, restarted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..docs.blocks import ROOT, blocks
from ..docs.stories import Story
from .driving import MARKS, drive
from .server import ExampleServer

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = MARKS


def test_two_people_talk_in_the_tutorials_chat_and_come_back_after_a_restart(
    tmp_path: Path,
) -> None:
    with Story(tmp_path, blocks(ROOT / "docs" / "tutorial.md")) as story:
        story.write()

    with ExampleServer("channelkit", "run", "chat:server", folder=story.folder) as server:
        assert drive("tutorial.mjs", server, ExampleServer.terminate) == 0, "".join(server.log)
