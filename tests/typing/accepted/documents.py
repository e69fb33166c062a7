"""The console in a server of one's own."""

from __future__ import annotations

from typing import assert_type

from channelkit import Channel, Endpoint, HttpRequest, HttpResponse, Open, Server, channel, on_join
from channelkit.documents import DocsSite, docs_site
from channelkit.transports.routes import Handler


@channel("lobby")
class Lobby(Channel[None]):
    @on_join
    async def join(self, params: Open) -> None: ...


endpoint = Endpoint("/socket", channels=[Lobby])
site = assert_type(docs_site(endpoint, title="The lobby"), DocsSite)
server = Server(endpoint, http={"/docs": site})


async def guarded(request: HttpRequest) -> HttpResponse:
    """A handler before the site's."""
    if "authorization" not in request.headers:
        return HttpResponse.text("who is there?\n", 401)
    return await site(request)


async def main() -> None:
    """Nothing runs but what the module has made."""
    assert_type(server.http["/docs"], Handler)
