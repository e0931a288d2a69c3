"""Writes a word among colleagues on a case."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import NotificationKind, User
from amends.accounts.permissions import may_note, refuse_unless
from amends.accounts.queries import members_of
from amends.cases.models import Case, Note
from amends.cases.tell import tell
from amends.cases.transitions import NotPossible, log_on_case

MAX_CHARS = 10_000
MOST_MENTIONED = 20
MENTION = re.compile(r"(?<![\w@.])@([^\W_][\w.\-]{0,80})")


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
        for person in mentioned_in(text, case=case):
            if person != by:
                tell(
                    person,
                    case=case,
                    kind=NotificationKind.MENTION,
                    now=now,
                    key=f"mention:{note.pk}",
                    facts={"by": str(by)},
                )
        log_on_case(case, "case.note", actor=actor_of(by), now=now, data={"note": note.pk})
    return note


def mentioned_in(text: str, *, case: Case) -> list[User]:
    """The members whom a note names with @: by first name, whole name (Deniz.Yalin) or address."""
    wanted = {plain_name(one) for one in MENTION.findall(text)[:MOST_MENTIONED]}
    if not wanted:
        return []
    return [one.user for one in members_of(case.workspace) if wanted & _names(one.user)]


def _names(user: User) -> set[str]:
    words = plain_name(user.name).split()
    address = plain_name(user.email.partition("@")[0])
    joined = {"".join(words), ".".join(words), "-".join(words), "_".join(words)}
    return {one for one in {*words[:1], *joined, address} if one}


def plain_name(text: str) -> str:
    """A name without marks and case, so that @ayse finds Ayşe."""
    folded = unicodedata.normalize("NFKD", text.casefold().replace("ı", "i"))
    bare = "".join(one for one in folded if not unicodedata.combining(one))
    return bare.strip().rstrip(".-_")
