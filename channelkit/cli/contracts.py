"""`channelkit contract`, `diff` and `authz`: the compiled protocol as data."""

from __future__ import annotations

from typing import Annotated

import typer

from ..contract import SCHEMA, AuthzForm, Judgement, ReportForm, compare, report
from ..contract import authz as authz_of
from ..running.comparing import read
from ..running.contracts import contract_for, made
from ..running.failures import UsageFailure
from .program import Output, app, failing, loading, put

__all__ = ["authz", "contract", "diff"]


@app.command()
def contract(
    target: Annotated[
        str | None,
        typer.Argument(metavar="module:app", help="An Endpoint or a Server, as in chat:server."),
    ] = None,
    *,
    output: Output = None,
    schema: Annotated[
        bool, typer.Option("--schema", help="Show the JSON Schema of contracts instead.")
    ] = False,
) -> None:
    """Write the compiled protocol as data: everything that clients may rely on, as JSON.

    Ends with 0, with 1 where it cannot be made or written, with 2 where there is nothing to make.
    """
    with failing():
        if schema == (target is not None):
            raise UsageFailure("contract takes either module:app or --schema")
        with loading():
            text = SCHEMA.read_text("utf-8") if target is None else made(target)
        put(text, output)


@app.command()
def diff(
    old: Annotated[
        str, typer.Argument(help="A contract: a file, or one in git, as in main:chat.json.")
    ],
    new: Annotated[str, typer.Argument(help="The one that is to take its place.")],
    *,
    form: Annotated[ReportForm, typer.Option("--format", help="For whom to write it.")] = "text",
    fail_on: Annotated[
        Judgement | None, typer.Option(help="End with 1 where a change is as bad, or worse.")
    ] = None,
) -> None:
    """Compare two contracts: what each change means for clients of the old one.

    Ends with 0, with 1 where a change is as bad as --fail-on, with 2 where one is no contract.
    """
    with failing():
        changes = compare(read(old), read(new))
        if changes or form != "github":
            typer.echo(report(changes, form))
    if fail_on is not None and any(change.judgement.matters(fail_on) for change in changes):
        raise typer.Exit(1)


@app.command()
def authz(
    target: Annotated[
        str,
        typer.Argument(
            metavar="module:app", help="An Endpoint or a Server; or a contract, as in chat.json."
        ),
    ],
    *,
    form: Annotated[AuthzForm, typer.Option("--format", help="For whom to write it.")] = "text",
    output: Output = None,
) -> None:
    """Show who may do what: who may connect, join, send each event and get each push.

    Ends with 0, with 1 where it cannot be made or written, with 2 where there is nothing to make.
    """
    with failing():
        with loading():
            text = authz_of(contract_for(target), form)
        put(text, output)
