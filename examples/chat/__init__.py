"""A chat: rooms, typing, history, a moderator, and the page to use it.

Run it with `python -m examples.chat`, or `channelkit run examples.chat:server`.
"""

from .app import endpoint, server

__all__ = ["endpoint", "server"]
