"""`amends reindex`: puts the words of all cases into the search index anew."""

from __future__ import annotations

from typing import Annotated

import typer

from amends.cli.start import start_django


def reindex(
    stale: Annotated[bool, typer.Option("--stale", help="Only what the index lacks.")] = False,  # noqa: FBT002
) -> None:
    """Make the search index anew; the desk may run meanwhile, and searching goes on."""
    start_django()
    from amends.replies.index_search import index_all

    count = index_all(only_stale=stale)
    typer.echo(f"{count} cases indexed.")
