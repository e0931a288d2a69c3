"""The two databases: a copy of one moment while others write, and its way back."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from django.db import connection, transaction

from amends.record.backup.manifest import BackupError

CLIENT = "apt-get install postgresql-client (the version of the server or newer)"


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy holds: the rows of every table, the steps it was migrated by, the last sealed batch."""

    counts: dict[str, int]
    migrations: list[list[str]]
    last_batch: int


class Database(Protocol):
    """One kind of database."""

    file_name: str

    def copy_to(self, path: Path) -> Copied: ...

    def what_is_there(self) -> list[str]: ...

    def put_back(self, path: Path) -> None: ...


def database() -> Database:
    """The one that the settings name."""
    settings = dict(connection.settings_dict)
    return Postgres(settings) if connection.vendor == "postgresql" else Sqlite(settings)


def counts_now() -> dict[str, int]:
    """The rows of every table as it stands."""
    with connection.cursor() as cursor:
        return _counts(cursor, connection.introspection.table_names())


class Sqlite:
    """A file: VACUUM INTO reads one moment of it, and nobody who writes has to wait."""

    file_name = "database.sqlite3"

    def __init__(self, settings: dict[str, Any]) -> None:
        self._path = Path(str(settings["NAME"]))

    def copy_to(self, path: Path) -> Copied:
        if not self._path.is_file():
            raise BackupError(f"There is no database at {self._path}: nothing to back up.")
        with closing(sqlite3.connect(self._path, timeout=60)) as source:
            source.execute("VACUUM INTO ?", (str(path),))
        path.chmod(0o600)
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as copy:
            names = copy.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            )
            return _take_stock(copy.cursor(), [name for (name,) in names])

    def what_is_there(self) -> list[str]:
        return [str(self._path)] if self._path.exists() else []

    def put_back(self, path: Path) -> None:
        connection.close()
        for ending in ("-wal", "-shm"):
            Path(f"{self._path}{ending}").unlink(missing_ok=True)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, draft := self._path.with_name(f"{self._path.name}.part"))
        draft.chmod(0o600)
        draft.replace(self._path)


class Postgres:
    """A server: pg_dump and the count of rows look through one exported snapshot."""

    file_name = "database.pgdump"

    def __init__(self, settings: dict[str, Any]) -> None:
        self._settings = settings

    def copy_to(self, path: Path) -> Copied:
        program = _program("pg_dump")
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            (snapshot,) = cursor.fetchone()
            stock = _take_stock(cursor, connection.introspection.table_names(cursor))
            command = [program, "--format=custom", "--no-owner", "--no-privileges"]
            self._run([*command, f"--snapshot={snapshot}", f"--file={path}"])
        path.chmod(0o600)
        return stock

    def what_is_there(self) -> list[str]:
        with connection.cursor() as cursor:
            names = connection.introspection.table_names(cursor)
        return [f"{len(names)} tables of the database {self._settings['NAME']}"] if names else []

    def put_back(self, path: Path) -> None:
        program = _program("pg_restore")
        with transaction.atomic(), connection.cursor() as cursor:
            for name in connection.introspection.table_names(cursor):
                # Also tables of a newer version, which the archive does not know.
                cursor.execute(f'DROP TABLE IF EXISTS "{name}" CASCADE')
        connection.close()
        command = [program, "--no-owner", "--no-privileges", "--clean", "--if-exists"]
        database = f"--dbname={self._settings['NAME']}"
        self._run([*command, "--single-transaction", "--exit-on-error", database, str(path)])

    def _run(self, command: list[str]) -> None:
        named = {
            "PGHOST": self._settings.get("HOST"),
            "PGPORT": self._settings.get("PORT"),
            "PGUSER": self._settings.get("USER"),
            "PGPASSWORD": self._settings.get("PASSWORD"),
            "PGDATABASE": self._settings.get("NAME"),
        }
        given = {name: str(value) for name, value in named.items() if value}
        done = subprocess.run(  # noqa: S603 - a program of ours, without a shell
            command, env={**os.environ, **given}, capture_output=True, text=True, check=False
        )
        if done.returncode:
            said = (done.stderr.strip().splitlines() or ["no reason given"])[0]
            raise BackupError(f"{Path(command[0]).name} failed ({said}); {CLIENT} may help.")


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise BackupError(f"{name} is missing: {CLIENT}.")
    return found


def _take_stock(cursor: Any, tables: Iterable[str]) -> Copied:
    counts = _counts(cursor, tables)
    migrations: list[list[str]] = []
    last = 0
    if "django_migrations" in counts:
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY id")
        migrations = [[app, name] for app, name in cursor.fetchall()]
    if "record_logbatch" in counts:
        cursor.execute("SELECT COALESCE(MAX(number), 0) FROM record_logbatch")
        (last,) = cursor.fetchone()
    return Copied(counts, migrations, last)


def _counts(cursor: Any, tables: Iterable[str]) -> dict[str, int]:
    counts = {}
    for name in sorted(tables):
        cursor.execute(f'SELECT COUNT(*) FROM "{name}"')  # noqa: S608 - a table of our own database
        (counts[name],) = cursor.fetchone()
    return counts
