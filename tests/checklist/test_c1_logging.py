"""C1, rows 17 to 19, and row 17 of C2: what the log says, and does not."""

from __future__ import annotations

import logging

import pytest

from .rooms import per_version, serving

pytestmark = pytest.mark.anyio

LOBBY = "room:lobby"


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """The log, DEBUG and all."""
    caplog.set_level(logging.DEBUG, "channelkit")
    return caplog


def line(log: pytest.LogCaptureFixture, event: str) -> str:
    """The one line of this event."""
    [found] = [message for message in log.messages if message.startswith(f"{event} ")]
    return found


@per_version
async def test_c1_17_a_connection_is_logged_with_transport_version_and_params(
    vsn: str, log: pytest.LogCaptureFixture
) -> None:
    async with serving() as world:
        client = await world.client(vsn, query="user=ann&token=hunter2")
        await client.join(LOBBY)

    logged = line(log, "connected")
    assert f"path=/ws/websocket transport=websocket vsn={vsn} params=" in logged
    assert r"\"user\": \"ann\", \"token\": \"[FILTERED]\"" in logged


async def test_c1_18_nothing_is_logged_where_logging_is_off(
    log: pytest.LogCaptureFixture,
) -> None:
    async with serving(log=False) as world:
        client = await world.client()
        await client.join(LOBBY)
        await client.say("11", "2", LOBBY, "new_msg", {"body": "hi"})
        for _ in range(4):
            await client.heard()

    assert [message.split()[0] for message in log.messages] == ["listening"]


async def test_c1_19_a_join_and_an_event_are_logged_with_the_password_masked(
    log: pytest.LogCaptureFixture,
) -> None:
    async with serving() as world:
        client = await world.client()
        await client.join(LOBBY, {"user": "ann", "password": "hunter2"})
        await client.say("11", "2", LOBBY, "new_msg", {"body": "hi", "password": "hunter2"})
        for _ in range(4):
            await client.heard()

    assert f"topic={LOBBY}" in line(log, "joined")
    assert f"topic={LOBBY}" in line(log, "handled")
    assert "event=new_msg result=ok" in line(log, "handled")
    assert r"\"password\": \"[FILTERED]\"" in line(log, "joined")
    assert r"\"password\": \"[FILTERED]\"" in line(log, "handled")
    assert "hunter2" not in log.text
