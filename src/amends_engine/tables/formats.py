"""The three formats of rows, and the optional library that Parquet needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from amends_engine.tables.errors import UnusableInput

FORMATS = ("csv", "jsonl", "parquet")
STANDARD_STREAM = "-"


def choose_format(name: str, *, given: str | None, option: str = "--format") -> str:
    """Return the format of a file by its ending, or the one that was given.

    Raises UnusableInput for an unknown ending or name.
    """
    if given is not None:
        if given not in FORMATS:
            raise UnusableInput(f"{option} {given}: unknown; use one of {', '.join(FORMATS)}")
        return given
    if name == STANDARD_STREAM:
        raise UnusableInput(f"standard input has no ending: say {option} csv, jsonl or parquet")
    ending = Path(name).suffix.lower().lstrip(".")
    ending = {"ndjson": "jsonl", "pq": "parquet"}.get(ending, ending)
    if ending not in FORMATS:
        raise UnusableInput(
            f"{name}: unknown ending; rename it to .csv, .jsonl or .parquet, or say {option}"
        )
    return ending


def import_pyarrow() -> tuple[Any, Any]:
    """Return pyarrow and pyarrow.parquet; raise UnusableInput if they are not installed."""
    try:
        import pyarrow  # slow to load, and only Parquet needs it
        from pyarrow import parquet
    except ImportError as error:
        raise UnusableInput(
            "Parquet needs pyarrow, which is not installed: pip install pyarrow, or use CSV or JSONL"
        ) from error
    return pyarrow, parquet
