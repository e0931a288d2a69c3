"""Read rows of text from CSV, JSONL or Parquet, one after the other, bad ones marked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from amends_engine.classifier import TextInput, UnreadableText, require_readable
from amends_engine.tables.errors import UnusableInput
from amends_engine.tables.read import read_table


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
    names = columns.names()

    def choose(header: Sequence[str]) -> list[str]:
        return _find_columns(header, name=name, columns=columns)

    for row in read_table(stream, name=name, kind=kind, choose=choose):
        fields = {field: row.values[key] for field, key in names.items() if key in row.values}
        if row.error:
            yield BadRow(_row_id(fields, row.number), row.number, row.error)
        elif "text" not in fields:
            error = f"has no key '{names['text']}'"
            yield BadRow(_row_id(fields, row.number), row.number, error)
        else:
            yield _make_row(fields, row.number)


def _find_columns(header: Sequence[str], *, name: str, columns: Columns) -> list[str]:
    names = columns.names()
    for field in columns.required:
        if names[field] not in header:
            found = ", ".join(header[:20])
            raise UnusableInput(
                f"{name}: no column '{names[field]}' (there are: {found}); name it with --{field}"
            )
    return list(dict.fromkeys(key for key in names.values() if key in header))


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
