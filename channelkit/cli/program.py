"""What all commands share: the program, the arguments that they have in common, how they end."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, redirect_stdout, suppress
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from ..errors import DeclarationError
from ..running.checking import Format, show_problems
from ..running.failures import Failure
from ..running.output import write

if TYPE_CHECKING:
    from collections.abc import Generator

__all__ = ["Output", "Target", "app", "failing", "loading", "put", "root"]

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
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Write it into this file.")]


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


def put(text: str, output: Path | None) -> None:
    """Write what a command made: into a file if one is named, else to the terminal.

    Raises:
        Failure: It cannot be written.
    """
    if output is not None:
        write(text, output)
        return
    try:
        typer.echo(text, nl=False)
    except BrokenPipeError:  # nobody reads on, as behind `| head`: no failure of ours
        raise
    except OSError as error:
        _forget_stdout()
        raise Failure(f"cannot write: {error.strerror or type(error).__name__}") from None


def _forget_stdout() -> None:
    """What waits in its buffer would fail once more when the program ends, and in more words."""
    with suppress(OSError), Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


def loading() -> redirect_stdout[TextIO]:
    """While a program is loaded, what it prints goes to stderr: it is no part of the answer."""
    return redirect_stdout(sys.stderr)


@contextmanager
def failing(form: Format = "text", *, err: bool = True) -> Generator[None]:
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
