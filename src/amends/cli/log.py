"""`amends log verify`: whether the log is whole, and if not, what was done to it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from amends.cli.start import Unusable, start_django
from amends.core.keys import KeyFileError
from amends.core.log_problems import LogProblem

if TYPE_CHECKING:
    from amends.record.verify import Extent

LONG = 20_000  # entries from which on a progress bar is worth its lines

log_app = typer.Typer(help="The record of everything that was done.", no_args_is_help=True)


@log_app.callback()
def log() -> None:
    """The record of everything that was done."""


@log_app.command()
def verify(
    heads: Annotated[
        Path | None,
        typer.Option("--heads", help="The heads file to check against: a copy kept elsewhere."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,  # noqa: FBT002
) -> None:
    """Check every entry, link and signed head; exit 1 when anything was changed or is missing."""
    start_django()
    from django.conf import settings
    from django.db import DatabaseError

    from amends.cli.serve import explain_database

    if heads is not None and not heads.is_file():
        raise Unusable(f"There is no heads file at {heads}: name the file with --heads.")
    heads_file = heads or settings.DATA_DIR / "log-heads.jsonl"
    try:
        is_sound = _verify(heads_file, keys_dir=settings.KEYS_DIR, as_json=as_json)
    except KeyFileError as error:
        raise Unusable(str(error)) from error
    except OSError as error:
        raise Unusable(
            f"{error.filename or heads_file} cannot be read ({error.strerror}): check its rights."
        ) from error
    except DatabaseError as error:
        raise Unusable(explain_database(str(error))) from error
    if not is_sound:
        raise typer.Exit(1)


def _verify(heads_file: Path, *, keys_dir: Path, as_json: bool) -> bool:
    from amends.record.verify import measure

    extent = measure(heads_file)
    if not extent.batches and not extent.sealed and not extent.lines:
        unsealed = extent.entries
        _tell_end(
            [], extent=extent, as_json=as_json, summary=f"{unsealed} entries, none sealed yet."
        )
        return True
    found: list[LogProblem] = []
    for problem in _problems(extent, heads_file=heads_file, keys_dir=keys_dir):
        found.append(problem)
        if not as_json:
            typer.echo(problem.message)
    faults = sum(problem.is_fault for problem in found)
    summary = (
        f"{faults} faults in {extent.sealed} sealed entries: the log is NOT as it was written."
        if faults
        else f"{extent.sealed} sealed entries in {extent.batches} batches: nothing altered or missing."
    )
    _tell_end(found, extent=extent, as_json=as_json, summary=summary)
    return not faults


def _problems(extent: Extent, *, heads_file: Path, keys_dir: Path) -> Iterator[LogProblem]:
    from amends.record.verify import verify_record

    console = Console(stderr=True)
    is_shown = extent.entries >= LONG and console.is_terminal
    with Progress(console=console, disable=not is_shown, transient=True) as progress:
        task = progress.add_task("Checking", total=extent.entries)
        yield from verify_record(
            extent,
            keys_dir=keys_dir,
            heads_file=heads_file,
            on_entry=lambda: progress.advance(task),
        )


def _tell_end(found: list[LogProblem], *, extent: Extent, as_json: bool, summary: str) -> None:
    if not as_json:
        typer.echo(summary)
        return
    answer = {
        "sound": not any(problem.is_fault for problem in found),
        "entries": extent.entries,
        "sealed": extent.sealed,
        "batches": extent.batches,
        "problems": [
            {"code": one.code.value, "message": one.message, **one.params} for one in found
        ],
    }
    typer.echo(json.dumps(answer, ensure_ascii=False))
