"""The page's scripts under `tsc`."""

from __future__ import annotations

import subprocess
from typing import Final

import pytest

from channelkit.documents.page import assets
from tests.npm import MODULES, NODE, needs, needs_node

pytestmark = [pytest.mark.node, pytest.mark.slow, needs_node, needs("typescript")]

STRICT: Final = "--strict --noUncheckedIndexedAccess --noUnusedLocals --allowJs --checkJs --noEmit"
WHERE: Final = "--target es2022 --module esnext --moduleResolution bundler --types"
LIBRARIES: Final = "es2023,dom,dom.iterable"


def test_they_are_typed_by_their_comments() -> None:
    tsc = MODULES / "typescript" / "bin" / "tsc"
    scripts = sorted(assets.HERE.glob("*.js"))

    done = subprocess.run(
        [NODE, tsc, *STRICT.split(), *WHERE.split(), "", "--lib", LIBRARIES, *scripts],
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )

    assert (done.returncode, done.stdout) == (0, "")
