"""A server in a loop that anyio did not start, as in a program with an `asyncio.run` of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
import sniffio
import uvloop

from .app import serving


@pytest.mark.parametrize("new_loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_a_program_may_serve_in_a_loop_of_its_own(
    new_loop: Callable[[], asyncio.AbstractEventLoop],
) -> None:
    """Where sniffio is installed it knows tasks, but not the callbacks that frames come in."""
    assert sniffio.current_async_library_cvar.get() is None

    async def conversation() -> object:
        async with serving() as served, await served.member() as peer:
            return await peer.call("echo", {"n": 1})

    with asyncio.Runner(loop_factory=new_loop) as runner:
        reply = runner.run(conversation())

    assert reply == ["1", "2", "room:1", "phx_reply", {"status": "ok", "response": {"n": 1}}]
