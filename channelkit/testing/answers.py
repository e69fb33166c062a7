"""What a reply says, where one that nobody declared fails the test. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..verdicts import Undeclared, verdict

if TYPE_CHECKING:
    from ..payloads import Answers, Verdict
    from ..wire import Reply

__all__ = ["answered"]


def answered(answers: Answers, reply: Reply) -> Verdict:
    """What the handler answered.

    Raises:
        CallFailed: The framework answered, not the handler.
        AssertionError: It is none that the handler declares.
    """
    said = verdict(answers, reply)
    if isinstance(said, Undeclared):
        raise AssertionError(f"the reply {said.response!r} is none that the handler declares")  # noqa: TRY004
    return said
