"""`amends doctor`: what is there, what is missing, and how to get it."""

from __future__ import annotations

import json
import shutil
import sqlite3
from dataclasses import asdict
from typing import Annotated

import typer

from amends.cli.doctor_desk import look_at_desk
from amends.cli.findings import Finding, fine, missing
from amends.cli.start import Unusable, start_django

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,  # noqa: FBT002
) -> None:
    """Say what is missing on this machine; exit 1 if something that is needed is."""
    findings = [look_at_sqlite(), look_at_browser(), look_at_engine()]
    database = look_at_database()
    findings += [database, *(look_at_desk() if database.is_fine else [])]
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


def look_at_sqlite() -> Finding:
    if sqlite3.sqlite_version_info < (3, 31):
        advice = "install a Python that carries SQLite 3.31 or newer"
        return missing("SQLite", sqlite3.sqlite_version, what_to_do=advice)
    return fine("SQLite", sqlite3.sqlite_version)


def look_at_browser() -> Finding:
    name = "Chromium (screenshots)"
    path = find_browser()
    if path is None:
        advice = "apt-get install chromium (Ubuntu: chromium-browser)"
        return missing(name, "no system browser found", what_to_do=advice, is_needed=False)
    return fine(name, path)


def look_at_engine() -> Finding:
    from amends_engine.artefacts.read import ArtefactError
    from amends_engine.triage.cascade import load_cascade
    from amends_engine.triage.model.model import load_model

    try:
        engine, model = load_cascade().engine, load_model()
    except ArtefactError as error:
        advice = "install Amends again: its model is damaged"
        return missing("Engine", str(error), what_to_do=advice)
    pace = "8-bit" if model.is_whole else "32-bit: this processor rounds too coarsely for 8-bit"
    # Loading compares every file with the digest in its manifest.
    return fine("Engine", f"{engine.name} {engine.version} ({pace}), files as they were shipped")


def look_at_database() -> Finding:
    try:
        start_django()
    except Unusable as error:
        return missing("Settings", str(error), what_to_do="mend the setting that is named")
    from django.db import DatabaseError, connection

    try:
        connection.ensure_connection()
    except DatabaseError as error:
        advice = "check DATABASE_URL and that the database is running"
        return missing("Database", str(error).strip(), what_to_do=advice)
    return fine("Database", connection.vendor)
