"""Write judgements as JSONL, CSV or Parquet, and find where an interrupted output ends."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from amends_engine.classifier import FLAGS, LABELS
from amends_engine.tables.errors import UnusableInput
from amends_engine.tables.formats import import_pyarrow

Record = Mapping[str, object]

_GUESS = ("label", "score", "sure")
COLUMNS = (
    "id",
    "language.code",
    "language.score",
    *(f"{field}.{part}" for field in LABELS for part in _GUESS),
    *(f"flags.{flag}" for flag in FLAGS),
    *(f"flag_scores.{flag}" for flag in FLAGS),
    "reasons",
    "engine.name",
    "engine.version",
    "row",
    "error",
)


class Writer(Protocol):
    """Takes records in order."""

    def write(self, records: Sequence[Record]) -> None: ...

    def close(self) -> None: ...


class JsonLinesWriter:
    """One object a line."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def write(self, records: Sequence[Record]) -> None:
        self._stream.write(b"".join(dump_json(record) + b"\n" for record in records))
        self._stream.flush()

    def close(self) -> None:
        self._stream.flush()


class CsvWriter:
    """Dotted columns, lists as JSON, true and false in small letters."""

    def __init__(self, stream: BinaryIO, *, has_header: bool) -> None:
        self._stream = stream
        if not has_header:
            self._write_lines([COLUMNS])

    def write(self, records: Sequence[Record]) -> None:
        self._write_lines([_csv_fields(record) for record in records])

    def close(self) -> None:
        self._stream.flush()

    def _write_lines(self, lines: Sequence[Sequence[object]]) -> None:
        buffer = io.StringIO(newline="")
        csv.writer(buffer, lineterminator="\n").writerows(lines)
        self._stream.write(buffer.getvalue().encode("utf-8", "backslashreplace"))
        self._stream.flush()


class ParquetWriter:
    """Dotted, typed columns; ids become text. The file appears when it is complete."""

    def __init__(self, path: Path) -> None:
        self._pyarrow, parquet = import_pyarrow()
        self._path = path
        self._partial = path.with_name(path.name + ".partial")
        self._schema = _parquet_schema(self._pyarrow)
        self._writer = parquet.ParquetWriter(str(self._partial), self._schema)

    def write(self, records: Sequence[Record]) -> None:
        rows = [_parquet_row(record) for record in records]
        self._writer.write_table(self._pyarrow.Table.from_pylist(rows, schema=self._schema))

    def close(self) -> None:
        self._writer.close()
        self._partial.replace(self._path)


def dump_json(value: object) -> bytes:
    """Return compact JSON in UTF-8; lone surrogates, which UTF-8 lacks, stay as escapes."""
    try:
        return json.dumps(value, ensure_ascii=False, separators=(", ", ": ")).encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(value, separators=(", ", ": ")).encode("ascii")


def flatten(record: Record) -> dict[str, object]:
    """Return a record with dotted names, lists as JSON text."""
    flat: dict[str, object] = {}
    for key, value in record.items():
        if isinstance(value, Mapping):
            flat |= {f"{key}.{part}": inner for part, inner in value.items()}
        elif isinstance(value, list):
            flat[key] = dump_json(value).decode("utf-8")
        else:
            flat[key] = value
    return flat


def _csv_fields(record: Record) -> list[object]:
    flat = flatten(record)
    values = [flat.get(name) for name in COLUMNS]
    return [str(value).lower() if isinstance(value, bool) else value for value in values]


def _parquet_row(record: Record) -> dict[str, object]:
    flat = flatten(record)
    key = str(flat["id"]).encode("utf-8", "backslashreplace").decode("utf-8")
    return {name: flat.get(name) for name in COLUMNS} | {"id": key}


def _parquet_schema(pyarrow: Any) -> Any:
    def kind(name: str) -> Any:
        if name == "row":
            return pyarrow.int64()
        if name.endswith(".score") or name.startswith("flag_scores."):
            return pyarrow.float64()
        if name.endswith(".sure") or name.startswith("flags.") or name == "complaint.label":
            return pyarrow.bool_()
        return pyarrow.string()

    return pyarrow.schema([(name, kind(name)) for name in COLUMNS])


@dataclass(frozen=True, slots=True)
class Written:
    """What an interrupted output holds: whole records, the bad among them, and its good length."""

    count: int
    bad: int
    last_id: str | None
    size: int


def read_written(path: Path, *, kind: str) -> Written:
    """Return what stands in an interrupted output; raise UnusableInput if it is no output."""
    count, bad, last_id, size = 0, 0, None, 0
    with path.open("rb") as stream:
        records = _whole_records(stream, kind=kind)
        if kind == "csv" and (header := next(records, None)) is not None:
            if _parse_csv(header) != list(COLUMNS):
                raise UnusableInput(_no_output(path))
            size = len(header)
        for record in records:
            last_id, is_bad = _parse_record(record, kind=kind, path=path)
            size += len(record)
            count += 1
            bad += is_bad
    return Written(count=count, bad=bad, last_id=last_id, size=size)


def _whole_records(stream: BinaryIO, *, kind: str) -> Iterator[bytes]:
    record = b""
    for line in stream:
        record += line
        # A line feed inside quotes does not end a CSV record; JSON writes it as an escape.
        is_open = kind == "csv" and record.count(b'"') % 2 == 1
        if line.endswith(b"\n") and not is_open:
            yield record
            record = b""


def _parse_record(record: bytes, *, kind: str, path: Path) -> tuple[str, bool]:
    if kind == "csv":
        fields = _parse_csv(record)
        if len(fields) != len(COLUMNS):
            raise UnusableInput(_no_output(path))
        return fields[0], bool(fields[-1])
    try:
        value = json.loads(record)
        return str(value["id"]), "error" in value
    except (ValueError, KeyError, TypeError) as error:
        raise UnusableInput(_no_output(path)) from error


def _parse_csv(record: bytes) -> list[str]:
    text = io.StringIO(record.decode("utf-8", "replace"), newline="")
    return next(csv.reader(text), [])


def _no_output(path: Path) -> str:
    return f"{path}: is not an output of this command; give another -o or leave --resume out"
