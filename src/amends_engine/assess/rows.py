"""Read rows of text from CSV, JSONL or Parquet, one after the other, bad ones marked."""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from amends_engine.assess.errors import UnusableInput
from amends_engine.assess.formats import import_pyarrow
from amends_engine.classifier import TextInput, UnreadableText, require_readable

MAX_FIELD = 16 * 1024 * 1024
CHUNK = 1 << 20
PARQUET_ROWS = 2000


@dataclass(frozen=True, slots=True)
class Columns:
    """The names of the columns or keys. `id` and `parent` may be absent; so may a default `lang`."""

    id: str = "id"
    text: str = "text"
    parent: str = "parent"
    lang: str = "lang"
    required: tuple[str, ...] = ("text",)
    """Fields whose column must exist: the text, and those that the caller named."""

    def names(self) -> dict[str, str]:
        return {"id": self.id, "text": self.text, "parent": self.parent, "lang": self.lang}


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be assessed, and why. `row` counts from 1."""

    id: str | int
    row: int
    error: str

    def to_json(self) -> dict[str, object]:
        return {"id": self.id, "row": self.row, "error": self.error}


Row = TextInput | BadRow


def read_rows(stream: BinaryIO, *, name: str, kind: str, columns: Columns) -> Iterator[Row]:
    """Yield each row of `stream`; raise UnusableInput where the whole cannot be read."""
    readers = {"csv": _read_csv, "jsonl": _read_jsonl, "parquet": _read_parquet}
    yield from readers[kind](stream, name, columns)


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


def _read_csv(stream: BinaryIO, name: str, columns: Columns) -> Iterator[Row]:
    csv.field_size_limit(MAX_FIELD)
    with _decoded(stream, newline="") as text:
        reader = csv.reader(text, strict=True)
        try:
            yield from _csv_rows(reader, name=name, columns=columns)
        except UnicodeDecodeError as error:
            raise UnusableInput(_not_utf8(name, line=reader.line_num + 1)) from error
        except csv.Error as error:
            raise UnusableInput(
                f"{name}: line {reader.line_num}: {error}; mend the quotes there and start again"
            ) from error


def _csv_rows(reader: Iterator[list[str]], *, name: str, columns: Columns) -> Iterator[Row]:
    header = next(reader, None)
    if not header:
        raise UnusableInput(f"{name}: is empty; a CSV needs a header line")
    where = _find_columns(header, name=name, columns=columns)
    number = 0
    for fields in reader:
        # An empty line is no row, unless the only column is empty: then it is an empty text.
        if not fields and len(header) > 1:
            continue
        number += 1
        yield _csv_row(fields or [""], number, where=where, width=len(header))


def _find_columns(header: list[str], *, name: str, columns: Columns) -> dict[str, int]:
    where = {field: header.index(key) for field, key in columns.names().items() if key in header}
    for field in columns.required:
        if field not in where:
            found = ", ".join(header[:20])
            raise UnusableInput(
                f"{name}: no column '{columns.names()[field]}' (there are: {found}); "
                f"name it with --{field}"
            )
    return where


def _csv_row(fields: list[str], number: int, *, where: Mapping[str, int], width: int) -> Row:
    if len(fields) != width:
        at = where.get("id", width)
        key: str | int = fields[at] if at < len(fields) and fields[at] else number
        return BadRow(key, number, f"has {len(fields)} fields where the header has {width}")
    return _make_row({field: fields[at] for field, at in where.items()}, number)


def _read_jsonl(stream: BinaryIO, name: str, columns: Columns) -> Iterator[Row]:
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
                yield _json_row(line, number, columns=columns)
        except UnicodeDecodeError as error:
            raise UnusableInput(_not_utf8(name, line=line_number + 1)) from error


def _json_row(line: str, number: int, *, columns: Columns) -> Row:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        return BadRow(number, number, f"not valid JSON ({str(error)[:120]})")
    if not isinstance(value, dict):
        return BadRow(number, number, "not a JSON object")
    names = columns.names()
    fields = {field: value[key] for field, key in names.items() if key in value}
    if "text" not in fields:
        return BadRow(_row_id(fields, number), number, f"has no key '{names['text']}'")
    return _make_row(fields, number)


def _read_parquet(stream: BinaryIO, name: str, columns: Columns) -> Iterator[Row]:
    pyarrow, parquet = import_pyarrow()
    try:
        # Standard input cannot be searched, and the index of a Parquet file stands at its end.
        source = stream if stream.seekable() else io.BytesIO(stream.read())
        file = parquet.ParquetFile(source)
        where = _find_columns(list(file.schema_arrow.names), name=name, columns=columns)
        names = columns.names()
        number = 0
        for batch in file.iter_batches(
            batch_size=PARQUET_ROWS, columns=[names[field] for field in where]
        ):
            for record in batch.to_pylist():
                number += 1
                yield _make_row({field: record[names[field]] for field in where}, number)
    except (pyarrow.ArrowException, OSError) as error:
        raise UnusableInput(
            f"{name}: cannot be read as Parquet ({str(error).splitlines()[0][:160]}); "
            "check the ending or say --format"
        ) from error


def _row_id(fields: Mapping[str, Any], number: int) -> str | int:
    value = fields.get("id")
    if isinstance(value, str) and value:
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else number


def _make_row(fields: Mapping[str, Any], number: int) -> Row:
    key = _row_id(fields, number)
    given = fields.get("id")
    if given is not None and given != "" and given != key:
        return BadRow(key, number, "the id is neither a text nor a whole number")
    text = fields.get("text")
    if text is None:
        text = ""
    try:
        if not isinstance(text, str):
            raise UnreadableText(f"the text is a {type(text).__name__}, not a string")
        return TextInput(
            id=key,
            text=require_readable(text),
            parent=_optional_text(fields.get("parent")),
            lang=_optional_text(fields.get("lang")),
        )
    except UnreadableText as error:
        return BadRow(key, number, str(error))


def _optional_text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
