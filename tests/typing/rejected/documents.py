"""What has no documents."""

from __future__ import annotations

from channelkit.documents import docs_site
from tests.typing.accepted.documents import Lobby, server

# mypy> Argument 1 to "docs_site" has incompatible type "Server"
# pyright> Type "Server" is not assignable to type "Endpoint[Any] | RawEndpoint[Any]"
docs_site(server)
# mypy> Argument 1 to "docs_site" has incompatible type "type[Lobby]"
# pyright> Type "type[Lobby]" is not assignable to type "Endpoint[Any] | RawEndpoint[Any]"
docs_site(Lobby)
# mypy> Argument 1 to "docs_site" has incompatible type "str"
# pyright> Type "Literal['chat:server']" is not assignable to type "Endpoint[Any] | RawEndpoint[Any]"
docs_site("chat:server")
