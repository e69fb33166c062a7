"""The examples' contracts as pages of the site, asked of the commands anew by every build."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["lay_out_contracts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """An example, and what its page begins with."""

    name: str
    title: str
    target: str
    about: str


EXAMPLES: Final = (
    Example(
        name="chat",
        title="The chat: its contract",
        target="examples.chat:server",
        about="[examples/chat](../../source/examples/chat/index.md) is a chat with rooms, typing,"
        " presence and a moderator.",
    ),
    Example(
        name="conformance",
        title="The conformance server: its contract",
        target="examples.conformance:server",
        about="[The conformance server](../../conformance.md#the-conformance-server) has a channel"
        " for each behaviour of the wire.",
    ),
)

PAGE: Final = """\
# {title}

{about} Nothing on this page is written by hand: every build asks the commands.

- [The manual](manual.html) is one page for those who write its clients: `channelkit docs
  {target} --format html`
- [contract.json](contract.json) is the protocol as data: `channelkit contract {target}`
- [asyncapi.yaml](asyncapi.yaml) is for tools: `channelkit docs {target} --format asyncapi --yaml`

## The protocol

```console
$ channelkit check {target}
{told}```

## Who may do what

`channelkit authz {target} --format markdown`:

{matrix}

## Every message

`channelkit docs {target} --format markdown`:

{document}
"""


def lay_out_contracts(root: Path, pages: Path) -> None:
    """Write what the commands say of each example.

    Raises:
        CalledProcessError: One of them failed; it has said why.
    """
    for example in EXAMPLES:
        folder = pages / "examples" / example.name
        folder.mkdir(parents=True)
        target = example.target
        files = {
            "contract.json": _said(root, "contract", target),
            "asyncapi.yaml": _said(root, "docs", target, "--format", "asyncapi", "--yaml"),
            "manual.html": _said(root, "docs", target, "--format", "html"),
            "contract.md": PAGE.format(
                title=example.title,
                about=example.about,
                target=target,
                told=_said(root, "check", target),
                document=_below(_said(root, "docs", target, "--format", "markdown")),
                matrix=_below(_said(root, "authz", target, "--format", "markdown")),
            ),
        }
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")


def _below(markdown: str) -> str:
    """A document as a part of another: its title gone, its headings one level down.

    Its own contents, which are a list in a list, are the site's to show. What it folds away is
    Markdown, which the site's reader takes for HTML unless told.
    """
    text = re.sub(r"^## Contents\n.*?^(?=<a |#)", "", markdown, flags=re.DOTALL | re.MULTILINE)
    text = text.partition("\n")[2].strip().replace("<details>", '<details markdown="1">')
    return re.sub(r"^(#+ )", r"#\1", text, flags=re.MULTILINE)


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
