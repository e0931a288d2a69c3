"""Writes a word among colleagues on a case."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User
from amends.accounts.permissions import may_note, refuse_unless
from amends.cases.models import Case, Note
from amends.cases.transitions import NotPossible, log_on_case

MAX_CHARS = 10_000


def write_note(case: Case, *, text: str, by: User, now: datetime) -> Note:
    """Add a note; raises NotPossible for an empty or endless one."""
    refuse_unless(may_note(by, case.workspace), _("write notes"))
    text = text.strip()
    if not text:
        raise NotPossible(_("The note is empty: write something first."))
    if len(text) > MAX_CHARS:
        raise NotPossible(
            _("The note is too long: at most %(count)d characters.") % {"count": MAX_CHARS}
        )
    with transaction.atomic():
        note = Note.objects.create(
            workspace_id=case.workspace_id, case=case, text=text, written_by=by, written_at=now
        )
        log_on_case(case, "case.note", actor=actor_of(by), now=now, data={"note": note.pk})
    return note
