"""Erases the words of a comment when its author may ask for that; a legal hold refuses, with its ground.

The only caller of `redact_content` (a test looks): what must be kept cannot be erased by another way.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User
from amends.accounts.permissions import may_erase, may_see_lane, refuse_unless
from amends.cases.hold_legally import legal_hold_on
from amends.cases.models import Case, CaseComment, Trace
from amends.cases.transitions import NotPossible, log_on_case, touch_case
from amends.inbox.erase_files import erase_files
from amends.inbox.models import Comment, RawEvent
from amends.record.log import Subject, log_action
from amends.record.models import Content, Evidence
from amends.record.redact import redact_content

UNDER_HOLD = "legal_hold"


class Held(NotPossible):
    """The words are under a legal hold; the refusal and its ground stand in the log."""


def erase_comment(comment: Comment, *, reason: str, by: User, now: datetime) -> int:
    """Erase every stored word of a comment; says how many contents became nothing.

    Digests and times stay. Raises Held under a legal hold, NotPossible without a reason.
    """
    refuse_unless(may_erase(by, comment.workspace), _("erase words"))
    item = CaseComment.objects.filter(comment=comment).select_related("case__workspace").first()
    case = item.case if item else None
    if case is not None:
        refuse_unless(may_see_lane(by, comment.workspace, case.lane), _("see this case"))
    if not reason.strip():
        raise NotPossible(_("Say why the words are erased: it is all that will be left to read."))
    _refuse_held(comment, case=case, by=by, now=now)
    with transaction.atomic():
        contents = list(contents_of(comment))
        for content in contents:
            redact_content(content, actor=actor_of(by), reason=reason, now=now)
        erase_files(comment)
        Trace.objects.filter(comment=comment).delete()
        if case is not None:
            touch_case(case, now=now)
    return len(contents)


def contents_of(comment: Comment) -> list[Content]:
    """Where the words of a comment lie: its versions, the events that brought them, captures of it."""
    keys = set(comment.versions.exclude(content=None).values_list("content_id", flat=True))
    events = RawEvent.objects.filter(
        workspace=comment.workspace_id,
        account__kind=comment.kind,
        account__host=comment.host,
        external_id=comment.external_id,
    )
    keys |= set(events.values_list("content_id", flat=True))
    captures = Evidence.objects.filter(
        workspace_id=comment.workspace_id, subject_kind="comment", subject_id=str(comment.pk)
    )
    keys |= set(captures.values_list("content_id", flat=True))
    return list(Content.objects.filter(pk__in=keys, redacted_at__isnull=True).order_by("pk"))


def _refuse_held(comment: Comment, *, case: Case | None, by: User, now: datetime) -> None:
    """Log the refusal in a transaction of its own: it must stand although nothing else happens."""
    hold = legal_hold_on(case) if case is not None else None
    if case is None or hold is None:
        return
    about = {"ground": UNDER_HOLD, "hold": hold.pk, "review": hold.review_on.isoformat()}
    with transaction.atomic():
        log_action(
            "content.refuse_redaction",
            workspace_id=comment.workspace_id,
            actor=actor_of(by),
            subject=Subject("comment", str(comment.pk), case.public_id),
            now=now,
            data=about,
        )
        log_on_case(case, "case.refuse_erasure", actor=actor_of(by), now=now, data=about)
    raise Held(
        _("%(case)s is under a legal hold until it is looked at on %(day)s: nothing is erased.")
        % {"case": case.public_id, "day": hold.review_on.isoformat()}
    )
