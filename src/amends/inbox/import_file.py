"""Brings in a file of comments, a batch at a time: rows, bad rows and how far it is are one transaction.

So a crash loses nothing and doubles nothing: whoever goes on (`resume`, or the worker) begins after the last
batch that counts. What is imported is history: it starts no clocks and asks nobody, unless somebody says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from amends.connectors.channels.file import KIND, record_row
from amends.connectors.kit.events import InboundEvent
from amends.core.clock import Clock
from amends.core.file_map.file_map import FileMap
from amends.core.file_map.read_row import MappedRow, RowProblem, read_row
from amends.core.file_map.schema import check_header, review_file_map
from amends.inbox.capture import version_secret
from amends.inbox.capture_many import capture_many
from amends.inbox.import_source import Source, UnusableInput, open_source
from amends.inbox.models import ChannelAccount, FileImport, ImportProblem, ImportStatus
from amends.record.log import WORKER, Actor, Subject, log_action
from amends.work.claim import Claim, LeaseLost, finish
from amends_engine.tables.read import TableRow

IMPORT_FILE = "import_file"
BATCH = 500  # rows; a write lock of about a quarter of a second on SQLite
TURN = timedelta(
    seconds=15
)  # how long the worker goes on before it hands the row back to the queue
MAX_PROBLEMS = 100_000  # kept for one import; a file with more is another kind of file
_AT_REST = {"next_step": "", "due_at": None, "lease_token": "", "leased_until": None}

OnProgress = Callable[[FileImport], None]


class ImportRefused(Exception):
    """The import cannot be begun or gone on with; the message is for people."""


def begin_import(run: FileImport, *, source: Source, by: Actor, now: datetime) -> FileImport:
    """Let a prepared import run: its source gets a channel account; where it has a path the worker does it.

    Raises ImportRefused where the map does not fit the file, or the source belongs to another brand.
    """
    file_map_of(run, source=source)
    with transaction.atomic():
        account, is_new = ChannelAccount.objects.get_or_create(
            workspace_id=run.workspace_id,
            kind=KIND,
            host=run.source,
            external_id=run.source,
            defaults={
                "brand_id": run.brand_id,
                "handle": run.source,
                "label": run.source,
                "connected_at": now,
            },
        )
        if account.brand_id != run.brand_id:
            raise ImportRefused(
                _("The source “%(source)s” belongs to %(brand)s: choose another name for it.")
                % {"source": run.source, "brand": account.brand}
            )
        work = {"next_step": IMPORT_FILE, "due_at": now} if run.path else _AT_REST
        begun = FileImport.objects.filter(pk=run.pk, status=ImportStatus.MAPPING).update(
            status=ImportStatus.RUNNING, account=account, **work
        )
        if not begun:
            raise ImportRefused(_("This import was begun already."))
        if is_new:
            _log("channel.connect", run, actor=by, now=now, data={"kind": KIND})
        data = {"import": run.pk, "digest": run.digest, "clocks": run.starts_clocks}
        _log("comment.import", run, actor=by, now=now, data=data)
    run.refresh_from_db()
    return run


def cancel_import(run: FileImport, *, by: Actor, now: datetime) -> None:
    """Stop it; what has come in so far stays."""
    waiting = [ImportStatus.MAPPING, ImportStatus.RUNNING]
    with transaction.atomic():
        rows = FileImport.objects.filter(pk=run.pk, status__in=waiting)
        if not rows.update(status=ImportStatus.CANCELLED, finished_at=now, **_AT_REST):
            raise ImportRefused(_("It does not run any more."))
        _log("comment.stop_import", run, actor=by, now=now, data={"import": run.pk})


def import_file(
    claim: Claim[FileImport],
    *,
    clock: Clock,
    settle: Callable[[FileImport], None] = lambda _run: None,
) -> None:
    """The worker's turn: some batches, then the row goes back to the queue.

    `settle` is called after the last row and before the end is noted, so that a crash repeats it.
    """
    run = claim.row
    until = clock.now() + TURN
    try:
        source = open_source(Path(run.path), name=run.file_name)
        is_done = _go_on(
            run, source=source, clock=clock, token=claim.token, is_over=lambda: clock.now() >= until
        )
    except (UnusableInput, ImportRefused) as error:
        fail_import(run, error=str(error), token=claim.token, now=clock.now())
        return
    if is_done:
        settle(run)
        with transaction.atomic():
            _end(run, actor=WORKER, now=clock.now())
            finish(claim)
    else:
        finish(claim, next_step=IMPORT_FILE, due_at=clock.now())


def run_import(
    run: FileImport, *, source: Source, clock: Clock, by: Actor, on_progress: OnProgress
) -> None:
    """Do all of it here and now, as the command line does; it may be called again after a crash."""
    try:
        _go_on(
            run,
            source=source,
            clock=clock,
            token="",
            is_over=lambda: False,
            on_progress=on_progress,
        )
    except UnusableInput as error:
        fail_import(run, error=str(error), token="", now=clock.now())
        raise
    with transaction.atomic():
        _end(run, actor=by, now=clock.now())


def fail_import(run: FileImport, *, error: str, token: str, now: datetime) -> None:
    """End it with the reason; rows that have come in stay."""
    rows = FileImport.objects.filter(pk=run.pk, lease_token=token, status=ImportStatus.RUNNING)
    with transaction.atomic():
        changed = rows.update(status=ImportStatus.FAILED, error=error, finished_at=now, **_AT_REST)
        if changed:
            _log("comment.fail_import", run, actor=WORKER, now=now, data={"import": run.pk})


def file_map_of(run: FileImport, *, source: Source) -> FileMap:
    """The map of an import; ImportRefused where it has mistakes or names columns that are not there."""
    review = review_file_map(run.map)
    if review.file_map is None:
        one = review.problems[0]
        raise ImportRefused(f"{one.line}:{one.column}: {one.message}")
    missing = check_header(review.file_map, source.columns)
    if missing and source.format != "jsonl":  # keys of JSON may come later
        part, name = missing[0]
        raise ImportRefused(
            _("The file has no column “%(name)s” (for %(part)s).") % {"name": name, "part": part}
        )
    return review.file_map


def _go_on(
    run: FileImport,
    *,
    source: Source,
    clock: Clock,
    token: str,
    is_over: Callable[[], bool],
    on_progress: OnProgress = lambda _run: None,
) -> bool:
    """Do batches until the file or the turn is over; says whether the file is."""
    file_map = file_map_of(run, source=source)
    if run.total is None:
        run.total = source.count_rows()
        FileImport.objects.filter(pk=run.pk).update(total=run.total)
    secret = version_secret()
    with source.rows() as rows:
        waiting = islice(rows, run.rows, None)
        while batch := list(islice(waiting, BATCH)):
            _import_batch(
                run, batch=batch, file_map=file_map, secret=secret, token=token, now=clock.now()
            )
            on_progress(run)
            if is_over():
                return run.rows >= run.total
    return True


def _import_batch(
    run: FileImport,
    *,
    batch: Sequence[TableRow],
    file_map: FileMap,
    secret: bytes,
    token: str,
    now: datetime,
) -> None:
    events: list[InboundEvent] = []
    problems: list[ImportProblem] = []
    for row in batch:
        read = _read(row, file_map=file_map, now=now)
        if isinstance(read, list):
            problems += [_kept(run, row, one) for one in read]
            continue
        place = f"{run.file_name}:{row.number}"
        events.append(
            record_row(read, values=row.values, place=place, observed_at=now, secret=secret)
        )
    bad = len(batch) - len(events)
    account = run.account
    assert account is not None  # noqa: S101 - begun imports have one
    with transaction.atomic():
        # First, so that whoever else goes on with the same import waits here and then finds it moved.
        moved = FileImport.objects.filter(
            pk=run.pk, rows=run.rows, lease_token=token, status=ImportStatus.RUNNING
        ).update(rows=F("rows") + len(batch), bad=F("bad") + bad)
        if not moved:
            raise LeaseLost(f"import {run.pk} is done by somebody else, or was stopped")
        done = capture_many(events, account=account, now=now, is_history=not run.starts_clocks)
        room = max(MAX_PROBLEMS - run.bad, 0)
        ImportProblem.objects.bulk_create(problems[:room])
        FileImport.objects.filter(pk=run.pk).update(
            new=F("new") + done.new,
            changed=F("changed") + done.changed,
            known=F("known") + done.known,
        )
    run.rows += len(batch)
    run.bad += bad
    run.new += done.new
    run.changed += done.changed
    run.known += done.known


def _read(row: TableRow, *, file_map: FileMap, now: datetime) -> MappedRow | list[RowProblem]:
    if row.error:
        return [RowProblem("", "%(reason)s", {"reason": row.error})]
    return read_row(row.values, file_map=file_map, now=now)


def _kept(run: FileImport, row: TableRow, problem: RowProblem) -> ImportProblem:
    return ImportProblem(
        run=run,
        row=row.number,
        column=problem.column[:200],
        template=problem.template,
        params=problem.params,
    )


def _end(run: FileImport, *, actor: Actor, now: datetime) -> None:
    rows = FileImport.objects.filter(pk=run.pk, status=ImportStatus.RUNNING)
    if not rows.update(status=ImportStatus.DONE, finished_at=now):
        raise LeaseLost(f"import {run.pk} was stopped")
    ChannelAccount.objects.filter(imports=run).update(last_heard_at=now)
    counts = {"new": run.new, "changed": run.changed, "known": run.known, "bad": run.bad}
    _log("comment.end_import", run, actor=actor, now=now, data={"import": run.pk, **counts})


def _log(
    action: str, run: FileImport, *, actor: Actor, now: datetime, data: dict[str, object]
) -> None:
    log_action(
        action,
        workspace_id=run.workspace_id,
        actor=actor,
        subject=Subject("channel", run.source[:64], run.source),
        now=now,
        data=data,
    )


def problem_rows(run: FileImport) -> Iterator[tuple[int, str, str]]:
    """Row, columns and reasons of every bad row, in the order of the file."""
    row = 0
    columns: list[str] = []
    reasons: list[str] = []
    found = run.problems.order_by("row", "pk")
    for one in found.iterator(chunk_size=2000):
        number, column = one.row, one.column
        if number != row and row:
            yield row, ", ".join(filter(None, columns)), "; ".join(reasons)
            columns, reasons = [], []
        row = number
        columns.append(column)
        reasons.append(f"{column} {one.reason}".strip())
    if row:
        yield row, ", ".join(filter(None, columns)), "; ".join(reasons)
