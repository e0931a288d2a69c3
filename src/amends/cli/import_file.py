"""`amends import`: brings in a file of comments; bad rows go into a file of their own.

Exit codes: 0 fine · 2 wrong use or unusable input · 3 done, with bad rows · 130 stopped, --resume goes on.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from amends.cli.desk import find_brand, find_workspace, require_ready_database
from amends.cli.start import Unusable, start_django

if TYPE_CHECKING:
    from amends.inbox.import_source import Source
    from amends.inbox.models import FileImport

BAD_ROWS, INTERRUPTED = 3, 130
MAX_MAP = 256 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What was asked for on the command line."""

    file: Path
    workspace: str | None
    brand: str | None
    source: str | None
    map: Path | None
    errors: Path | None
    starts_clocks: bool
    is_resumed: bool


def import_command(
    file: Annotated[Path, typer.Argument(help="CSV, JSONL or Parquet.", show_default=False)],
    workspace: Annotated[
        str | None, typer.Option("--workspace", help="Its slug; needed where there are several.")
    ] = None,
    brand: Annotated[
        str | None, typer.Option("--brand", help="Its slug; needed where there are several.")
    ] = None,
    source: Annotated[
        str | None,
        typer.Option("--source", help="Where the rows come from; ids count within it (file name)."),
    ] = None,
    map: Annotated[
        Path | None, typer.Option("--map", help="What the columns mean (YAML); guessed without it.")
    ] = None,
    errors: Annotated[
        Path | None, typer.Option("--errors", help="CSV to write the bad rows to.")
    ] = None,
    dry_run: Annotated[  # noqa: FBT002
        bool, typer.Option("--dry-run", help="Show the map and what would come in; write nothing.")
    ] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on where it stopped.")] = False,  # noqa: FBT002
    start_clocks: Annotated[  # noqa: FBT002
        bool,
        typer.Option("--start-clocks", help="Treat the rows as new: clocks run, people are asked."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,  # noqa: FBT002
) -> None:
    """Bring in a file of comments as history of a brand; importing it again is harmless."""
    start_django()
    require_ready_database()
    from amends.inbox.import_source import UnusableInput

    wishes = Wishes(
        file=file,
        workspace=workspace,
        brand=brand,
        source=source,
        map=map,
        errors=errors,
        starts_clocks=start_clocks,
        is_resumed=resume,
    )
    try:
        code = _try_out(wishes, as_json=as_json) if dry_run else _import(wishes, as_json=as_json)
    except UnusableInput as error:
        raise Unusable(str(error)) from error
    except KeyboardInterrupt:
        typer.echo("amends: stopped; what came in stays, --resume goes on", err=True)
        sys.exit(INTERRUPTED)
    sys.exit(code)


def _import(wishes: Wishes, *, as_json: bool) -> int:
    from amends.core.clock import SystemClock
    from amends.inbox.import_errors import write_errors
    from amends.inbox.import_file import ImportRefused, begin_import, run_import
    from amends.inbox.import_source import open_source
    from amends.record.log import COMMAND
    from amends.work.claim import LeaseLost

    clock = SystemClock()
    source = open_source(wishes.file)
    if wishes.errors is not None and wishes.errors.resolve() == wishes.file.resolve():
        raise Unusable(f"{wishes.errors}: is the input too; give another name to --errors.")
    try:
        run = _prepare(wishes, source=source, now=clock.now())
        if run.status == "mapping":
            begin_import(run, source=source, by=COMMAND, now=clock.now())
        with _progress(wishes.file.name) as show:
            run_import(run, source=source, clock=clock, by=COMMAND, on_progress=show)
    except ImportRefused as refused:
        raise Unusable(f"{wishes.map or wishes.file}: {refused}") from refused
    except LeaseLost as lost:
        raise Unusable(f"{wishes.file}: {lost}.") from lost
    run.refresh_from_db()
    if run.bad and wishes.errors is not None:
        with wishes.errors.open("w", encoding="utf-8", newline="") as out:
            write_errors(run, source=source, out=out)
    _tell(run, wishes=wishes, as_json=as_json)
    return BAD_ROWS if run.bad else 0


def _prepare(wishes: Wishes, *, source: Source, now: Any) -> FileImport:
    """The import that was begun with this file, or a new one."""
    from amends.inbox.models import FileImport, ImportStatus

    workspace = find_workspace(wishes.workspace)
    brand = find_brand(workspace, slug=wishes.brand)
    name = (wishes.source or wishes.file.stem)[:100]
    digest = source.digest()
    begun = FileImport.objects.filter(
        workspace=workspace, source=name, path="", status=ImportStatus.RUNNING
    ).order_by("-pk")
    if wishes.is_resumed:
        found = begun.filter(digest=digest).select_related("account").first()
        if found is None:
            raise Unusable(
                f"{wishes.file}: no import of exactly this file is waiting; start it without --resume."
            )
        return found
    # Whoever still runs finds its import stopped; what it brought in is known already.
    begun.update(status=ImportStatus.CANCELLED, finished_at=now)
    return FileImport.objects.create(
        workspace=workspace,
        brand=brand,
        source=name,
        file_name=wishes.file.name[:200],
        format=source.format,
        digest=digest,
        size=source.size,
        map=_read_map(wishes, source=source),
        starts_clocks=wishes.starts_clocks,
        asked_at=now,
    )


def _read_map(wishes: Wishes, *, source: Source) -> str:
    """The map that was given, checked; or what the file looks like."""
    from amends.core.file_map.file_map import REQUIRED, FileMap
    from amends.core.file_map.schema import review_file_map

    if wishes.map is not None:
        try:
            with wishes.map.open("rb") as stream:
                text = stream.read(MAX_MAP + 1)
        except OSError as error:
            raise Unusable(f"{wishes.map} cannot be read ({error.strerror}).") from error
        review = review_file_map(text)
        if review.problems:
            lines = (f"{wishes.map}:{p.line}:{p.column}: {p.message}" for p in review.problems)
            raise Unusable("\n".join(lines))
        return text.decode("utf-8-sig")
    guess = source.guess()
    missing = [part.value for part in REQUIRED if part not in guess.columns]
    if missing:
        raise Unusable(
            f"{wishes.file}: no column looks like {' or '.join(missing)} "
            f"(there are: {', '.join(source.columns[:20])}); say it with --map (docs/import.md)."
        )
    if len(guess.date_formats) != 1:
        forms = " or ".join(guess.date_formats)
        why = f"could be {forms}" if forms else "are of no form that is known here"
        raise Unusable(
            f"{wishes.file}: the dates in {guess.columns[REQUIRED[1]]!r} {why}; "
            f"say dates.format with --map (docs/import.md)."
        )
    return replace(FileMap(guess.columns), date_format=guess.date_formats[0]).to_yaml()


def _try_out(wishes: Wishes, *, as_json: bool) -> int:
    """Read all of it and write nothing."""
    from amends.core.clock import SystemClock
    from amends.core.file_map.schema import check_header, review_file_map
    from amends.inbox.import_source import open_source, problems_of

    source = open_source(wishes.file)
    text = _read_map(wishes, source=source)
    file_map = review_file_map(text).file_map
    assert file_map is not None  # noqa: S101 - _read_map has checked it
    missing = check_header(file_map, source.columns) if source.format != "jsonl" else []
    if missing:
        raise Unusable(f"{wishes.map}: the file has no column {missing[0][1]!r}.")
    now = SystemClock().now()
    rows = bad = 0
    told: list[str] = []
    with source.rows() as found:
        for row in found:
            rows += 1
            problems = problems_of(row, file_map=file_map, now=now)
            bad += bool(problems)
            if len(told) < 20:
                told += [f"row {row.number}: {one.column} {one.reason}" for one in problems]
    if as_json:
        answer = {"rows": rows, "bad": bad, "map": text, "columns": list(source.columns)}
        typer.echo(json.dumps(answer, ensure_ascii=False))
    else:
        typer.echo(text)
        for line in told:
            typer.echo(line)
        typer.echo(f"{rows} rows, {bad} of them bad; nothing was written.")
    return BAD_ROWS if bad else 0


def _tell(run: FileImport, *, wishes: Wishes, as_json: bool) -> None:
    if as_json:
        names = ("rows", "new", "changed", "known", "bad", "source")
        answer = {"import": run.pk, **{name: getattr(run, name) for name in names}}
        typer.echo(json.dumps(answer, ensure_ascii=False))
        return
    typer.echo(
        f"{run.rows} rows of {run.file_name}: {run.new} new comments, {run.changed} new versions, "
        f"{run.known} known already, {run.bad} bad."
    )
    if run.bad:
        hint = (
            f"mend {wishes.errors} and import it with --source {run.source!r}"
            if wishes.errors
            else "say --errors FILE to get them"
        )
        typer.echo(f"amends import: {run.bad} rows were not taken: {hint}", err=True)


@contextmanager
def _progress(name: str) -> Iterator[Callable[[FileImport], None]]:
    """Give a callback that shows the rows done, on a terminal only."""
    if not sys.stderr.isatty():
        yield lambda _run: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(TextColumn("{task.description}"), *columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(name, total=None)
        yield lambda run: bar.update(task, completed=run.rows, total=run.total)
