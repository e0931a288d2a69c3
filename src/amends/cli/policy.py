"""`amends policy check`: whether a comment policy may be published, and if not, where and why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from amends.cli.start import Unusable
from amends.core.policy.lint import Finding, Level, PolicyCheck, check_policy
from amends.core.policy.policy import Policy
from amends.core.yaml_tree import MAX_BYTES

policy_app = typer.Typer(help="What is allowed, in public.", no_args_is_help=True)


@policy_app.callback()
def policy() -> None:
    """What is allowed, in public."""


@policy_app.command()
def check(
    file: Annotated[Path, typer.Argument(help="A comment policy (YAML).", show_default=False)],
    languages: Annotated[
        str, typer.Option(help="Languages the brand speaks, like `en,tr`: warns of missing ones.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,  # noqa: FBT002
) -> None:
    """Check a policy: one line per finding, with its place; exit 1 when one of them is an error."""
    wanted = [code.strip() for code in languages.split(",") if code.strip()]
    found = check_policy(_read(file), brand_languages=wanted)
    if as_json:
        typer.echo(_as_json(file, found))
    else:
        for finding in found.findings:
            typer.echo(_as_line(file, finding))
        if found.policy is not None and not found.errors:
            typer.echo(_summary(file, found.policy, warnings=len(found.warnings)))
    if found.errors:
        raise typer.Exit(1)


def _as_line(file: Path, finding: Finding) -> str:
    word = "" if finding.level is Level.ERROR else "warning: "
    return f"{file}:{finding.problem.line}: {word}{finding.problem.message}"


def _summary(file: Path, policy: Policy, *, warnings: int) -> str:
    end = f"{warnings} to think over" if warnings else "no mistakes"
    return (
        f"{file}: policy {policy.named.name}, version {policy.named.version}: "
        f"{len(policy.clauses)} clauses in {', '.join(policy.languages)}; {end}."
    )


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)  # one more shows that it is too large
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Unusable(
            f"{file} cannot be read ({reason}): name a policy file that you may read."
        ) from None


def _as_json(file: Path, found: PolicyCheck) -> str:
    listed = [
        {
            "level": one.level.value,
            "line": one.problem.line,
            "path": one.problem.path,
            "message": one.problem.reason,
        }
        for one in found.findings
    ]
    answer = {"file": str(file), "sound": not found.errors, "problems": listed}
    return json.dumps(answer, ensure_ascii=False)
