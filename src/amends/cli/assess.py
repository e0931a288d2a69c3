"""`amends assess`: judge every row of a file; never starts Django.

Exit codes: 0 fine · 2 wrong use or unusable input · 3 done, with bad rows · 4 internal error.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from amends_engine.artefacts.read import ArtefactError
from amends_engine.assess.errors import EngineStopped
from amends_engine.assess.factory import choose_factory, load_classifier
from amends_engine.assess.rows import Columns
from amends_engine.assess.run import AssessOptions, AssessResult, assess_file, assess_file_by
from amends_engine.tables.errors import UnusableInput
from amends_engine.tables.formats import STANDARD_STREAM

WRONG_USE, BAD_ROWS, INTERNAL, INTERRUPTED = 2, 3, 4, 130
ENGINES = ("local", "ray")


def assess(
    file: Annotated[
        str, typer.Argument(help="CSV with header, JSONL or Parquet; - reads standard input.")
    ] = "-",
    output: Annotated[
        str,
        typer.Option("-o", "--output", help="File to write; JSONL on standard output without it."),
    ] = "-",
    id: Annotated[
        str | None,
        typer.Option("--id", help="Column of the id (default: id, else the row number)."),
    ] = None,
    text: Annotated[str, typer.Option("--text", help="Column of the text.")] = "text",
    parent: Annotated[
        str | None, typer.Option("--parent", help="Column of the post that it answers.")
    ] = None,
    lang: Annotated[
        str | None, typer.Option("--lang", help="Column of the language, if known.")
    ] = None,
    format: Annotated[
        str | None,
        typer.Option("--format", help="csv, jsonl or parquet; needed for standard input."),
    ] = None,
    fast: Annotated[bool, typer.Option("--fast", help="Use the screen alone.")] = False,  # noqa: FBT002
    resume: Annotated[bool, typer.Option("--resume", help="Continue a stopped run.")] = False,  # noqa: FBT002
    engine: Annotated[
        str, typer.Option("--engine", help="local, or ray: over a cluster (extra scale).")
    ] = "local",
) -> None:
    """Say of each text what it is about: language, sentiment, complaint, category, flags, reasons."""
    named = {"id": id, "parent": parent, "lang": lang}
    columns = Columns(
        id=id or "id",
        text=text,
        parent=parent or "parent",
        lang=lang or "lang",
        required=("text", *(field for field, name in named.items() if name)),
    )
    options = AssessOptions(
        source=file, output=output, format=format, columns=columns, is_resumed=resume
    )
    sys.exit(_run(options, engine=engine, factory=choose_factory(is_fast=fast)))


def _run(options: AssessOptions, *, engine: str, factory: str) -> int:
    try:
        result = _assess(options, engine=engine, factory=factory)
    except UnusableInput as error:
        return _fail(str(error), code=WRONG_USE)
    except (ArtefactError, EngineStopped) as error:
        return _fail(str(error), code=INTERNAL)
    except BrokenPipeError:
        # The reader (for example `head`) has enough; keep Python from complaining at its exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return _fail("stopped; the rows written so far stand, --resume continues", code=INTERRUPTED)
    except OSError as error:
        return _fail(f"{error.filename or options.output}: {error.strerror}", code=WRONG_USE)
    return _report(result)


def _assess(options: AssessOptions, *, engine: str, factory: str) -> AssessResult:
    if engine == "local":
        classifier = load_classifier(factory)
        with _progress(options.source) as on_progress:
            return assess_file(options, classifier=classifier, on_progress=on_progress)
    if engine != "ray":
        raise UnusableInput(f"--engine {engine}: unknown; use one of {', '.join(ENGINES)}")
    from amends_engine.assess.scale import ClusterAssessor  # pays its price only when it is asked

    with ClusterAssessor(factory) as cluster, _progress(options.source) as on_progress:
        return assess_file_by(options, assess_rows=cluster.assess_rows, on_progress=on_progress)


def _report(result: AssessResult) -> int:
    if not result.bad:
        return 0
    typer.echo(
        f"amends assess: {result.bad} of {result.rows} rows could not be read; "
        "look for 'error' in the output",
        err=True,
    )
    return BAD_ROWS


def _fail(message: str, *, code: int) -> int:
    typer.echo(f"amends assess: {message}", err=True)
    return code


@contextmanager
def _progress(source: str) -> Iterator[Callable[[int], None]]:
    """Give a callback that shows the rows done, on a terminal only."""
    if not sys.stderr.isatty():
        yield lambda _rows: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    name = "standard input" if source == STANDARD_STREAM else source
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    ) as bar:
        task = bar.add_task(name, total=None)
        yield lambda rows: bar.update(task, completed=rows)
