"""A client of Phoenix Channels, typed by the classes of the server."""

from .machine import ClientMachine
from .settings import Settings

__all__ = ["ClientMachine", "Settings"]
