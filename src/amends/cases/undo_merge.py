"""Takes a merge back: the merged case has its comments, its status and its clocks again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Min
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User
from amends.accounts.permissions import may_merge, may_see_lane, refuse_unless
from amends.cases.copy_holds import copy_holds
from amends.cases.join_clocks import SHOWN
from amends.cases.merge import ON_ITS_WAY, Follow, lock_two
from amends.cases.models import Case, CaseClock, CaseComment, CaseStatus, Merge
from amends.cases.places import place_key
from amends.cases.transitions import (
    MERGES,
    NotPossible,
    come_back_from_merge,
    log_on_case,
    rest_again,
)
from amends.inbox.models import Comment


def undo_merge(merge: Merge, *, by: User, now: datetime, follow: Follow) -> None:
    """Raises NotPossible while the survivor was itself merged, or sends an answer, or after an undo.

    What the merged case's author wrote at its places since the merge goes back with it. Both stay in the lane
    in which they are: a way out of a restricted one needs a reason (move_lane.py).
    """
    refuse_unless(may_merge(by, merge.merged.workspace), _("merge cases"))
    actor = actor_of(by)
    with transaction.atomic():
        merged, survivor = lock_two(merge.merged, merge.survivor)
        _check(merge, merged=merged, survivor=survivor, by=by)
        comments = _comments_of(merge, survivor=survivor)
        if not Merge.objects.filter(pk=merge.pk, undone_at__isnull=True).update(
            undone_by=by, undone_at=now
        ):
            raise NotPossible(_("This merge was undone before."))
        to = _status_now(merge, comments=comments)
        answered_at = _first_answer(comments)
        come_back_from_merge(merged, to=to, answered_at=answered_at, actor=actor, now=now)
        CaseComment.objects.filter(comment__in=comments).update(case=merged)
        latest = max(comments, key=lambda one: (one.published_at, one.pk))
        Case.objects.filter(pk=merged.pk).update(comment=latest)
        merged.comment = latest
        copy_holds(survivor, to=merged, since=merge.merged_at)
        follow([one.pk for one in comments], merged)
        _restore(survivor, merge=merge, comments=comments, by=by, now=now)
        about = {"merge": merge.pk, "case": merged.public_id}
        log_on_case(survivor, "case.undo_merge", actor=actor, now=now, data=about)
        about = {"merge": merge.pk, "case": survivor.public_id}
        log_on_case(merged, "case.undo_merge", actor=actor, now=now, data=about)


def _check(merge: Merge, *, merged: Case, survivor: Case, by: User) -> None:
    for one in (merged, survivor):
        refuse_unless(may_see_lane(by, one.workspace, one.lane), _("see this case"))
    if merge.undone_at is not None or merged.merged_into_id != survivor.pk:
        raise NotPossible(_("This merge was undone before."))
    about = {"case": survivor.public_id}
    if survivor.merged_into_id is not None:
        raise NotPossible(_("%(case)s was merged itself since: undo that merge first.") % about)
    if survivor.status in ON_ITS_WAY:
        raise NotPossible(
            _("An answer of %(case)s waits for approval or is on its way: let it go out first.")
            % about
        )


def _comments_of(merge: Merge, *, survivor: Case) -> list[Comment]:
    """What moved and is still there, and what was said at the same places since."""
    items = CaseComment.objects.filter(case=survivor).select_related("comment__author")
    here = [item.comment for item in items]
    moved = [one for one in here if one.pk in merge.moved]
    if not moved:
        raise NotPossible(_("The comments of this merge were moved elsewhere since."))
    stayed = {
        place_key(one)
        for one in here
        if one.pk not in merge.moved and one.observed_at <= merge.merged_at
    }
    places = {place_key(one) for one in moved} - stayed
    moved += [one for one in here if one.pk not in merge.moved and place_key(one) in places]
    if len(moved) == len(here):
        raise NotPossible(_("Nothing would be left in the other case."))
    return moved


def _status_now(merge: Merge, *, comments: list[Comment]) -> CaseStatus:
    """As it stood, unless its comments were answered meanwhile or new words came."""
    latest = max(comments, key=lambda one: (one.published_at, one.pk))
    before = MERGES[CaseStatus(merge.before["merged"]["status"])]
    answered = CaseComment.objects.filter(comment=latest, answered_at__isnull=False).exists()
    if answered:
        return CaseStatus.ANSWERED
    if before == CaseStatus.ANSWERED:  # they wrote again since
        return CaseStatus.TRIAGED if merge.merged.triages.exists() else CaseStatus.NEW
    return before


def _first_answer(comments: list[Comment]) -> datetime | None:
    answered = CaseComment.objects.filter(comment__in=comments, answered_at__isnull=False)
    first: datetime | None = answered.aggregate(at=Min("answered_at"))["at"]
    return first


def _restore(
    survivor: Case, *, merge: Merge, comments: list[Comment], by: User, now: datetime
) -> None:
    """What the merge changed about the survivor, as far as nobody changed it since."""
    was = merge.before["survivor"]
    values: dict[str, Any] = {
        "priority": was["priority"],
        "next_step": "decide_again",
        "due_at": now,
    }
    rows = CaseComment.objects.filter(case=survivor).select_related("comment")
    left = list(rows.order_by("-comment__published_at"))
    if survivor.comment_id in {one.pk for one in comments}:
        values["comment_id"] = left[0].comment_id
    if survivor.first_replied_at is None or was["first_replied_at"] is not None:
        values["clock_started_at"] = _moment(was["clock_started_at"])
        values["first_replied_at"] = _moment(was["first_replied_at"]) or _first_answer(
            [item.comment for item in left]
        )
        rested = was["status"] in {CaseStatus.ANSWERED, CaseStatus.WAITING_FOR_CUSTOMER}
        is_answered = rested or all(item.answered_at is not None for item in left)
        if is_answered and survivor.status in {CaseStatus.NEW, CaseStatus.TRIAGED}:
            rest_again(survivor, actor=actor_of(by), now=now)
        _restore_clocks(survivor, clocks=was["clocks"])
    Case.objects.filter(pk=survivor.pk).update(changed_at=now, **values)
    for name, value in values.items():
        setattr(survivor, name, value)


def _restore_clocks(survivor: Case, *, clocks: dict[str, dict[str, Any]]) -> None:
    for kind, row in clocks.items():
        values = {
            name: row[name] if name == "warned" else _moment(row[name])
            for name in (*SHOWN, "paused_at")
        }
        CaseClock.objects.update_or_create(case=survivor, kind=kind, defaults=values)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
