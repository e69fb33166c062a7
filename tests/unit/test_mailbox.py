"""The way to one member, which may outlive it."""

from __future__ import annotations

import gc

from channelkit.mailbox import Mailbox


class Inbox:
    """Takes two infos."""

    def __init__(self) -> None:
        self.infos: list[object] = []

    @property
    def open(self) -> bool:
        return len(self.infos) < 2

    def inform(self, info: object) -> bool:
        if not self.open:
            return False
        self.infos.append(info)
        return True


def test_what_is_put_into_it_reaches_the_inbox_while_that_is_open() -> None:
    inbox = Inbox()
    mailbox = Mailbox[str]("room:1", inbox)

    assert [mailbox.inform(info) for info in "abc"] == [True, True, False]
    assert inbox.infos == ["a", "b"]


def test_it_knows_its_topic_and_whether_it_is_open() -> None:
    inbox = Inbox()
    mailbox = Mailbox[object]("room:1", inbox)

    assert (mailbox.topic, mailbox.open) == ("room:1", True)
    assert repr(mailbox) == "<Mailbox 'room:1' open>"

    inbox.infos += [1, 2]

    assert not mailbox.open
    assert repr(mailbox) == "<Mailbox 'room:1' closed>"


def test_it_keeps_nobody_alive_and_outlives_its_member() -> None:
    mailbox = Mailbox[object]("room:1", Inbox())
    gc.collect()

    assert not mailbox.open
    assert not mailbox.inform("anybody there?")


def test_each_is_its_own_key() -> None:
    inbox = Inbox()
    one, other = Mailbox[object]("room:1", inbox), Mailbox[object]("room:1", inbox)

    assert len({one, other, one}) == 2
