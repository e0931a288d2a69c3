"""Lint every row of a JSONL stream, keep the order, go on after bad rows."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from amends_engine.lint.context import UnusableRow, parse_context
from amends_engine.lint.lint import LintResult, lint_reply
from amends_engine.tables.errors import UnusableInput

MAX_LINE = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class LintedRow:
    """One row out: the result, or why there is none. `row` counts from 1."""

    id: str | int
    row: int
    result: LintResult | None
    error: str = ""

    def to_json(self) -> dict[str, object]:
        """Return the object that `amends lint` writes for this row."""
        if self.result is None:
            return {"id": self.id, "row": self.row, "error": self.error}
        return {"id": self.id, **self.result.to_json()}


def lint_stream(stream: BinaryIO, *, name: str) -> Iterator[LintedRow]:
    """Yield one row for each line that is not blank.

    Raises UnusableInput, with the line, where the stream is not UTF-8 or a line is beyond measure.
    """
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="\n")
    number = line_number = 0
    try:
        while line := text.readline(MAX_LINE):
            line_number += 1
            if len(line) >= MAX_LINE and not line.endswith("\n"):
                raise UnusableInput(f"{name}: line {line_number} is too long; one row a line")
            if line.strip():
                number += 1
                yield lint_line(line, number)
    except UnicodeDecodeError as error:
        raise UnusableInput(
            f"{name}: line {line_number + 1} is not UTF-8; convert the file, for example with "
            "iconv -t UTF-8"
        ) from error
    finally:
        if not stream.closed:
            text.detach()  # the stream belongs to the caller, who closes it


def lint_line(line: str, number: int) -> LintedRow:
    """Return the linted row of one line of JSON; a bad one says what is wrong."""
    try:
        raw = json.loads(line)
    except (ValueError, RecursionError) as error:
        return LintedRow(number, number, None, f"not valid JSON ({str(error)[:120]})")
    if not isinstance(raw, dict):
        return LintedRow(number, number, None, "not a JSON object")
    key = raw.get("id")
    is_key = isinstance(key, str | int) and not isinstance(key, bool) and key != ""
    row_id: str | int = key if is_key else number  # type: ignore[assignment]
    try:
        return LintedRow(row_id, number, lint_record(raw))
    except UnusableRow as error:
        return LintedRow(row_id, number, None, str(error))


def lint_record(raw: Mapping[str, Any]) -> LintResult:
    """Return the result for one record of the contract; raise UnusableRow naming what is wrong."""
    reply = raw.get("reply")
    if not isinstance(reply, str):
        raise UnusableRow("has no key 'reply' with a text")
    if not reply.strip():
        raise UnusableRow("the reply is empty")
    comment, lang = raw.get("comment"), raw.get("lang")
    for name, value in (("comment", comment), ("lang", lang)):
        if value is not None and not isinstance(value, str):
            raise UnusableRow(f"'{name}' is not a text")
    return lint_reply(
        reply, comment=comment or "", context=parse_context(raw.get("context")), lang=lang or ""
    )
