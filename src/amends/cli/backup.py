"""`amends backup` and `amends restore`: all of a desk in one archive and back, without its keys."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from amends.cli.desk import require_ready_database
from amends.cli.start import Unusable, start_django
from amends.cli.supervise import hold_data_folder

MARKS = {True: "fine", False: "WRONG", None: "not checked"}


def backup(
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="A new file; in backups/ without it.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,  # noqa: FBT002
) -> None:
    """Back up database, heads of the log and files while the desk runs; the keys are kept apart."""
    start_django()
    require_ready_database()
    from django.conf import settings
    from django.db import DatabaseError

    from amends.core.clock import SystemClock
    from amends.record.backup.manifest import BackupError
    from amends.record.backup.take import take_backup

    now = SystemClock().now()
    to = output or settings.DATA_DIR / "backups" / f"amends-{now:%Y-%m-%dT%H%M%SZ}.zip"
    try:
        done = take_backup(to, now=now)
    except BackupError as error:
        raise Unusable(str(error)) from error
    except DatabaseError as error:
        raise Unusable(f"The database cannot be read ({error}).") from error
    except OSError as error:
        raise Unusable(f"{to} cannot be written ({error.strerror}): free some space.") from error
    if as_json:
        answer = {"path": str(done.path), "bytes": done.bytes, "rows": done.rows}
        typer.echo(json.dumps(answer, ensure_ascii=False))
        return
    typer.echo(f"{done.path}: {done.rows} rows, {done.files} files, {done.bytes} bytes.")
    typer.echo(f"No key is in it. Keep a copy of {settings.KEYS_DIR} apart from it.")


def restore(
    archive: Annotated[
        Path, typer.Argument(help="What `amends backup` wrote.", show_default=False)
    ],
    force: Annotated[  # noqa: FBT002
        bool, typer.Option("--force", help="Overwrite the desk that is there.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,  # noqa: FBT002
) -> None:
    """Restore a backup into an empty folder and database, migrate, compare; exit 1 if anything differs."""
    start_django()
    from django.conf import settings
    from django.db import DatabaseError

    from amends.cases.erase import forget_what_was_erased
    from amends.cli.serve import explain_database, prepare_database
    from amends.core.clock import SystemClock
    from amends.inbox.erase_names import replay_erasures, save_erasures
    from amends.record.backup.manifest import BackupError
    from amends.record.backup.restore import restore_backup
    from amends.record.backup.take import REDACTIONS

    try:
        with hold_data_folder(settings.DATA_DIR, address="amends restore"):
            done = restore_backup(
                archive,
                now=SystemClock().now(),
                migrate=prepare_database,
                save=save_erasures,
                is_forced=force,
            )
            replay_erasures(settings.DATA_DIR / REDACTIONS, now=SystemClock().now())
            forget_what_was_erased(now=SystemClock().now())
    except BackupError as error:
        raise Unusable(str(error)) from error
    except DatabaseError as error:
        raise Unusable(explain_database(str(error))) from error
    if as_json:
        checks = [
            {"name": one.name, "sound": one.is_sound, "detail": one.detail} for one in done.checks
        ]
        answer = {"sound": done.is_sound, "created_at": done.manifest.created_at, "checks": checks}
        typer.echo(json.dumps(answer, ensure_ascii=False))
    else:
        typer.echo(f"Restored the desk of {done.manifest.created_at} ({done.manifest.amends}).")
        for one in done.checks:
            typer.echo(f"{MARKS[one.is_sound]:12} {one.name:8} {one.detail}")
    if not done.is_sound:
        raise typer.Exit(1)
