"""What the TypeScript compiler says of a page's scripts, which need not be whole programs."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Final

from channelkit.js import JAVASCRIPT

from ..npm import NODE, modules

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from .blocks import Block

__all__ = ["complaints"]

OPTIONS: Final = (
    "--noEmit --allowJs --checkJs --target es2022 --module esnext "
    "--moduleResolution bundler --skipLibCheck --lib es2023,dom,dom.iterable --types node"
)

TSC: Final = modules("docs") / "typescript" / "bin" / "tsc"
STRICTNESS: Final = {"js": "false", "ts": "true"}
"""A page's JavaScript need not prove that what it looks for is there."""

GIVEN: Final = """\
declare const Presence: typeof import("phoenix").Presence;
declare const Socket: typeof import("phoenix").Socket;
declare const append: (...shown: any[]) => void;
declare const channel: any;
declare const room: any;
declare const show: (...shown: any[]) => void;
declare const socket: any;
"""
"""What a fragment takes for granted, where it does not declare it itself."""


def complaints(folder: Path, scripts: Sequence[Block]) -> list[str]:
    """Compile the scripts in a folder, beside what the page's story left there."""
    (folder / "node_modules").symlink_to(modules("docs"))
    (folder / "given.d.ts").write_text(GIVEN)
    said: list[str] = []
    for language, strictness in STRICTNESS.items():
        chosen = [block for block in scripts if block.language == language]
        names = [_written(folder, block) for block in chosen]
        said += _compiled(folder, strictness, names) if names else []
    return said


def _compiled(folder: Path, strictness: str, names: Sequence[str]) -> list[str]:
    done = subprocess.run(
        [NODE, TSC, *OPTIONS.split(), "--strict", strictness, "given.d.ts", *names],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return (done.stdout + done.stderr).splitlines()


def _written(folder: Path, block: Block) -> str:
    """The file of a script; one without a title is a module of its own, a line further down."""
    suffix = "mts" if block.language == "ts" else "mjs"
    own = folder / (block.title or "")
    (own.parent if block.title else own).joinpath("channelkit.js").write_text(
        JAVASCRIPT.read_text(encoding="utf-8")
    )
    if block.title is not None:
        return block.title
    name = f"{block.page.stem}_{block.line}.{suffix}"
    (folder / name).write_text(f"export {{}};\n{block.code}", encoding="utf-8")
    return name
