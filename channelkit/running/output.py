"""Writing what a command makes: to the terminal, or whole into a file."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Final

from .failures import Failure

__all__ = ["write"]

NEW_FILE: Final = 0o666


def write(text: str, path: Path) -> None:
    """Write a file, whole or not at all; one that stands there is replaced in one step.

    A link stays, and leads to what is new. What is no file, such as ``/dev/stdout``, is written
    to as it stands: in its place a file would be in everybody's way.

    Raises:
        Failure: It cannot be written.
    """
    try:
        if path.exists() and not path.is_file():
            path.write_text(text, encoding="utf-8", newline="\n")
        else:
            _replace(path.resolve(), text)
    except OSError as error:
        raise Failure(f"cannot write {path}: {error.strerror or type(error).__name__}") from None


def _replace(path: Path, text: str) -> None:
    mode = path.stat().st_mode if path.exists() else NEW_FILE & ~_umask()
    number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    draft = Path(name)
    try:
        with os.fdopen(number, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        draft.chmod(mode & 0o777)
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
