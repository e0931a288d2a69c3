"""`amends playbook check`: whether a playbook can be used, and if not, where and why."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from amends.cli.start import Unusable
from amends.core.playbook.schema import Review, review_playbook
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
    """Check a playbook: one line per mistake, with its place; exit 1 when there is any.

    Warnings are told too; they are about rules that can never be followed and the like, and do not
    make the answer no.
    """
    review = review_playbook(_read(file))
    if as_json:
        typer.echo(_as_json(file, review))
    else:
        for line in _as_lines(file, review):
            typer.echo(line)
    if review.problems:
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


def _as_lines(file: Path, review: Review) -> Iterable[str]:
    for one in review.problems:
        yield f"{file}:{one.line}:{one.column}: {one.message}"
    for one in review.warnings:
        yield f"{file}:{one.line}:{one.column}: warning: {one.message}"
    found = review.playbook
    if found is not None:
        parts = (_count(len(found.gates), "gate"), _count(len(found.matrix), "row"))
        yield (
            f"{file}: playbook {found.named.name}, version {found.named.version}: "
            f"{', '.join(parts)}; no mistakes, {_count(len(review.warnings), 'warning')}."
        )


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def _as_json(file: Path, review: Review) -> str:
    answer = {
        "file": str(file),
        "sound": not review.problems,
        "problems": [_plain(one) for one in review.problems],
        "warnings": [_plain(one) for one in review.warnings],
    }
    return json.dumps(answer, ensure_ascii=False)


def _plain(one: FileProblem) -> dict[str, Any]:
    return {"line": one.line, "column": one.column, "path": one.path, "message": one.reason}
