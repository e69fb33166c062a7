"""docs/typescript.md: its TypeScript compiles against the client of its own chat."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from channelkit.running.clients import client_for

from ..docs.blocks import ROOT, blocks
from .compiling import Project, needs_tsc

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

pytestmark = needs_tsc

PAGE = blocks(ROOT / "docs" / "typescript.md")


def test_the_typescript_of_the_page_compiles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of it is one program."""
    (chat,) = (block.code for block in PAGE if block.title == "chat.py")
    program = "".join(block.code for block in PAGE if block.language == "ts")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    (tmp_path / "chat.py").write_text(chat)
    project = Project(tmp_path)
    project.write("chat.ts", client_for("chat:server", None, "typescript"))
    project.write("page.ts", program)
    sys.modules.pop("chat")

    assert "joinRoom" in program
    assert project.compile() == []
