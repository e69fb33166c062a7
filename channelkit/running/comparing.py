"""Reading the two contracts of a comparison: from files, or from git."""

from __future__ import annotations

import subprocess
from pathlib import Path

from ..contract import Contract, load
from ..errors import ContractError
from .failures import UsageFailure

__all__ = ["read"]


def read(source: str) -> Contract:
    """The contract in a file, or in a git revision, as ``main:chat.json``.

    A path in a revision is looked for from the current directory.

    Raises:
        UsageFailure: It is not there, or is no contract.
    """
    try:
        return load(_text(source))
    except ContractError as error:
        raise UsageFailure(f"{source}: {error}") from None


def _text(source: str) -> bytes:
    path = Path(source)
    revision, colon, name = source.partition(":")
    if colon and revision and name and not path.exists():
        return _from_git(source, revision, name)
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageFailure(f"cannot read {source}: {error.strerror}") from None


def _from_git(source: str, revision: str, name: str) -> bytes:
    inside = name if name.startswith(("/", "./", "../")) else f"./{name}"
    command = ["git", "show", "--end-of-options", f"{revision}:{inside}"]
    try:
        shown = subprocess.run(command, capture_output=True, check=False)
    except OSError:
        raise UsageFailure(f"cannot read {source}: there is no git here") from None
    if shown.returncode:
        why = shown.stderr.decode(errors="replace").strip().partition("\n")[0]
        raise UsageFailure(f"cannot read {source}: {why.removeprefix('fatal: ')}")
    return shown.stdout
