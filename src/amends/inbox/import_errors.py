"""The errors of an import as CSV: the rows as they were, each with its number and the reason.

Mended, the file can be imported again as it is: its own columns are ignored, its apostrophes taken off.
"""

from __future__ import annotations

import csv
import json
from typing import Any, TextIO

from amends.core.spreadsheet import plain_cell
from amends.inbox.import_file import problem_rows
from amends.inbox.import_source import OWN_COLUMNS, Source
from amends.inbox.models import FileImport


def write_errors(run: FileImport, *, source: Source, out: TextIO) -> int:
    """Write every bad row; returns how many. The file is read once more, its words are kept nowhere else."""
    columns = [one for one in source.columns if one not in OWN_COLUMNS]
    writer = csv.writer(out)
    writer.writerow([*OWN_COLUMNS, *columns])
    problems = problem_rows(run)
    wanted = next(problems, None)
    written = 0
    with source.rows() as rows:
        for row in rows:
            if wanted is None:
                break
            if row.number != wanted[0]:
                continue
            cells = [plain_cell(_cell(row.values.get(name))) for name in columns]
            writer.writerow([wanted[0], plain_cell(wanted[1]), plain_cell(wanted[2]), *cells])
            written += 1
            wanted = next(problems, None)
    return written


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)
