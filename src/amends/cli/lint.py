"""`amends lint`: read drafts as every bystander will; never starts Django.

Exit codes: 0 fine · 1 with --check, something blocks · 2 wrong use or unusable input · 3 done, with
bad rows · 4 internal error.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from amends_engine.assess.output import dump_json
from amends_engine.lint.run import LintedRow, lint_stream
from amends_engine.tables.errors import UnusableInput

BLOCKED, WRONG_USE, BAD_ROWS, INTERRUPTED = 1, 2, 3, 130
STANDARD_STREAM = "-"


def lint(
    file: Annotated[
        str, typer.Argument(help="JSONL: comment, context, reply; - reads standard input.")
    ] = STANDARD_STREAM,
    output: Annotated[
        str,
        typer.Option("-o", "--output", help="File to write; standard output without it."),
    ] = STANDARD_STREAM,
    check: Annotated[bool, typer.Option("--check", help="Exit 1 if anything blocks.")] = False,  # noqa: FBT002
    as_json: Annotated[bool, typer.Option("--json", help="JSONL on a terminal too.")] = False,  # noqa: FBT002
) -> None:
    """Say of each reply which words will make it worse, why, and what to write instead."""
    sys.exit(_run(file, output, is_check=check, as_json=as_json))


def _run(file: str, output: str, *, is_check: bool, as_json: bool) -> int:
    counts = {"rows": 0, "bad": 0, "blocked": 0}
    try:
        with ExitStack() as stack:
            source = _open_source(file, output, stack)
            write = stack.enter_context(_writer(output, as_json=as_json))
            for row in lint_stream(source, name=_name_of(file)):
                counts["rows"] += 1
                counts["bad"] += row.result is None
                counts["blocked"] += row.result is not None and row.result.verdict == "block"
                write(row)
    except UnusableInput as error:
        return _fail(str(error), code=WRONG_USE)
    except BrokenPipeError:
        # The reader (for example `head`) has enough; keep Python from complaining at its exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return _fail("stopped; the rows written so far stand", code=INTERRUPTED)
    except OSError as error:
        return _fail(f"{error.filename or output}: {error.strerror}", code=WRONG_USE)
    return _report(counts, is_check=is_check)


def _open_source(file: str, output: str, stack: ExitStack) -> BinaryIO:
    if file == STANDARD_STREAM:
        return sys.stdin.buffer
    path = Path(file)
    if not path.is_file():
        raise UnusableInput(f"{file}: no such file; check the name")
    if output != STANDARD_STREAM and path.resolve() == Path(output).resolve():
        raise UnusableInput(f"{output}: is the input too; give another name to -o")
    return stack.enter_context(path.open("rb"))


@contextmanager
def _writer(output: str, *, as_json: bool) -> Iterator[Callable[[LintedRow], None]]:
    """Give what writes a row: a line of JSON, or lines for people on a terminal."""
    if output != STANDARD_STREAM:
        with Path(output).open("wb") as stream:
            yield partial(_write_json, stream)
    elif sys.stdout.isatty() and not as_json:
        yield lambda row: typer.echo("\n".join(_lines(row)))
    else:
        yield partial(_write_json, sys.stdout.buffer)
        sys.stdout.buffer.flush()


def _write_json(stream: BinaryIO, row: LintedRow) -> None:
    stream.write(dump_json(row.to_json()) + b"\n")


def _lines(row: LintedRow) -> Iterator[str]:
    """Yield a row as people read it: the verdict, then a line for each finding."""
    if row.result is None:
        yield f"{row.id}: row {row.row}: {row.error}"
        return
    yield f"{row.id}: {row.result.verdict} ({row.result.score})"
    for finding in row.result.findings:
        place = "–" if finding.start is None else f"{finding.start}–{finding.end}"
        yield f"  {finding.check} {finding.level} {place}: {finding.message} {finding.suggestion}"


def _report(counts: dict[str, int], *, is_check: bool) -> int:
    if counts["bad"]:
        typer.echo(
            f"amends lint: {counts['bad']} of {counts['rows']} rows could not be read; "
            "look for 'error' in the output",
            err=True,
        )
    if is_check and counts["blocked"]:
        typer.echo(f"amends lint: {counts['blocked']} of {counts['rows']} replies block", err=True)
        return BLOCKED
    return BAD_ROWS if counts["bad"] else 0


def _name_of(file: str) -> str:
    return "standard input" if file == STANDARD_STREAM else file


def _fail(message: str, *, code: int) -> int:
    typer.echo(f"amends lint: {message}", err=True)
    return code
