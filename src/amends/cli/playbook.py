"""`amends playbook check`: whether a playbook can be used, and if not, where and why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from amends.cli.start import Unusable
from amends.core.playbook.schema import PlaybookError, parse_playbook
from amends.core.yaml_tree import MAX_BYTES, FileProblem

playbook_app = typer.Typer(help="The rules by which cases are decided.", no_args_is_help=True)


@playbook_app.callback()
def playbook() -> None:
    """The rules by which cases are decided."""


@playbook_app.command()
def check(
    file: Annotated[Path, typer.Argument(help="A playbook (YAML).", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,  # noqa: FBT002
) -> None:
    """Check a playbook: one line per mistake, with its place; exit 1 when there is any."""
    source = _read(file)
    problems: tuple[FileProblem, ...] = ()
    summary = ""
    try:
        found = parse_playbook(source)
        summary = (
            f"{file}: playbook {found.named.name}, version {found.named.version}: "
            f"{len(found.gates)} gates, {len(found.matrix)} rows; no mistakes."
        )
    except PlaybookError as error:
        problems = error.problems
    if as_json:
        typer.echo(_as_json(file, problems))
    else:
        for problem in problems:
            typer.echo(f"{file}:{problem.line}: {problem.message}")
        if summary:
            typer.echo(summary)
    if problems:
        raise typer.Exit(1)


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)  # one more shows that it is too large
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Unusable(
            f"{file} cannot be read ({reason}): name a playbook file that you may read."
        ) from None


def _as_json(file: Path, problems: tuple[FileProblem, ...]) -> str:
    listed = [{"line": one.line, "path": one.path, "message": one.reason} for one in problems]
    answer = {"file": str(file), "sound": not problems, "problems": listed}
    return json.dumps(answer, ensure_ascii=False)
