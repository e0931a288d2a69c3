"""Lets replies follow the comments that they answer into another case: a merge, a split, a moved comment.

Whoever approves, sends or freezes holds the reply and then the case; so does whoever moves comments
(`lock_replies`), or the two would wait for each other.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User
from amends.cases.models import Case, CaseStatus
from amends.cases.transitions import NotPossible, may_move, move_case
from amends.replies.models import Reply
from amends.replies.queries import OPEN_REPLIES, open_reply


def lock_replies(cases: Collection[int]) -> frozenset[int]:
    """Hold the replies of some cases until the transaction ends, before the cases; says which they are."""
    rows = Reply.objects.select_for_update(of=("self",)).filter(case__in=cases).order_by("pk")
    return frozenset(rows.values_list("pk", flat=True))


def replies_follow(
    comments: Collection[int], to: Case, *, held: frozenset[int], by: User, now: datetime
) -> None:
    """In the caller's transaction, which holds the replies and then the cases; deliveries and approvals hang
    on the reply. Raises NotPossible where one was begun since the replies were `held`.

    A draft goes along where the other case has none and knows what the matter is; else NotPossible.
    """
    moved = Reply.objects.filter(comment__in=comments).exclude(case=to)
    if not held.issuperset(moved.values_list("pk", flat=True)):
        raise NotPossible(
            _("Somebody else changed %(case)s in the meantime: look at it again.")
            % {"case": to.public_id}
        )
    draft = moved.filter(status__in=OPEN_REPLIES).select_related("case").first()
    if draft is not None:
        _take_draft(draft, to=to, by=by, now=now)
    moved.update(case=to)


def _take_draft(draft: Reply, *, to: Case, by: User, now: datetime) -> None:
    about = {"from": draft.case.public_id, "to": to.public_id}
    if open_reply(to) is not None:
        raise NotPossible(
            _("%(from)s and %(to)s both have a draft: finish or withdraw one of them first.")
            % about
        )
    to.refresh_from_db(fields=["status"])
    if not may_move(to, to=CaseStatus.DRAFTING):
        raise NotPossible(
            _("%(from)s has a draft and %(to)s no triage yet: confirm the triage there first.")
            % about
        )
    source = Case.objects.get(pk=draft.case_id)
    if source.is_open and may_move(source, to=CaseStatus.TRIAGED):
        move_case(source, to=CaseStatus.TRIAGED, actor=actor_of(by), now=now)
    Case.objects.filter(pk=to.pk).update(comment=draft.comment_id)
    move_case(to, to=CaseStatus.DRAFTING, actor=actor_of(by), now=now)
