"""Assess every row of a file in batches, keep the order, go on after bad rows, continue after a stop."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from amends_engine.assess.output import (
    CsvWriter,
    JsonLinesWriter,
    ParquetWriter,
    Record,
    Writer,
    Written,
    read_written,
)
from amends_engine.assess.rows import BadRow, Columns, Row, read_rows
from amends_engine.classifier import Classifier, TextInput
from amends_engine.tables.errors import UnusableInput
from amends_engine.tables.formats import STANDARD_STREAM, choose_format
from amends_engine.tables.read import check_encoding

BATCH = 500

AssessRows = Callable[[Iterator[Row]], Iterator[Record]]
"""Turns rows into records: one for each, in order. What it needs it gets when it is called."""


@dataclass(frozen=True, slots=True)
class AssessOptions:
    """What to read and where to write; `-` is a standard stream."""

    source: str
    output: str = STANDARD_STREAM
    format: str | None = None
    columns: Columns = field(default_factory=Columns)
    is_resumed: bool = False


@dataclass(frozen=True, slots=True)
class AssessResult:
    """How many rows came out in all, and how many of them are bad."""

    rows: int
    bad: int


def assess_file(
    options: AssessOptions,
    *,
    classifier: Classifier,
    on_progress: Callable[[int], None] = lambda _rows: None,
) -> AssessResult:
    """Write one record for each row of the source, judged in this process; see `assess_file_by`."""
    return assess_file_by(
        options,
        assess_rows=partial(assess_in_batches, classifier=classifier),
        on_progress=on_progress,
    )


def assess_file_by(
    options: AssessOptions,
    *,
    assess_rows: AssessRows,
    on_progress: Callable[[int], None] = lambda _rows: None,
) -> AssessResult:
    """Write one record for each row of the source; call `on_progress` with the rows done so far.

    Raises UnusableInput for what cannot be read or written; rows written until then stay.
    """
    kind = choose_format(options.source, given=options.format)
    out_kind = "jsonl" if options.output == STANDARD_STREAM else _output_format(options.output)
    _check_paths(options, kind=kind, out_kind=out_kind)
    # A cluster's messages are kept from standard output by putting another in its place.
    standard_output = sys.stdout
    with ExitStack() as stack:
        stream = _open_source(options.source, stack)
        rows = read_rows(stream, name=options.source, kind=kind, columns=options.columns)
        first = list(islice(rows, 1))
        # The first row is read, and the engine asked, before the output is opened: a source
        # without the right columns or an engine that is away must not cost an earlier output.
        written = _find_written(options, kind=out_kind)
        rows = _skip_written(_chain(first, rows), written, output=options.output)
        records = assess_rows(rows)
        if options.output == STANDARD_STREAM:
            writer: Writer = JsonLinesWriter(standard_output.buffer)
        else:
            writer = _open_writer(options, kind=out_kind, written=written, stack=stack)
        result = _write_records(records, written, writer, on_progress)
        writer.close()
    return result


def _write_records(
    records: Iterator[Record],
    written: Written,
    writer: Writer,
    on_progress: Callable[[int], None],
) -> AssessResult:
    done, bad = written.count, written.bad
    on_progress(done)
    while batch := list(islice(records, BATCH)):
        writer.write(batch)
        done += len(batch)
        bad += sum("error" in record for record in batch)
        on_progress(done)
    return AssessResult(rows=done, bad=bad)


def assess_in_batches(rows: Iterator[Row], *, classifier: Classifier) -> Iterator[Record]:
    """Yield the record of each row; at most BATCH rows are held."""
    while batch := list(islice(rows, BATCH)):
        yield from assess_batch(batch, classifier=classifier)


def assess_batch(rows: Sequence[Row], *, classifier: Classifier) -> list[Record]:
    """Return one record per row, in order."""
    texts = [row for row in rows if isinstance(row, TextInput)]
    answers = iter(classifier.assess(texts))
    return [row.to_json() if isinstance(row, BadRow) else next(answers).to_json() for row in rows]


def _chain(first: Sequence[Row], rest: Iterator[Row]) -> Iterator[Row]:
    yield from first
    yield from rest


def _output_format(output: str) -> str:
    try:
        return choose_format(output, given=None)
    except UnusableInput as error:
        raise UnusableInput(
            f"{output}: unknown ending; end the output in .jsonl, .csv or .parquet"
        ) from error


def _check_paths(options: AssessOptions, *, kind: str, out_kind: str) -> None:
    if options.source != STANDARD_STREAM:
        path = Path(options.source)
        if not path.is_file():
            raise UnusableInput(f"{options.source}: no such file; check the name")
        if options.output != STANDARD_STREAM and path.resolve() == Path(options.output).resolve():
            raise UnusableInput(f"{options.output}: is the input too; give another name to -o")
        if kind != "parquet":
            _refuse_unreadable(path)
    if not options.is_resumed:
        return
    if options.output == STANDARD_STREAM:
        raise UnusableInput("--resume needs the file that was begun: name it with -o")
    if out_kind == "parquet":
        raise UnusableInput(
            f"{options.output}: Parquet cannot be continued; write .jsonl or .csv, "
            "or leave --resume out"
        )


def _refuse_unreadable(path: Path) -> None:
    try:
        check_encoding(path)
    except OSError as error:
        raise UnusableInput(f"{path}: cannot be read ({error.strerror})") from error


def _open_source(source: str, stack: ExitStack) -> BinaryIO:
    if source == STANDARD_STREAM:
        return sys.stdin.buffer
    try:
        return stack.enter_context(Path(source).open("rb"))
    except OSError as error:
        raise UnusableInput(f"{source}: cannot be read ({error.strerror})") from error


def _find_written(options: AssessOptions, *, kind: str) -> Written:
    if options.is_resumed and Path(options.output).exists():
        return read_written(Path(options.output), kind=kind)
    return Written(count=0, bad=0, last_id=None, size=0)


def _skip_written(rows: Iterator[Row], written: Written, *, output: str) -> Iterator[Row]:
    skipped = list(islice(rows, max(0, written.count - 1), written.count))
    if written.count and (not skipped or str(skipped[0].id) != written.last_id):
        raise UnusableInput(
            f"{output}: its last row ({written.last_id}) is not row {written.count} of the input; "
            "give the same input, or leave --resume out"
        )
    return rows


def _open_writer(
    options: AssessOptions, *, kind: str, written: Written, stack: ExitStack
) -> Writer:
    path = Path(options.output)
    try:
        if kind == "parquet":
            return ParquetWriter(path)
        stream = stack.enter_context(path.open("r+b" if written.size else "wb"))
    except OSError as error:
        raise UnusableInput(f"{path}: cannot be written ({error.strerror})") from error
    # What follows the last whole record was cut off by the interruption.
    stream.truncate(written.size)
    stream.seek(written.size)
    if kind == "csv":
        return CsvWriter(stream, has_header=written.size > 0)
    return JsonLinesWriter(stream)
