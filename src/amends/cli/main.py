"""`amends`: every command by name, and the exit codes that scripts rely on.

0 fine · 1 the answer is no · 2 wrong use or unusable input · 3 done, with bad rows · 4 internal error
"""

from __future__ import annotations

import sys
import traceback
from typing import Annotated

import typer

import amends
from amends.cli import serve
from amends.cli.assess import assess
from amends.cli.backup import backup, restore
from amends.cli.demo import demo
from amends.cli.doctor import doctor
from amends.cli.export import export
from amends.cli.import_file import import_command
from amends.cli.lint import lint
from amends.cli.log import log_app
from amends.cli.mcp.command import mcp
from amends.cli.playbook import playbook_app
from amends.cli.policy import policy_app
from amends.cli.reindex import reindex
from amends.cli.start import Unusable

app = typer.Typer(
    help="A desk for answering negative comments and getting through reputation crises.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(serve.up)
app.command()(serve.web)
app.command()(serve.worker)
app.command()(serve.clock)
app.command()(demo)
app.command()(assess)
app.command()(lint)
app.command("import")(import_command)
app.command()(export)
app.command()(backup)
app.command()(restore)
app.command()(doctor)
app.command()(mcp)
app.command()(reindex)
app.add_typer(log_app, name="log")
app.add_typer(playbook_app, name="playbook")
app.add_typer(policy_app, name="policy")


@app.callback(invoke_without_command=True)
def main(
    version: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False,  # noqa: FBT002
) -> None:
    """Say the version, where only that is asked."""
    if version:
        typer.echo(f"amends {amends.__version__}")
        raise typer.Exit


def run() -> None:
    """The entry point: turns what went wrong into one line and an exit code."""
    try:
        app()
    except Unusable as error:
        typer.echo(f"amends: {error}", err=True)
        sys.exit(2)
    except Exception as error:  # the edge of the process
        traceback.print_exc()
        typer.echo(
            f"amends: internal error ({type(error).__name__}): {error}. "
            f"The lines above help those who mend it.",
            err=True,
        )
        sys.exit(4)
