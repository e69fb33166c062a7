"""Mailboxes, given what they are not for."""

from __future__ import annotations

from channelkit import Endpoint, Mailbox
from tests.typing.accepted.infos import Face, Tick, Tock


async def wrong(endpoint: Endpoint[None], box: Mailbox[Tick], face: Face) -> None:
    # mypy> Argument 1 to "inform" of "Mailbox" has incompatible type "str"; expected "Tick"
    # pyright> "Literal['tick']" cannot be assigned to parameter "info" … "Literal['tick']" is not assignable to "Tick"
    box.inform("tick")
    # mypy> Cannot infer value of type parameter "InfoIn" of "inform" of "Endpoint"
    # pyright> "Literal['tick']" cannot be assigned to parameter "info" … "Literal['tick']" is not assignable to "Tick"
    endpoint.inform(box, "tick")
    # mypy> Cannot infer value of type parameter "InfoIn" of "inform" of "FromThread"
    # pyright> "Literal[1]" cannot be assigned to parameter "info" … "Literal[1]" is not assignable to "Tick"
    endpoint.from_thread.inform(box, 1)
    # mypy> Argument 1 to "inform" of "Endpoint" has incompatible type "int"
    # pyright> "Literal[1]" cannot be assigned to parameter "to"
    endpoint.inform(1, Tick(1))
    # mypy> Incompatible types in assignment (expression has type "Mailbox[Tick]", variable has type "Mailbox[object]")
    # pyright> "Mailbox[Tick]" is not assignable to "Mailbox[object]"
    anything: Mailbox[object] = box
    tocks: set[Mailbox[Tock]] = {box, anything}
    # mypy> Argument 1 to "add" of "set" has incompatible type "Face"
    # pyright> "Face" cannot be assigned to parameter "element"
    tocks.add(face)
    # mypy> Property "mailbox" defined in "Channel" is read-only
    # pyright> Cannot assign to attribute "mailbox" for class "Face"
    face.mailbox = box
    # mypy> Property "open" defined in "Mailbox" is read-only
    # pyright> Cannot assign to attribute "open" for class "Mailbox[Tick]"
    box.open = True
