"""Erases words: of a comment when its author may ask for that, of a closed case when its time is over.

A legal hold refuses either, with its ground.

The only caller of `redact_content` (a test looks) but for a restore, which repeats what was erased before:
what must be kept cannot be erased by another way.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User
from amends.accounts.permissions import may_erase, may_see_lane, refuse_unless
from amends.cases.hold_legally import is_under_legal_hold, legal_hold_on
from amends.cases.models import Case, CaseComment, CaseErasure, Trace
from amends.cases.search_index import forget_case
from amends.cases.transitions import NotPossible, log_on_case, touch_case
from amends.inbox.erase_files import erase_files, erase_files_of_erased
from amends.inbox.models import Author, Comment, OrderLink, RawEvent, Version
from amends.record.log import CLOCK, Actor, Subject, log_action
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
        if case is not None:
            touch_case(case, now=now)
            forget_case(case)
        contents = list(contents_of(comment))
        for content in contents:
            redact_content(content, actor=actor_of(by), reason=reason, now=now)
        _forget_around(comment)
    return len(contents)


def erase_from_case(
    case: Case, *, contents: Iterable[Content], reason: str, by: User, now: datetime
) -> int:
    """Erase contents that hang on a case and are no comment's; says how many. Raises as above."""
    refuse_unless(may_erase(by, case.workspace), _("erase words"))
    refuse_unless(may_see_lane(by, case.workspace, case.lane), _("see this case"))
    if not reason.strip():
        raise NotPossible(_("Say why the words are erased: it is all that will be left to read."))
    refuse_held(case, by=by, now=now)
    return _redact(case, contents=contents, reason=reason, actor=actor_of(by), now=now)


def erase_by_clock(
    case: Case, *, contents: Iterable[Content], reason: str, now: datetime
) -> int | None:
    """The same when their time is over and nobody asks; None where a legal hold keeps them."""
    if legal_hold_on(case) is not None:
        return None
    return _redact(case, contents=contents, reason=reason, actor=CLOCK, now=now)


def erase_record(
    content: Content, *, case: Case | None, reason: str, actor: Actor, now: datetime
) -> bool:
    """Erase what is kept of a person beside a case; False where a legal hold on the case keeps it.

    Whoever calls it has checked the permission, and is in a transaction.
    """
    if case is not None and legal_hold_on(case) is not None:
        return False
    redact_content(content, actor=actor, reason=reason, now=now)
    return True


def _redact(
    case: Case, *, contents: Iterable[Content], reason: str, actor: Actor, now: datetime
) -> int:
    kept = [one for one in contents if not one.is_redacted]
    with transaction.atomic():
        for content in kept:
            redact_content(content, actor=actor, reason=reason, now=now)
        touch_case(case, now=now)
    return len(kept)


def erase_closed_case(case: Case, *, reason: str, now: datetime) -> int | None:
    """Erase every stored word of a case that is closed; says how many contents became nothing.

    In the caller's transaction, which holds the lock on the case. None where a legal hold stands or the case
    is open again: then nothing is erased.
    """
    if is_under_legal_hold(case) or case.is_open or case.closed_at is None:
        return None
    touch_case(case, now=now)
    forget_case(case)
    contents = [
        one for item in case.items.select_related("comment") for one in contents_of(item.comment)
    ]
    for content in contents:
        redact_content(content, actor=CLOCK, reason=reason, now=now)
    for item in case.items.select_related("comment"):
        _forget_around(item.comment)
    CaseErasure.objects.create(
        workspace_id=case.workspace_id,
        case=case,
        closed_at=case.closed_at,
        at=now,
        contents=len(contents),
    )
    log_on_case(case, "case.erase", actor=CLOCK, now=now, data={"contents": len(contents)})
    return len(contents)


def _forget_around(comment: Comment) -> None:
    """What stands beside the words and leads to a person all the same: files, orders, traces."""
    erase_files(comment)
    comment.order_links.all().delete()
    Trace.objects.filter(comment=comment).delete()


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


def refuse_held(case: Case, *, by: User, now: datetime) -> None:
    """Raise Held, and log it, where a legal hold keeps the words; never inside a transaction that it ends."""
    _refuse_held(case.comment, case=case, by=by, now=now)


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


def forget_what_was_erased(*, now: datetime) -> int:
    """Take what was made from erased words and names out again: search index, traces, orders, files.

    Says of how many cases. For after a restore, whose backup is older than the erasures that were repeated on
    it.
    """
    words = Version.objects.filter(content__redacted_at__isnull=False)
    nameless = Author.objects.filter(erased_at__isnull=False)
    items = CaseComment.objects.filter(
        Q(comment__in=words.values("comment")) | Q(comment__author__in=nameless)
    )
    cases = Case.objects.filter(Q(pk__in=items.values("case")) | Q(author__in=nameless))
    erase_files_of_erased()
    for case in cases.select_related("workspace").order_by("pk").iterator(chunk_size=500):
        with transaction.atomic():
            touch_case(case, now=now)
            forget_case(case)
            erased = words.filter(comment__case_item__case=case).values("comment")
            Trace.objects.filter(comment__in=erased).delete()
            OrderLink.objects.filter(comment__in=erased).delete()
    return cases.count()
