"""Reads a CSV, JSONL or Parquet file row by row in constant memory; rows that cannot be read are marked.

What a column means is for the caller: `amends assess` wants a text, an import wants comments.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from amends_engine.tables.errors import UnusableInput
from amends_engine.tables.formats import import_pyarrow

MAX_FIELD = 16 * 1024 * 1024
CHUNK = 1 << 20
DELIMITERS = (",", ";", "\t")
PARQUET_ROWS = 2000


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row by the names of its columns; `number` counts from 1, empty lines apart.

    With an `error` it could not be read, and `values` hold what could. Of columns that share a name the
    first one counts.
    """

    number: int
    values: Mapping[str, Any]
    error: str = ""


ChooseColumns = Callable[[Sequence[str]], Sequence[str] | None]
"""Is given the header before the first row (CSV, Parquet); may refuse, or name the columns that it wants."""


def any_columns(_header: Sequence[str]) -> None:
    """Take every column that there is."""


def read_table(
    stream: BinaryIO,
    *,
    name: str,
    kind: str,
    choose: ChooseColumns = any_columns,
    delimiter: str = ",",
) -> Iterator[TableRow]:
    """Yield each row of `stream`; raise UnusableInput where the whole cannot be read."""
    if kind == "csv":
        yield from _read_csv(stream, name, choose, delimiter)
    else:
        reader = {"jsonl": _read_jsonl, "parquet": _read_parquet}[kind]
        yield from reader(stream, name, choose)


def find_delimiter(line: str) -> str:
    """By what the columns of a header line are parted: spreadsheets of many countries write semicolons."""
    return max(DELIMITERS, key=lambda one: (line.count(one), one == ","))


def check_encoding(path: Path) -> None:
    """Raise UnusableInput with the line of the first byte that is not UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    line = 1
    with path.open("rb") as stream:
        while True:
            chunk = stream.read(CHUNK)
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                line += error.object[: error.start].count(b"\n")
                raise UnusableInput(_not_utf8(str(path), line=line)) from error
            if not chunk:
                return
            line += chunk.count(b"\n")


def _not_utf8(name: str, *, line: int) -> str:
    return f"{name}: line {line} is not UTF-8; convert the file, for example with iconv -t UTF-8"


@contextmanager
def _decoded(stream: BinaryIO, *, newline: str) -> Iterator[io.TextIOWrapper]:
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline=newline)
    try:
        yield text
    finally:
        # The stream belongs to the caller, who closes it.
        if not stream.closed:
            text.detach()


def _read_csv(
    stream: BinaryIO, name: str, choose: ChooseColumns, delimiter: str
) -> Iterator[TableRow]:
    csv.field_size_limit(MAX_FIELD)
    with _decoded(stream, newline="") as text:
        reader = csv.reader(text, strict=True, delimiter=delimiter)
        try:
            yield from _csv_rows(reader, name=name, choose=choose)
        except UnicodeDecodeError as error:
            raise UnusableInput(_not_utf8(name, line=reader.line_num + 1)) from error
        except csv.Error as error:
            raise UnusableInput(
                f"{name}: line {reader.line_num}: {error}; mend the quotes there and start again"
            ) from error


def _csv_rows(
    reader: Iterator[list[str]], *, name: str, choose: ChooseColumns
) -> Iterator[TableRow]:
    header = next(reader, None)
    if not header:
        raise UnusableInput(f"{name}: is empty; a CSV needs a header line")
    choose(header)
    backwards = header[::-1]  # of columns with one name the first is written last, and stays
    width = len(header)
    number = 0
    for fields in reader:
        # An empty line is no row, unless the only column is empty: then it is an empty text.
        if not fields and width > 1:
            continue
        number += 1
        found = fields or [""]
        if len(found) == width:
            yield TableRow(number, dict(zip(backwards, reversed(found), strict=True)))
            continue
        error = f"has {len(found)} fields where the header has {width}"
        there = list(zip(header, found, strict=False))
        yield TableRow(number, dict(reversed(there)), error)


def _read_jsonl(stream: BinaryIO, name: str, _choose: ChooseColumns) -> Iterator[TableRow]:
    number = 0
    line_number = 0
    # Only a line feed ends a line: JSON strings may hold the other separators of Unicode.
    with _decoded(stream, newline="\n") as text:
        try:
            for line in text:
                line_number += 1
                if not line.strip():
                    continue
                number += 1
                yield _json_row(line, number)
        except UnicodeDecodeError as error:
            raise UnusableInput(_not_utf8(name, line=line_number + 1)) from error


def _json_row(line: str, number: int) -> TableRow:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        return TableRow(number, {}, f"not valid JSON ({str(error)[:120]})")
    if not isinstance(value, dict):
        return TableRow(number, {}, "not a JSON object")
    return TableRow(number, value)


def _read_parquet(stream: BinaryIO, name: str, choose: ChooseColumns) -> Iterator[TableRow]:
    pyarrow, parquet = import_pyarrow()
    try:
        # Standard input cannot be searched, and the index of a Parquet file stands at its end.
        source = stream if stream.seekable() else io.BytesIO(stream.read())
        file = parquet.ParquetFile(source)
        wanted = choose(list(file.schema_arrow.names))
        columns = None if wanted is None else list(wanted)
        number = 0
        for batch in file.iter_batches(batch_size=PARQUET_ROWS, columns=columns):
            for record in batch.to_pylist():
                number += 1
                yield TableRow(number, record)
    except (pyarrow.ArrowException, OSError) as error:
        raise UnusableInput(
            f"{name}: cannot be read as Parquet ({str(error).splitlines()[0][:160]}); "
            "check the ending or say --format"
        ) from error
