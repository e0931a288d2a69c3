"""What commands that work on one desk share: its workspace, its brand, the state of the database."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeVar

from amends.cli.start import Unusable

if TYPE_CHECKING:
    from amends.accounts.models import Brand, Workspace

Named = TypeVar("Named", "Workspace", "Brand")


def require_ready_database() -> None:
    """Raises Unusable where the database is away, empty or not up to date."""
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    from amends.cli.serve import explain_database

    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        raise Unusable(explain_database(str(error))) from error
    if waiting:
        raise Unusable(
            f"The database is {len(waiting)} steps behind this version: "
            f"start `amends up` once, then try again."
        )


def find_workspace(slug: str | None) -> Workspace:
    """The workspace of a slug, or the only one there is; raises Unusable."""
    from amends.accounts.models import Workspace

    return _one(Workspace.objects.order_by("slug"), slug=slug, noun="workspace")


def find_brand(workspace: Workspace, *, slug: str | None) -> Brand:
    return _one(workspace.brands.order_by("slug"), slug=slug, noun="brand")


def _one(rows: Iterable[Named], *, slug: str | None, noun: str) -> Named:
    known = list(rows)
    if slug is None and len(known) == 1:
        return known[0]
    found = next((one for one in known if one.slug == slug), None)
    if found is not None:
        return found
    names = ", ".join(one.slug for one in known) or "none yet"
    if slug is None:
        raise Unusable(f"Say which {noun} is meant with --{noun}: {names}.")
    raise Unusable(f"There is no {noun} {slug!r}; there are: {names}.")
