"""`channelkit check` and `explain`: what the channels are, and what they would answer."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  (typer reads the annotations)
from typing import Annotated

import typer

from ..running.checking import Format, compiled, polled, show_tables
from ..running.explaining import Question
from ..running.explaining import explain as explanation
from ..running.target import endpoints, load
from .program import Target, app, failing, loading

__all__ = ["check", "explain"]


@app.command()
def check(
    target: Target,
    form: Annotated[Format, typer.Option("--format", help="For whom to write it.")] = "text",
) -> None:
    """Compile the channels: show them as a tree, or everything that is wrong with them.

    Ends with 0, with 1 where there are problems, with 2 where there is nothing to check.
    """
    with failing(form, err=False):
        with loading():
            loaded = load(target)
        served = endpoints(loaded)
        typer.echo(show_tables(compiled(served), form, polled(served)))


@app.command()
def explain(
    target: Target,
    topic: Annotated[str, typer.Argument(help="A topic, as in room:42.")],
    event: Annotated[str | None, typer.Argument(help="An event that a member sends.")] = None,
    *,
    endpoint: Annotated[
        str | None, typer.Option(metavar="PATH", help="Which, where several have the topic.")
    ] = None,
    assigns: Annotated[
        Path | None, typer.Option("--as", help="Join with these assigns: JSON, made their type.")
    ] = None,
    join: Annotated[
        Path | None, typer.Option(help="Join with this JSON; with {} if only --as is given.")
    ] = None,
    payload: Annotated[
        Path | None, typer.Option(help="Whether this JSON is what the event accepts.")
    ] = None,
) -> None:
    """Tell whose a topic is and why, and what may be sent there; with --as or --join, try a join.

    Ends with 0, with 1 where the answer is no, with 2 where the question makes no sense.
    """
    question = Question(
        topic=topic, event=event, path=endpoint, assigns=assigns, join=join, payload=payload
    )
    with failing():
        with loading():
            text, yes = explanation(load(target), question)
        typer.echo(text, nl=False)
    if not yes:
        raise typer.Exit(1)
