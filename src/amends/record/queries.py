"""Reads the log, newest first, page by page without counting."""

from __future__ import annotations

from dataclasses import dataclass

from amends.record.models import ActionLog

PAGE = 50


@dataclass(frozen=True, slots=True)
class LogPage:
    """Some entries, newest first, and the id from which the next page goes on (None: the end)."""

    entries: list[ActionLog]
    next_before: int | None


def log_page(
    workspace_id: int,
    *,
    subject_kind: str = "",
    subject_id: str = "",
    before: int | None = None,
    size: int = PAGE,
) -> LogPage:
    """Entries of one workspace, of one subject if it is named, older than the id `before`."""
    rows = ActionLog.objects.filter(workspace_id=workspace_id)
    if subject_kind and subject_id:
        rows = rows.filter(subject_kind=subject_kind, subject_id=subject_id)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: size + 1])
    has_more = len(found) > size
    return LogPage(found[:size], found[size - 1].pk if has_more else None)
