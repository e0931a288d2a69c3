"""`amends export`: all of a workspace as files; for whoever runs the machine, who is its owner."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from amends.cli.desk import find_workspace, require_ready_database
from amends.cli.start import Unusable, start_django


def export(
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", help="A new folder, or a new .zip; named by day without it."
        ),
    ] = None,
    workspace: Annotated[
        str | None, typer.Option("--workspace", help="Its slug; needed where there are several.")
    ] = None,
    describe: Annotated[  # noqa: FBT002
        bool, typer.Option("--describe", help="Print which files and fields there are, and end.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,  # noqa: FBT002
) -> None:
    """Write everything of a workspace as JSONL with a manifest (docs/export.md); it can run meanwhile."""
    start_django()
    from amends.core.clock import SystemClock
    from amends.reports.export import ExportRefused, export_workspace
    from amends.reports.export_rows import describe as describe_all

    if describe:
        typer.echo(describe_all())
        return
    require_ready_database()
    found = find_workspace(workspace)
    now = SystemClock().now()
    to = output or Path(f"amends-{found.slug}-{now:%Y-%m-%d}.zip")
    is_shown = sys.stderr.isatty() and not as_json

    def tell(name: str, rows: int) -> None:
        if is_shown:
            typer.echo(f"  {name}: {rows}", err=True)

    try:
        done = export_workspace(found, to=to, now=now, on_kind=tell)
    except ExportRefused as refused:
        raise Unusable(str(refused)) from refused
    except OSError as error:
        raise Unusable(f"{to} cannot be written ({error.strerror}).") from error
    if as_json:
        answer = {"path": str(done.path), "rows": done.rows, "files": done.files}
        typer.echo(json.dumps(answer, ensure_ascii=False))
    else:
        typer.echo(f"{done.path}: {done.rows} rows in {done.files} files.")
