"""`channelkit run`: serve until a signal ends it."""

from __future__ import annotations

import sys
from functools import partial
from importlib.metadata import version
from pathlib import Path  # noqa: TC003  (typer reads the annotations)
from typing import TYPE_CHECKING, Annotated

import typer

from ..dispatch import DispatchTable
from ..running.banner import banner
from ..running.checking import compiled, polled
from ..running.docs import DOCS, add_docs
from ..running.documents import module_of, title_of
from ..running.handover import Parent
from ..running.launch import Options, chosen, launch, server_for
from ..running.logs import Level, configure_logging
from ..running.reload import Reloader, roots
from ..running.target import endpoints, load
from ..runtime import log
from ..server import LoopName  # noqa: TC001  (typer reads the annotations)
from .program import Target, app, failing

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from ..running.checking import Compiled
    from ..transports.listener import Listening

__all__ = ["run"]


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
    docs: Annotated[
        bool | None,
        typer.Option(
            "--docs/--no-docs",
            help="Serve the protocol's page, a console, at /docs. On with --reload, else off.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Serve until Ctrl-C or SIGTERM, which close all sockets with 1012 and let farewells finish.

    Ends with 0, with 1 where it cannot serve, with 2 where there is nothing to serve.
    """
    configure_logging(log_level)
    options = Options(host=host, port=port, uds=uds, tls_cert=tls_cert, tls_key=tls_key)
    with failing():
        running, parent = chosen(loop), Parent.of_this_process()
        if reload and parent is None:
            Reloader([sys.executable, *sys.orig_argv[1:]], roots(target)).run()
        else:
            _serve(target, options, running, parent, docs=reload if docs is None else docs)


def _serve(
    target: str, options: Options, loop: LoopName, parent: Parent | None, *, docs: bool
) -> None:
    if parent is not None:
        if not parent.wait_turn():
            return
        # Bytecode is taken for fresh by size and whole seconds: too coarse for quick edits.
        sys.dont_write_bytecode = True
    loaded = load(target)
    served = endpoints(loaded)
    tables, server = compiled(served), server_for(loaded, options)
    console = DOCS if docs and add_docs(server, title_of(target), module_of(target)) else None
    ready = partial(_ready, tables, polled(served), loop, parent, console)
    launch(server, loop, parent, ready)


def _ready(
    tables: Mapping[str, Compiled],
    polls: Collection[str],
    loop: LoopName,
    parent: Parent | None,
    console: str | None,
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
        docs=console,
        reloads=parent is not None,
    )
    typer.echo(text)
    sys.stdout.flush()
