"""What the tests of the client share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .app import JOURNALS

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def journals() -> Iterator[None]:
    """No test sees what another one did."""
    yield
    JOURNALS.clear()
