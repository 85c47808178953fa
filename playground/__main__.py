"""The command line: `python -m playground WORKSPACE.yaml [--port 3001]`."""

import os
import socket
from pathlib import Path
from typing import Annotated

import typer

from playground.app import build
from playground.serve import HOST, server
from playground.workspace import WorkspaceError, load

cli = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@cli.command()
def play(
    workspace: Annotated[Path, typer.Argument(help="The workspace file (YAML).")],
    port: Annotated[int, typer.Option(help="The port on loopback.", min=1, max=65535)] = 3001,
) -> None:
    """Runs a Slack stand-in for one workspace and one app, on loopback only."""
    try:
        loaded = load(workspace, os.environ)
    except WorkspaceError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    if _taken(port):
        typer.echo(f"--port: {port} is in use on {HOST}, expected a free one", err=True)
        raise typer.Exit(2)
    typer.echo(f"The playground of {loaded.team.name}: http://{HOST}:{port}/  (Web API: http://{HOST}:{port}/api/)")
    server(build(loaded), port).run()


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


if __name__ == "__main__":
    cli()
