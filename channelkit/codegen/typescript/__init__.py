"""A client in TypeScript: typed wrappers over the npm package phoenix, in one module. Pure.

`text` makes strings and comments, `shapes` the types of payloads, `channels` the class of a
channel; `runtime.ts` is what all modules have in common, and is copied into each.
"""

from __future__ import annotations

from .channels import EVENT, PARAMETER, ChannelNames
from .module import named_channels, typescript

__all__ = ["EVENT", "PARAMETER", "ChannelNames", "named_channels", "typescript"]
