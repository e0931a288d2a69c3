"""`amends demo`: the desk with a fictional shop, in a folder of its own."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from amends.cli.serve import (
    Host,
    Port,
    announce_address,
    prepare_database,
)
from amends.cli.start import Unusable, start_django
from amends.cli.supervise import hold_data_folder, require_free_port, supervise

FOLDER = "demo-data"


def demo(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    prepare_only: Annotated[bool, typer.Option("--prepare-only", help="Fill it and end.")] = False,  # noqa: FBT002
) -> None:
    """Start the desk with a fictional shop, five languages and a stream that goes on."""
    folder = Path(os.environ.setdefault("AMENDS_DATA", FOLDER))
    os.environ["AMENDS_DEMO"] = "1"
    # The practice network runs in the desk's own web server: the only private address it may reach.
    own = f"{'127.0.0.1' if host in {'0.0.0.0', '::'} else host}:{port}"  # noqa: S104
    allowed = os.environ.get("AMENDS_OUTBOUND_ALLOW", "")
    os.environ["AMENDS_OUTBOUND_ALLOW"] = ",".join(filter(None, [allowed, own]))
    announce_address(host=host, port=port)
    start_django()
    from django.conf import settings

    with hold_data_folder(folder.resolve(), address=settings.BASE_URL):
        if not prepare_only:
            require_free_port(host, port)
        prepare_database()
        fill_once(own=own)
        if prepare_only:
            return
        say_hello()
        supervise(
            {
                "web": ["web", "--host", host, "--port", str(port)],
                "worker": ["worker"],
                "clock": ["clock"],
            }
        )


def fill_once(*, own: str) -> None:
    """Write the story into both sides, with a progress bar; once for each folder."""
    from amends.demo.fill_desk import ForeignData, fill_demo, is_filled, point_to

    try:
        if is_filled():
            point_to(own)
            return
        typer.echo("Telling the story of a fictional shop (once, about half a minute) …")
        with Progress(transient=True) as progress:
            bar = progress.add_task("", total=None)
            fill_demo(
                own=own,
                on_progress=lambda done, total: progress.update(bar, completed=done, total=total),
            )
    except ForeignData as error:
        raise Unusable(str(error)) from error


def say_hello() -> None:
    """The address and who one can be."""
    from django.conf import settings

    from amends.demo.load import load_script
    from amends.demo.script import DEMO_PASSWORD

    typer.echo(f"\nThe demonstration runs at {settings.BASE_URL}")
    typer.echo(f"Sign in as one of these, password: {DEMO_PASSWORD}")
    for member in load_script().team:
        typer.echo(f"  {member.email:32} {member.role:8} {member.name}")
    typer.echo(f"Play a customer at {settings.BASE_URL}/sandbox/\n")
