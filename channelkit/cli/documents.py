"""`channelkit docs`: what the people and the tools of the other side read."""

from __future__ import annotations

from typing import Annotated

import typer

from ..documents.about import LOCAL
from ..documents.forms import DocumentForm  # noqa: TC001  (typer reads the annotations)
from ..running.documents import Asked, written
from .program import Output, app, failing, loading, put

__all__ = ["docs"]


@app.command()
def docs(
    target: Annotated[
        str,
        typer.Argument(
            metavar="module:app", help="An Endpoint or a Server; or a contract, as in chat.json."
        ),
    ],
    *,
    form: Annotated[DocumentForm, typer.Option("--format", help="For whom to write it.")],
    output: Output = None,
    title: Annotated[
        str | None, typer.Option(help="What it is called; the module's name if not given.")
    ] = None,
    api_version: Annotated[
        str | None,
        typer.Option(help="The protocol's version; of the fingerprint if not given."),
    ] = None,
    url: Annotated[
        str, typer.Option(metavar="URL", help="Where it is served, as in wss://chat.example.")
    ] = LOCAL,
    yaml: Annotated[
        bool, typer.Option("--yaml", help="AsyncAPI as YAML, as for a file that ends in .yaml.")
    ] = False,
) -> None:
    """Write the documents of a protocol, from nothing but its declarations.

    Ends with 0, with 1 where it cannot be made or written, with 2 where there is nothing to make.
    """
    asked = Asked(form=form, title=title, version=api_version, url=url, yaml=yaml)
    with failing():
        with loading():
            text = written(target, asked, output)
        put(text, output)
