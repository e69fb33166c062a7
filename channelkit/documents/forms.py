"""Contract → document, in the form that is asked for. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias, assert_never

from .asyncapi import as_json, as_yaml, asyncapi
from .markdown import markdown
from .page import render

if TYPE_CHECKING:
    from ..contract.form import Contract
    from .about import About

__all__ = ["DocumentForm", "document"]

DocumentForm: TypeAlias = Literal["asyncapi", "html", "markdown"]
"""What a document is for: tools that read AsyncAPI, a browser, a code host."""


def document(contract: Contract, form: DocumentForm, about: About, *, yaml: bool = False) -> str:
    """The document of a contract, with a line end at the end; the same input gives the same text.

    Args:
        yaml: Write AsyncAPI as YAML instead of JSON.

    Raises:
        ModuleNotFoundError: YAML is asked for, and PyYAML is not installed.
    """
    match form:
        case "asyncapi":
            made = asyncapi(contract, about)
            return as_yaml(made) if yaml else as_json(made)
        case "html":
            return render(contract, about)
        case "markdown":
            return markdown(contract, about)
        case _ as unknown:
            assert_never(unknown)
