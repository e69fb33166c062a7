"""What some tests need that is not Python: node, packages from npm, Chromium."""

import os
import shutil
from pathlib import Path

import pytest

__all__ = ["CHROMIUM", "MODULES", "NODE", "modules", "needs", "needs_node"]

NODE = shutil.which("node") or "node"
CHROMIUM = shutil.which("chromium") or "chromium"


def modules(folder: str) -> Path:
    """Where the packages of a folder of tests are: its own, or `CHANNELKIT_NODE_MODULES`."""
    own = Path(__file__).parent / folder / "node_modules"
    return Path(os.environ.get("CHANNELKIT_NODE_MODULES", own))


MODULES = modules("browser")

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")


def needs(*packages: str, folder: str = "browser") -> pytest.MarkDecorator:
    """Skip without these packages."""
    where = modules(folder)
    missing = [package for package in packages if not (where / package).is_dir()]
    reason = f"{', '.join(missing)} not in {where}; run npm install in tests/{folder}"
    return pytest.mark.skipif(bool(missing), reason=reason)
