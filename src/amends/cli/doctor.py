"""`amends doctor`: what is there, what is missing, and how to get it."""

from __future__ import annotations

import json
import shutil
import sqlite3
import sys
from dataclasses import asdict, dataclass
from typing import Annotated

import typer

from amends.cli.start import Unusable, start_django

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    name: str
    is_fine: bool
    is_needed: bool
    detail: str
    what_to_do: str = ""


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,  # noqa: FBT002
) -> None:
    """Say what is missing on this machine; exit 1 if something that is needed is."""
    findings = [look_at_python(), look_at_sqlite(), look_at_browser(), look_at_engine()]
    findings += [look_at_database()]
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in findings], ensure_ascii=False))
    else:
        for one in findings:
            mark = "fine" if one.is_fine else ("MISSING" if one.is_needed else "missing")
            typer.echo(f"{mark:8} {one.name}: {one.detail}")
            if one.what_to_do and not one.is_fine:
                typer.echo(f"         → {one.what_to_do}")
    if any(one.is_needed and not one.is_fine for one in findings):
        raise typer.Exit(1)


def find_browser() -> str | None:
    """The system's Chromium, which captures and screenshots use; None when there is none."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def look_at_python() -> Finding:
    found = ".".join(str(part) for part in sys.version_info[:3])
    return Finding(
        "Python", sys.version_info >= (3, 11), True, found, "install Python 3.11 or newer"
    )


def look_at_sqlite() -> Finding:
    found = sqlite3.sqlite_version
    is_fine = sqlite3.sqlite_version_info >= (3, 31)
    return Finding("SQLite", is_fine, True, found, "install a Python that carries SQLite 3.31 or newer")


def look_at_browser() -> Finding:
    path = find_browser()
    return Finding(
        "Chromium (screenshots)",
        path is not None,
        False,
        path or "no system browser found",
        "apt-get install chromium (Debian, Ubuntu: chromium-browser)",
    )


def look_at_engine() -> Finding:
    from amends_engine.artefacts.read import ArtefactError  # noqa: PLC0415
    from amends_engine.triage.screen import load_screen  # noqa: PLC0415

    try:
        engine = load_screen().engine
    except ArtefactError as error:
        return Finding("Engine", False, True, str(error), "install Amends again: its model is damaged")
    return Finding("Engine", True, True, f"{engine.name} {engine.version}")


def look_at_database() -> Finding:
    try:
        start_django()
    except Unusable as error:
        return Finding("Settings", False, True, str(error), "mend the setting that is named")
    from django.db import DatabaseError, connection  # noqa: PLC0415

    try:
        connection.ensure_connection()
    except DatabaseError as error:
        return Finding(
            "Database", False, True, str(error).strip(), "check DATABASE_URL and that it is running"
        )
    return Finding("Database", True, True, connection.vendor)
