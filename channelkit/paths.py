"""Paths of endpoints, with variables: ``/rooms/{id}``. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, final

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["PathPattern"]

_PATH: Final = re.compile(r"(?:/[^/?#%\s]+)+")
_VARIABLE: Final = re.compile(r"\{(\w+)\}")


@final
class PathPattern:
    """A path whose segments may be variables; each stands for one segment, never empty.

    Attributes:
        text: As written.
        names: The variables, in order.

    Raises:
        ValueError: It is no path, a brace stands where no variable is, or one
            name stands twice.
    """

    __slots__ = ("_regex", "names", "text")

    def __init__(self, text: str) -> None:
        if _PATH.fullmatch(text) is None:
            raise ValueError(
                f"an endpoint's path is like /socket or /ws/admin: it starts with /, "
                f"ends without, and has no empty segment, got {text!r}"
            )
        parts = [_VARIABLE.fullmatch(segment) or segment for segment in text.split("/")]
        plain = [part for part in parts if isinstance(part, str)]
        self.text = text
        self.names = tuple(part[1] for part in parts if not isinstance(part, str))
        if any(sign in part for part in plain for sign in "{}"):
            raise ValueError(f"a variable is a whole segment, as in /rooms/{{id}}, got {text!r}")
        if len(set(self.names)) < len(self.names):
            raise ValueError(f"a variable stands twice in the path {text!r}")
        self._regex = re.compile(
            "/".join(
                re.escape(part) if isinstance(part, str) else f"(?P<{part[1]}>[^/]+)"
                for part in parts
            )
        )

    def match(self, path: str) -> Mapping[str, str] | None:
        """The variables of a path, None where it is another one."""
        found = self._regex.fullmatch(path)
        return None if found is None else found.groupdict()
