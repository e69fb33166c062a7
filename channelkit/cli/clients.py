"""`channelkit client`: a client of the channels, written in the language of whoever needs it."""

from __future__ import annotations

from typing import Annotated

import typer

from ..codegen import Language  # noqa: TC001  (typer reads the annotations)
from ..running.clients import client_for
from .program import Output, app, failing, loading, put

__all__ = ["client"]


@app.command()
def client(
    target: Annotated[
        str,
        typer.Argument(
            metavar="module:app", help="An Endpoint or a Server; or a contract, as in chat.json."
        ),
    ],
    *,
    language: Annotated[Language, typer.Option(help="What to write it in.")],
    endpoint: Annotated[
        str | None, typer.Option(metavar="PATH", help="Which, where there are several.")
    ] = None,
    output: Output = None,
) -> None:
    """Write a typed client of an endpoint's channels, as one module.

    Ends with 0, with 1 where it cannot be made or written, with 2 where there is nothing to make.
    """
    with failing():
        with loading():
            text = client_for(target, endpoint, language)
        put(text, output)
