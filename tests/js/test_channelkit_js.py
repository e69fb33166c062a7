"""channelkit.js in node: on a fake WebSocket and a clock that stands still, and under `tsc`."""

import subprocess
from pathlib import Path

import pytest

from ..npm import MODULES, NODE, needs, needs_node

HERE = Path(__file__).parent
SUITES = sorted(HERE.glob("*.test.mjs"))
STRICT = "--strict --noUncheckedIndexedAccess --allowJs --checkJs --noEmit --target es2022"
MODULE = "--module esnext --moduleResolution bundler --lib es2023,dom,dom.iterable"

pytestmark = [pytest.mark.node, pytest.mark.slow, needs_node]


def run(*command: str | Path) -> tuple[int, str]:
    """Run node here; its exit code and all it said."""
    done = subprocess.run(
        [NODE, *command], capture_output=True, check=False, text=True, timeout=60, cwd=HERE
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.name)
def test_the_browsers_client_passes_its_own_suite(suite: Path) -> None:
    code, output = run("--test", suite)

    assert code == 0, output


@needs("typescript")
def test_a_typescript_user_gets_types_from_its_comments() -> None:
    tsc = MODULES / "typescript" / "bin" / "tsc"

    code, output = run(tsc, *STRICT.split(), *MODULE.split(), "--types", "", "usage.ts")

    assert (code, output) == (0, "")
