"""Turns DATABASE_URL into Django's settings; SQLite in the data folder when nothing is said."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from amends.config.env import BadSetting


def database_from_url(url: str, *, data_dir: Path) -> dict[str, Any]:
    """Settings of the default database; raises BadSetting for a URL that means no database we know."""
    if not url:
        return sqlite_database(data_dir / "amends.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return sqlite_database(
            Path(unquote(parts.path.removeprefix("/") if parts.netloc else parts.path))
        )
    if parts.scheme in {"postgres", "postgresql"}:
        options: dict[str, Any] = dict(parse_qsl(parts.query))
        host = options.pop("host", "") or (parts.hostname or "")
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.removeprefix("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": host,
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": options,
        }
    raise BadSetting(
        f"DATABASE_URL starts with {parts.scheme!r}: use postgresql://user:password@host:port/name, "
        f"or leave it out for SQLite in the data folder."
    )


def sqlite_database(path: Path) -> dict[str, Any]:
    """SQLite as a server needs it: WAL, a busy timeout, and write locks taken at the start.

    With Django's default (DEFERRED) a transaction that reads first and writes later fails at once when
    another one writes in between, whatever the timeout; IMMEDIATE waits instead (docs/adr/0003).
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
        "TEST": {"NAME": None},
    }
