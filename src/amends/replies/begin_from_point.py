"""Begins an empty draft from a starting point; what nobody knows is a gap for the writer."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from amends.accounts.models import User
from amends.accounts.permissions import may_draft, refuse_unless
from amends.cases.transitions import NotPossible
from amends.core.starting.points import fill
from amends.replies.draft import save_draft
from amends.replies.mend import GAP
from amends.replies.models import Reply
from amends.replies.starting_points import points_in_force


def begin_from_point(reply: Reply, *, code: str, by: User, now: datetime) -> Reply:
    """Put a starting point into an empty draft; nothing typed is ever replaced by it."""
    refuse_unless(may_draft(by, reply.workspace), _("write replies"))
    if reply.text.strip():
        raise NotPossible(_("Something is written here already: a beginning would replace it."))
    point = next((one for one in points_in_force(reply.workspace) if one.code == code), None)
    if point is None:
        raise NotPossible(_("This starting point is not there any more. Choose another one."))
    author = reply.comment.author
    known = {
        "author": _first_word(author.display_name) or author.handle,
        "brand": reply.case.brand.name,
        "agent": _first_word(by.name),
    }
    text = fill(point.text, known=known, gap=GAP)
    return save_draft(reply, text=text, revision=reply.revision, by=by, now=now)


def _first_word(name: str) -> str:
    return name.split()[0] if name.split() else ""
