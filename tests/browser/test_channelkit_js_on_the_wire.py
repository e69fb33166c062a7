"""channelkit.js in Chromium against the conformance server: both ends real."""

from .driving import MARKS, drive
from .server import ExampleServer

pytestmark = MARKS


def test_the_browsers_client_and_the_server_understand_each_other() -> None:
    with ExampleServer("examples.conformance") as server:
        assert drive("wire.mjs", server, ExampleServer.kill) == 0, "".join(server.log)
