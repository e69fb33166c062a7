"""The examples' contracts as pages of the site, written anew by every build."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["lay_out_contracts"]

EXAMPLES: Final = {
    "chat": (
        "The chat: its contract",
        "examples.chat:server",
        "`examples/chat` is a chat with rooms, typing, presence and a moderator.",
    ),
    "conformance": (
        "The conformance server: its contract",
        "examples.conformance:server",
        "`examples/conformance.py` is the server that the [conformance](../../conformance.md#the-"
        "conformance-server) tests and the clients of others talk to.",
    ),
}
"""Title, what the commands take, and a sentence."""


def lay_out_contracts(root: Path, pages: Path) -> None:
    """Write what the commands say of each example.

    Raises:
        CalledProcessError: One of them failed; it has said why.
    """
    for name, (title, target, sentence) in EXAMPLES.items():
        folder = pages / "examples" / name
        folder.mkdir(parents=True)
        told = _said(root, "check", target)
        matrix = _said(root, "authz", target, "--format", "markdown")
        (folder / "contract.json").write_text(_said(root, "contract", target), encoding="utf-8")
        text = (
            f"# {title}\n\n{sentence} Nothing on this page is written by hand: the build asks"
            " the commands that are shown.\n\n"
            f"## The protocol\n\n```console\n$ channelkit check {target}\n{told}```\n\n"
            f"## Who may do what\n\n`channelkit authz {target} --format markdown`:\n\n{matrix}\n"
            f"## As data\n\n[contract.json](contract.json) is what `channelkit contract {target}`"
            " writes.\n"
        )
        (folder / "index.md").write_text(text, encoding="utf-8")


def _said(root: Path, *arguments: str) -> str:
    """What the command prints."""
    done = subprocess.run(
        [sys.executable, "-m", "channelkit", *arguments],
        cwd=root,
        check=True,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    return done.stdout
