"""What ends a command with one line for the person who typed it."""

from __future__ import annotations

from ..errors import ChannelKitError

__all__ = ["Failure", "UsageFailure"]


class Failure(ChannelKitError):
    """The command cannot be carried out; it never leaves the command line.

    Attributes:
        exit_code: What the process ends with.
    """

    exit_code = 1


class UsageFailure(Failure):
    """The command asks for something that is not there, or makes no sense."""

    exit_code = 2
