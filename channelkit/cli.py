"""The command line: `channelkit check`, `contract`, `diff`, `authz`, `explain` and `run`."""

from __future__ import annotations

import io
import sys
from contextlib import contextmanager, redirect_stdout
from functools import partial
from importlib.metadata import version
from pathlib import Path  # noqa: TC003  (typer reads the annotations)
from typing import TYPE_CHECKING, Annotated

import typer

from .contract import SCHEMA, AuthzForm, Judgement, ReportForm, compare, report
from .contract import authz as authz_of
from .dispatch import DispatchTable
from .errors import DeclarationError
from .running.banner import banner
from .running.checking import Format, compiled, polled, show_problems, show_tables
from .running.comparing import read
from .running.contracts import contract_for, made
from .running.explaining import Question
from .running.explaining import explain as explanation
from .running.failures import Failure, UsageFailure
from .running.handover import Parent
from .running.launch import Options, chosen, launch, server_for
from .running.logs import Level, configure_logging
from .running.output import write
from .running.reload import Reloader, roots
from .running.target import endpoints, load
from .runtime import log
from .server import LoopName  # noqa: TC001  (typer reads the annotations)

if TYPE_CHECKING:
    from collections.abc import Collection, Generator, Mapping, Sequence

    from .running.checking import Compiled
    from .transports.listener import Listening

__all__ = ["app", "authz", "check", "contract", "diff", "explain", "main", "root", "run"]

app = typer.Typer(
    add_completion=False,
    help="Real-time channels with typed messages.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Target = Annotated[
    str, typer.Argument(metavar="module:app", help="An Endpoint or a Server, as in chat:server.")
]


def main() -> None:
    """The program `channelkit`."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without "├" is no reason to crash
    app(prog_name="channelkit")


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"channelkit {version('channelkit')}")
        raise typer.Exit


@app.callback()
def root(
    *,
    show_version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Say which it is."),
    ] = False,
) -> None:
    """Take the options that stand before a command."""


@app.command()
def check(
    target: Target,
    form: Annotated[Format, typer.Option("--format", help="For whom to write it.")] = "text",
) -> None:
    """Compile the channels: show them as a tree, or everything that is wrong with them.

    Ends with 0, with 1 where there are problems, with 2 where there is nothing to check.
    """
    with _failing(form, err=False):
        with redirect_stdout(sys.stderr):  # what the module prints is no part of the answer
            loaded = load(target)
        served = endpoints(loaded)
        typer.echo(show_tables(compiled(served), form, polled(served)))


@app.command()
def contract(
    target: Annotated[
        str | None,
        typer.Argument(metavar="module:app", help="An Endpoint or a Server, as in chat:server."),
    ] = None,
    *,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write it into this file.")
    ] = None,
    schema: Annotated[
        bool, typer.Option("--schema", help="Show the JSON Schema of contracts instead.")
    ] = False,
) -> None:
    """Write the compiled protocol as data: everything that clients may rely on, as JSON.

    Ends with 0, with 1 where it cannot be made or written, with 2 where there is nothing to make.
    """
    with _failing("text", err=True):
        if schema == (target is not None):
            raise UsageFailure("contract takes either module:app or --schema")
        with redirect_stdout(sys.stderr):
            text = SCHEMA.read_text("utf-8") if target is None else made(target)
        _put(text, output)


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
    with _failing("text", err=True):
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
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write it into this file.")
    ] = None,
) -> None:
    """Show who may do what: who may connect, join, send each event and get each push.

    Ends with 0, with 1 where it cannot be made or written, with 2 where there is nothing to make.
    """
    with _failing("text", err=True):
        with redirect_stdout(sys.stderr):
            text = authz_of(contract_for(target), form)
        _put(text, output)


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
    with _failing("text", err=True):
        with redirect_stdout(sys.stderr):
            text, yes = explanation(load(target), question)
        typer.echo(text, nl=False)
    if not yes:
        raise typer.Exit(1)


@app.command()
def run(
    target: Target,
    *,
    host: Annotated[
        str | None, typer.Option(help="Listen here; 127.0.0.1 if the app says nothing else.")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(help="0 takes a free one; 4000 if the app says nothing."),
    ] = None,
    uds: Annotated[str | None, typer.Option(help="Listen on a unix socket instead.")] = None,
    loop: Annotated[
        LoopName, typer.Option(help="The event loop; auto is uvloop where it is installed.")
    ] = "auto",
    reload: Annotated[
        bool, typer.Option("--reload", help="Restart when a Python file changes.")
    ] = False,
    tls_cert: Annotated[
        Path | None,
        typer.Option(help="Speak TLS, with this PEM file."),
    ] = None,
    tls_key: Annotated[
        Path | None,
        typer.Option(help="Its key, if not in the same file."),
    ] = None,
    log_level: Annotated[Level, typer.Option(help="The least that is logged.")] = "info",
) -> None:
    """Serve until Ctrl-C or SIGTERM, which close all sockets with 1012 and let farewells finish.

    Ends with 0, with 1 where it cannot serve, with 2 where there is nothing to serve.
    """
    configure_logging(log_level)
    options = Options(host=host, port=port, uds=uds, tls_cert=tls_cert, tls_key=tls_key)
    with _failing("text", err=True):
        running, parent = chosen(loop), Parent.of_this_process()
        if reload and parent is None:
            Reloader([sys.executable, *sys.orig_argv[1:]], roots(target)).run()
        else:
            _serve(target, options, running, parent)


def _serve(target: str, options: Options, loop: LoopName, parent: Parent | None) -> None:
    if parent is not None:
        if not parent.wait_turn():
            return
        # Bytecode is taken for fresh by size and whole seconds: too coarse for quick edits.
        sys.dont_write_bytecode = True
    loaded = load(target)
    served = endpoints(loaded)
    ready = partial(_ready, compiled(served), polled(served), loop, parent)
    launch(server_for(loaded, options), loop, parent, ready)


def _ready(
    tables: Mapping[str, Compiled],
    polls: Collection[str],
    loop: LoopName,
    parent: Parent | None,
    listening: Sequence[Listening],
) -> None:
    if parent is not None and parent.restarts:
        served = [table for table in tables.values() if isinstance(table, DispatchTable)]
        log.info("reloaded", channels=sum(len(table.routes) for table in served))
        return
    text = banner(
        version=version("channelkit"),
        loop=loop,
        addresses=[one.address for one in listening],
        tables=tables,
        polls=polls,
        reloads=parent is not None,
    )
    typer.echo(text)
    sys.stdout.flush()


def _put(text: str, output: Path | None) -> None:
    if output is None:
        typer.echo(text, nl=False)
    else:
        write(text, output)


@contextmanager
def _failing(form: Format, *, err: bool) -> Generator[None]:
    """Turn what cannot be done into words and an exit code.

    Args:
        err: Whether problems in declarations go to stderr; failures always do.
    """
    try:
        yield
    except Failure as failure:
        typer.echo(f"channelkit: {failure}", err=True)
        raise typer.Exit(failure.exit_code) from None
    except DeclarationError as error:
        typer.echo(show_problems(error, form), err=err)
        raise typer.Exit(1) from None
