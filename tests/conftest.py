"""Every async test runs on each event loop, within five seconds."""

from __future__ import annotations

import os
from functools import wraps
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any

import anyio
import pytest
import trio.testing
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Generator

# A machine with other work to do is no fault of a property's. CI has a profile of hypothesis's own.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
if not os.environ.get("CI"):
    settings.load_profile("unhurried")

GUARD = 5.0
"""Seconds of an async test."""

SLOW_GUARD = 30.0
"""The same for one that is marked as slow."""

LOOPS = ["asyncio", "uvloop", "trio"]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run on all loops; a test on a virtual clock on trio alone, which has one."""
    if "anyio_backend" in metafunc.fixturenames and not _chosen(metafunc):
        timed = any(metafunc.definition.iter_markers("trio_clock"))
        loops = [pytest.param("trio_clock", id="trio")] if timed else LOOPS
        metafunc.parametrize("anyio_backend", loops, indirect=True)


def _chosen(metafunc: pytest.Metafunc) -> bool:
    """Whether the test names its loops itself."""
    marks = metafunc.definition.iter_markers("parametrize")
    return any(mark.args[0] == "anyio_backend" for mark in marks)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where all that tests need is installed (`.ci/run` says so), a skipped test is a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped") if reporter is not None else None
    if os.environ.get("CHANNELKIT_NO_SKIPS") and skipped:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture
def anyio_backend(request: pytest.FixtureRequest) -> tuple[str, dict[str, Any]]:
    """The event loop, in anyio's words."""
    if request.param == "trio":
        return "trio", {}
    if request.param == "trio_clock":
        return "trio", {"clock": trio.testing.MockClock(autojump_threshold=0)}
    return "asyncio", {"use_uvloop": request.param == "uvloop"}


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """Guard async tests; on a virtual clock nothing can hang, as time runs on by itself."""
    test = pyfuncitem.obj
    if iscoroutinefunction(test) and pyfuncitem.get_closest_marker("trio_clock") is None:
        slow = pyfuncitem.get_closest_marker("slow") is not None
        pyfuncitem.obj = _guarded(test, SLOW_GUARD if slow else GUARD)
    try:
        return (yield)
    finally:
        pyfuncitem.obj = test


def _guarded(
    test: Callable[..., Coroutine[Any, Any, None]], seconds: float
) -> Callable[..., Coroutine[Any, Any, None]]:
    @wraps(test)
    async def guarded(**fixtures: object) -> None:
        with anyio.fail_after(seconds):
            await test(**fixtures)

    return guarded
