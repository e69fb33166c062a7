"""The manual of a contract as one HTML page: `render`. Pure.

Python writes the whole content, so that it is there without scripts. `elements` escapes by
construction; `outline` gives each part its address; `page.css` is inlined under
a policy that lets nothing else run and nothing be loaded.

What a console finds in the page: the contract in ``script#contract``; a ``section`` with
``data-endpoint`` for each endpoint, with an ``article[data-connect]``; a ``section`` with
``data-channel`` (the pattern) and ``data-endpoint`` for each channel, in which an
``article[data-join]``, and for each event and push an ``article[data-event]`` and
``article[data-push]``. With ``console=True`` each article has a ``div[data-console-slot]``, and
the body a ``div#console``.
"""

from __future__ import annotations

from .assets import PAGE, policy
from .render import CONSOLE, render

__all__ = ["CONSOLE", "PAGE", "policy", "render"]
