"""`amends up` and its parts: web, worker and clock."""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from typing import Annotated

import typer

from amends.cli.start import Unusable, refuse_wrong_settings, start_django
from amends.cli.supervise import hold_data_folder, require_free_port, supervise
from amends.config.env import BadSetting, web_processes

Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)]
WEB_THREADS = 8


def up(host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """Start everything on one machine: database, web, worker, clock."""
    announce_address(host=host, port=port)
    start_django()
    refuse_wrong_settings()
    from django.conf import settings

    with hold_data_folder(settings.DATA_DIR, address=settings.BASE_URL):
        require_free_port(host, port)
        prepare_database()
        greet()
        supervise(
            {
                "web": ["web", "--host", host, "--port", str(port)],
                "worker": ["worker"],
                "clock": ["clock"],
            }
        )


def web(host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """Run the pages alone."""
    announce_address(host=host, port=port)
    require_free_port(host, port)
    try:
        processes = max(web_processes(), 1)
    except BadSetting as error:
        raise Unusable(str(error)) from error
    os.execv(  # noqa: S606  # the web server takes this process over, signals and all
        sys.executable,
        [
            sys.executable,
            *("-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)),
            *("--workers", str(processes), "--blocking-threads", str(WEB_THREADS), "--no-ws"),
            *("--log-level", "error", "amends.config.wsgi:application"),
        ],
    )


def worker() -> None:
    """Run the steps of the journey as they become due."""
    start_django()
    from django.conf import settings

    from amends.pipeline.desk import Desk
    from amends.pipeline.worker import work

    is_sqlite = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
    threads = 1 if is_sqlite else settings.WORKER_THREADS
    work(Desk(lease=timedelta(seconds=settings.LEASE_SECONDS)), threads=threads)


def clock() -> None:
    """Run what is done by the clock: seal the log, look again at old comments."""
    start_django()
    from django.conf import settings

    from amends.demo.stream import STREAM
    from amends.pipeline.desk import Desk
    from amends.pipeline.schedule import JOBS
    from amends.pipeline.worker import tick

    tick(Desk(), jobs=(*JOBS, STREAM) if settings.DEMO else JOBS)


def announce_address(*, host: str, port: int) -> None:
    """Let the settings know the address that was asked for, unless the environment names another one."""
    shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104
    os.environ.setdefault("AMENDS_URL", f"http://{shown}:{port}")
    os.environ.setdefault("AMENDS_HOSTS", f"127.0.0.1,localhost,[::1],{shown}")


def prepare_database() -> None:
    """Bring the database up to date; raises Unusable when it cannot be reached or written."""
    from django.core.management import call_command
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if waiting:
            typer.echo(f"Preparing the database ({len(waiting)} steps) …")
            call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
    except DatabaseError as error:
        raise Unusable(explain_database(str(error))) from error


def explain_database(message: str) -> str:
    """What the database said, and what to do about it."""
    said = message.strip().splitlines()[0] if message.strip() else "no reason given"
    if "full" in said:
        return (
            f"The database cannot be written ({said}): free some space on its disk and start again."
        )
    if "locked" in said:
        return f"The database is busy ({said}): another program holds it; end that one and start again."
    return f"The database cannot be used ({said}): check DATABASE_URL and that it is running."


def greet() -> None:
    """Print the address and, while there is no owner, the link that creates one."""
    from django.conf import settings

    from amends.accounts.models import User
    from amends.accounts.set_up import create_setup_link
    from amends.core.clock import SystemClock

    typer.echo(f"Amends runs at {settings.BASE_URL}")
    if not User.objects.exists():
        token = create_setup_link(now=SystemClock().now())
        typer.echo(f"First visit (valid for 30 minutes): {settings.BASE_URL}/setup/{token}/")
    sys.stdout.flush()
