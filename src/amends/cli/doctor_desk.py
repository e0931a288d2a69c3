"""What `amends doctor` looks at about the desk itself: its database, keys, disk, clock and last backup."""

from __future__ import annotations

import shutil
import stat
from datetime import datetime, timedelta
from pathlib import Path

from amends.cli.findings import Finding, fine, missing

ENOUGH = 1024**3  # bytes that should be free
MAX_SKEW = timedelta(seconds=5)
BACKUP_AGE = timedelta(days=2)


def look_at_desk() -> list[Finding]:
    """Everything that needs the settings and the database; only after the database answered."""
    return [
        look_at_migrations(),
        look_at_clock(),
        look_at_disk(),
        look_at_keys(),
        look_at_postgres_client(),
        look_at_backup(),
    ]


def look_at_migrations() -> Finding:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not waiting:
        return fine("Migrations", "all done")
    advice = "back up, then start `amends up`: it brings the database up to date"
    detail = f"{len(waiting)} waiting"
    return missing("Migrations", detail, what_to_do=advice, is_needed=False)


def look_at_clock() -> Finding:
    """The clocks of cases are counted here and compared there: the two machines must agree."""
    from django.db import connection

    from amends.core.clock import SystemClock

    if connection.vendor == "sqlite":
        return fine("Clock", "the database has that of this machine")
    with connection.cursor() as cursor:
        before = SystemClock().now()
        cursor.execute("SELECT clock_timestamp()")
        (there,) = cursor.fetchone()
    skew = abs(there - before)
    detail = f"{skew.total_seconds():.1f} s apart from the database"
    if skew <= MAX_SKEW:
        return fine("Clock", detail)
    return missing("Clock", detail, what_to_do="run an NTP client on both machines")


def look_at_disk() -> Finding:
    from django.conf import settings

    free = shutil.disk_usage(settings.DATA_DIR).free
    detail = f"{free / 1024**3:.1f} GB free in {settings.DATA_DIR}"
    if free >= ENOUGH:
        return fine("Disk", detail)
    advice = "free some space, or name another folder with AMENDS_DATA"
    return missing("Disk", detail, what_to_do=advice, is_needed=free < ENOUGH // 10)


def look_at_keys() -> Finding:
    from django.conf import settings

    folder = Path(settings.KEYS_DIR)
    files = sorted(folder.glob("*.key"))
    loose = [one.name for one in files if stat.S_IMODE(one.stat().st_mode) & 0o077]
    if loose:
        advice = f"chmod 600 {folder}/*.key"
        return missing("Keys", f"others can read {', '.join(loose)}", what_to_do=advice)
    return fine("Keys", f"{len(files)} in {folder}, for this user alone")


def look_at_postgres_client() -> Finding:
    from django.db import connection

    name = "PostgreSQL client (backups)"
    if connection.vendor != "postgresql":
        return fine(name, "not needed: the database is SQLite")
    found = shutil.which("pg_dump")
    if found and shutil.which("pg_restore"):
        return fine(name, found)
    advice = "apt-get install postgresql-client (the version of the server or newer)"
    return missing(name, "no pg_dump and pg_restore", what_to_do=advice, is_needed=False)


def look_at_backup() -> Finding:
    from amends.core.clock import SystemClock

    last = _last_backup()
    now = SystemClock().now()
    if last is not None and now - last <= BACKUP_AGE:
        return fine("Last backup", f"{last:%Y-%m-%d %H:%M} UTC")
    detail = f"{last:%Y-%m-%d %H:%M} UTC" if last else "none by `amends backup` yet"
    advice = "let `amends backup` run every night, and keep the archives on another machine"
    return missing("Last backup", detail, what_to_do=advice, is_needed=False)


def _last_backup() -> datetime | None:
    from django.db import DatabaseError

    from amends.record.models import ActionLog

    try:
        rows = ActionLog.objects.filter(workspace_id=None, action="desk.backup")
        return rows.order_by("-id").values_list("at", flat=True).first()
    except DatabaseError:  # an empty database
        return None
