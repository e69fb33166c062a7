"""The documentation site, built once for all tests of it, where no network can be reached."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from .reading import Site

ROOT = Path(__file__).parents[2]
PATIENCE = 300.0

NO_NETWORK = """\
import socket


def refuse(*arguments, **options):
    raise RuntimeError("a build of the site asks for the network")


socket.getaddrinfo = socket.gethostbyname = refuse
socket.socket.connect = socket.socket.connect_ex = refuse
"""
"""Imported by every Python that the build starts, before anything else."""


def build(root: Path, target: Path, guard: Path) -> subprocess.CompletedProcess[str]:
    """Run the build of the project at `root`."""
    guard.mkdir(exist_ok=True)
    (guard / "sitecustomize.py").write_text(NO_NETWORK)
    return subprocess.run(
        [sys.executable, str(root / ".ci" / "site" / "build.py"), str(target)],
        env={**os.environ, "PYTHONPATH": str(guard), "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
        timeout=PATIENCE,
    )


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """What `.ci/site/build.py` makes of this tree."""
    if find_spec("mkdocs") is None or find_spec("mkdocstrings") is None:
        pytest.skip("mkdocs is not installed; pip install -e '.[site]'")
    folder = tmp_path_factory.mktemp("site")
    done = build(ROOT, folder / "out", folder / "guard")
    assert (done.returncode, done.stdout) == (0, "")
    return Site(folder / "out")
