"""What some tests need that is not Python: node, packages from npm, Chromium."""

import os
import shutil
from pathlib import Path

import pytest

__all__ = ["CHROMIUM", "MODULES", "NODE", "needs", "needs_node"]

NODE = shutil.which("node") or "node"
CHROMIUM = shutil.which("chromium") or "chromium"
MODULES = Path(
    os.environ.get("CHANNELKIT_NODE_MODULES", Path(__file__).parent / "browser" / "node_modules")
)

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")


def needs(*packages: str) -> pytest.MarkDecorator:
    """Skip without these packages in `CHANNELKIT_NODE_MODULES` or tests/browser/node_modules."""
    missing = [package for package in packages if not (MODULES / package).is_dir()]
    reason = f"{', '.join(missing)} not in {MODULES}; run npm install in tests/browser"
    return pytest.mark.skipif(bool(missing), reason=reason)
