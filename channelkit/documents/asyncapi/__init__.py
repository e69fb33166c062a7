"""A contract as an AsyncAPI document, for the tools that read those. Pure.

`build.py` goes through the contract, `channels.py` writes channels and their
operations, `messages.py` what they carry, `servers.py` how one connects.
"""

from .build import VERSION, asyncapi
from .text import as_json, as_yaml

__all__ = ["VERSION", "as_json", "as_yaml", "asyncapi"]
