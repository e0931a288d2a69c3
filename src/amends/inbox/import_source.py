"""The file of an import: what kind it is by its content, its columns, its rows, a preview of the first."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from amends.core.file_map.file_map import FileMap, Part
from amends.core.file_map.guess import guess_columns, guess_date_formats, header_of
from amends.core.file_map.read_row import RowProblem, read_row
from amends_engine.tables.errors import UnusableInput
from amends_engine.tables.read import TableRow, check_encoding, find_delimiter, read_table

SAMPLE = 200  # rows from which columns and dates are guessed
HEAD = 64 * 1024
OWN_COLUMNS = ("amends_row", "amends_column", "amends_reason")
"""What an errors file has besides the columns of its file; ignored when it comes back."""

__all__ = ["SAMPLE", "Source", "TableRow", "UnusableInput", "open_source"]


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A row as it would come in: what the file says by column, and what is wrong by column."""

    number: int
    values: Mapping[str, Any]
    problems: Sequence[RowProblem]


@dataclass(frozen=True, slots=True)
class Guess:
    """What a file seems to hold; more than one form of dates means that a person must say which."""

    columns: dict[Part, str]
    date_formats: list[str]


@dataclass(frozen=True, slots=True)
class Source:
    """A readable file; `columns` in their order."""

    path: Path
    name: str
    format: str
    delimiter: str
    columns: tuple[str, ...]
    size: int

    @contextmanager
    def rows(self) -> Iterator[Iterator[TableRow]]:
        """The rows one after the other; UnusableInput where the file breaks off."""
        with self.path.open("rb") as stream:
            found = read_table(stream, name=self.name, kind=self.format, delimiter=self.delimiter)
            yield self._unquoted(found) if self._is_errors_file else found

    @property
    def _is_errors_file(self) -> bool:
        return self.format == "csv" and set(OWN_COLUMNS) <= set(self.columns)

    def _unquoted(self, rows: Iterator[TableRow]) -> Iterator[TableRow]:
        """Our own errors file comes back: its cells are as they were before formulas were neutralised."""
        for row in rows:
            values = {
                key: value[1:] if value[:1] == "'" and value[1:2] in tuple("=+-@\t\r") else value
                for key, value in row.values.items()
                if key not in OWN_COLUMNS
            }
            yield TableRow(row.number, values, row.error)

    def count_rows(self) -> int:
        """How many rows there are; reads all, so that a broken file is found before anything is done."""
        with self.rows() as rows:
            return sum(1 for _row in rows)

    def first_rows(self, number: int = SAMPLE) -> list[TableRow]:
        with self.rows() as rows:
            return list(islice(rows, number))

    def guess(self) -> Guess:
        sample = [row.values for row in self.first_rows() if not row.error]
        columns = guess_columns([one for one in self.columns if one not in OWN_COLUMNS])
        dated = [columns[one] for one in (Part.PUBLISHED_AT, Part.EDITED_AT) if one in columns]
        values = [row.get(name) for row in sample for name in dated]
        return Guess(columns, guess_date_formats(values))

    def preview(self, file_map: FileMap, *, now: datetime, number: int = 20) -> list[PreviewRow]:
        return [
            PreviewRow(row.number, row.values, problems_of(row, file_map=file_map, now=now))
            for row in self.first_rows(number)
        ]

    def digest(self) -> str:
        with self.path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()


def problems_of(row: TableRow, *, file_map: FileMap, now: datetime) -> list[RowProblem]:
    """What is wrong with a row; an empty list where nothing is."""
    if row.error:
        return [RowProblem("", "%(reason)s", {"reason": row.error})]
    read = read_row(row.values, file_map=file_map, now=now)
    return read if isinstance(read, list) else []


def open_source(path: Path, *, name: str = "") -> Source:
    """The file, its kind told by its content, never by its name; raises UnusableInput with a sentence."""
    name = name or path.name
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            head = stream.read(HEAD)
    except OSError as error:
        raise UnusableInput(f"{name}: cannot be read ({error.strerror})") from error
    kind = _kind_of(head, name=name)
    if kind != "parquet":
        check_encoding(path)
    delimiter = find_delimiter(_first_line(head)) if kind == "csv" else ","
    columns = _columns(path, name=name, kind=kind, delimiter=delimiter)
    twice = [one for one in dict.fromkeys(columns) if columns.count(one) > 1]
    if twice:
        raise UnusableInput(f"{name}: two columns are called {twice[0]!r}; rename one of them")
    return Source(path, name, kind, delimiter, tuple(columns), size)


def _kind_of(head: bytes, *, name: str) -> str:
    if not head.strip():
        raise UnusableInput(f"{name}: is empty")
    if head[:4] == b"PAR1":
        return "parquet"
    if head[:4] == b"PK\x03\x04" or head[:4] == b"\xd0\xcf\x11\xe0":
        raise UnusableInput(
            f"{name}: is a workbook or an archive; save the sheet as CSV in UTF-8 and bring that in"
        )
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\x00" in head:
        raise UnusableInput(f"{name}: is no text in UTF-8; save it as CSV in UTF-8")
    first = _first_line(head)
    if first.startswith("{") and (_is_json(first) or len(head) == HEAD):
        return "jsonl"
    if first.startswith("["):
        raise UnusableInput(
            f"{name}: is one JSON list; write one object a line, for example with jq -c '.[]'"
        )
    if first.startswith("<"):
        raise UnusableInput(f"{name}: is a page or XML; bring in CSV, JSONL or Parquet")
    return "csv"


def _first_line(head: bytes) -> str:
    text = head.decode("utf-8-sig", "replace").lstrip("\r\n ")
    return text.splitlines()[0] if text else ""


def _is_json(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def _columns(path: Path, *, name: str, kind: str, delimiter: str) -> list[str]:
    header: list[str] = []

    def choose(found: Sequence[str]) -> None:
        header.extend(found)

    with path.open("rb") as stream:
        rows = read_table(stream, name=name, kind=kind, choose=choose, delimiter=delimiter)
        sample = list(islice(rows, SAMPLE))
    if not sample:
        raise UnusableInput(f"{name}: has no rows")
    return header or header_of([row.values for row in sample])
