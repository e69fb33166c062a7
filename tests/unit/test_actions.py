from __future__ import annotations

from typing import get_args

from channelkit.actions import Action, Close, Deliver, Send, Start, Stop
from channelkit.exits import Left, TimedOut

from .given import event, heartbeat, joined, ok, session


def test_there_are_five_things_that_a_session_asks_for() -> None:
    assert set(get_args(Action)) == {Send, Start, Deliver, Stop, Close}


def test_actions_are_values() -> None:
    member = joined(session())

    assert ok(heartbeat()) == ok(heartbeat())
    assert Deliver(member, event()) == Deliver(member, event())
    assert Stop(member, Left()) == Stop(member, Left())
    assert Close(TimedOut()) != Close(Left())
    assert Start(member) != Start(joined(session()))
