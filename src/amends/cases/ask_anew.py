"""Lets the playbook be asked again about the open cases of an author, when what it rested on is gone."""

from __future__ import annotations

from datetime import datetime

from amends.cases.models import OPEN_STATUSES, Case
from amends.inbox.models import Author


def ask_playbook_anew(author: Author, *, now: datetime) -> None:
    """The worker decides them again; in the caller's transaction. Closed cases stay as they were."""
    cases = Case.objects.filter(
        workspace=author.workspace_id, author=author, status__in=OPEN_STATUSES
    )
    cases.update(
        next_step="decide_again", due_at=now, lease_token="", leased_until=None, attempts=0
    )
