"""An AsyncAPI document as text: JSON, or YAML where PyYAML is installed. Pure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .schemas import Object

__all__ = ["as_json", "as_yaml"]


def as_json(document: Object) -> str:
    """The document as JSON."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def as_yaml(document: Object) -> str:
    """The document as YAML.

    Raises:
        ModuleNotFoundError: PyYAML is not installed; it comes with ``channelkit[docs]``.
    """
    import yaml

    class Dumper(yaml.SafeDumper):
        """Writes what stands twice twice: anchors are for people who write by hand."""

        def ignore_aliases(self, data: object) -> bool:
            return True

        def block(self, text: str) -> yaml.Node:
            """A text with lines as lines."""
            style = "|" if "\n" in text else None
            return yaml.ScalarNode("tag:yaml.org,2002:str", text, style=style)

    Dumper.add_representer(str, Dumper.block)
    text: str = yaml.dump(document, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=100)
    return text
