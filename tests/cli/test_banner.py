"""What `channelkit run` says when it is ready."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pytest

from channelkit import Channel, Endpoint, Message, channel, on_event, on_join
from channelkit.dispatch import DispatchTable
from channelkit.running.banner import banner
from channelkit.transports.listener import Address


class Nothing(Message):
    """Nothing."""


@channel("room:{room_id}")
class Room(Channel[None]):
    """A room."""

    room_id: int

    @on_join
    async def join(self, params: Nothing) -> None:
        """Let everybody in."""

    @on_event("one")
    async def one(self, message: Nothing) -> None:
        """Do nothing."""

    @on_event("two")
    async def two(self, message: Nothing) -> None:
        """Do nothing."""


@channel("lobby")
class Foyer(Channel[None]):
    """A lobby."""

    @on_join
    async def join(self, params: Nothing) -> None:
        """Let everybody in."""

    @on_event("one")
    async def one(self, message: Nothing) -> None:
        """Do nothing."""


TABLES = {
    endpoint.path: endpoint.compile()
    for endpoint in (Endpoint("/socket", [Room, Foyer]), Endpoint("/admin", [Foyer]))
}


def shown(
    *addresses: Address,
    tables: Mapping[str, DispatchTable] = TABLES,
    polls: Collection[str] = (),
    reloads: bool = False,
) -> list[str]:
    text = banner(
        version="1.2.3",
        loop="uvloop",
        addresses=addresses,
        tables=tables,
        polls=polls,
        reloads=reloads,
    )
    return text.splitlines()


def test_it_names_loop_addresses_and_channels() -> None:
    assert shown(Address(host="127.0.0.1", port=4000)) == [
        "channelkit 1.2.3 on uvloop",
        "",
        "  open      http://127.0.0.1:4000",
        "  socket    ws://127.0.0.1:4000/socket/websocket",
        "            ws://127.0.0.1:4000/admin/websocket",
        "  channels  room:{room_id}  Room   2 events",
        "            lobby           Foyer  1 event",
        "            lobby           Foyer  1 event",
        "",
        "Ctrl-C stops it.",
    ]


def test_it_says_who_is_polled_where_somebody_is() -> None:
    lines = shown(
        Address(host="127.0.0.1", port=4000), Address(path="/run/chat"), polls={"/socket"}
    )

    assert lines[8:10] == [
        "  long-poll http://127.0.0.1:4000/socket/longpoll",
        "            /socket/longpoll on unix:/run/chat",
    ]


def test_under_tls_the_addresses_say_so() -> None:
    lines = shown(Address(host="::1", port=4000, secure=True))

    assert lines[2:4] == [
        "  open      https://[::1]:4000",
        "  socket    wss://[::1]:4000/socket/websocket",
    ]


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_every_address_there_is_opens_as_localhost(host: str) -> None:
    assert shown(Address(host=host, port=80))[2] == "  open      http://localhost:80"


def test_two_families_of_every_address_are_one_to_open() -> None:
    lines = shown(Address(host="0.0.0.0", port=80), Address(host="::", port=80))

    assert "".join(lines).count("http://") == 1


def test_a_unix_socket_is_named_by_its_file() -> None:
    assert shown(Address(path="/run/chat"))[2:4] == [
        "  open      unix:/run/chat",
        "  socket    /socket/websocket on unix:/run/chat",
    ]


def test_who_serves_no_channel_says_so() -> None:
    lines = shown(Address(host="127.0.0.1", port=80), tables={})

    assert lines[3:5] == ["  socket    none", "  channels  none"]


def test_a_reloading_server_says_what_restarts_it() -> None:
    lines = shown(Address(host="127.0.0.1", port=80), reloads=True)

    assert lines[-1] == "Ctrl-C stops it; a changed Python file restarts it."
