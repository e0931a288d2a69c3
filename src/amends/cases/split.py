"""Makes two cases of one, and gives a comment to the case that it belongs to (K05)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User
from amends.accounts.permissions import may_merge, may_see_lane, refuse_unless
from amends.cases.copy_holds import copy_holds
from amends.cases.merge import ON_ITS_WAY, Follow, lock_two, stricter_of
from amends.cases.models import Case, CaseComment, CaseStatus
from amends.cases.move_lane import put_into_lane
from amends.cases.open import next_number
from amends.cases.transitions import NotPossible, log_on_case
from amends.inbox.models import Comment
from amends.record.log import Subject, log_action


def split_case(
    case: Case, *, comments: Collection[int], by: User, now: datetime, follow: Follow
) -> Case:
    """A new case of some comments (their keys); its clock counts from when the first of them was said.

    Raises NotPossible for none or all of the comments, and while an answer is on its way.
    """
    refuse_unless(may_merge(by, case.workspace), _("split cases"))
    with transaction.atomic():
        held = _hold(case)
        _check(held, by=by)
        items = list(CaseComment.objects.filter(case=held).select_related("comment"))
        chosen = [item.comment for item in items if item.comment_id in set(comments)]
        if not chosen or len(chosen) == len(items):
            raise NotPossible(_("Choose some of the comments, not none and not all of them."))
        made = _open(held, comments=chosen, now=now)
        about = {"case": held.public_id, "comments": [one.pk for one in chosen]}
        log_action(
            "case.open",
            workspace_id=made.workspace_id,
            actor=actor_of(by),
            subject=Subject("case", made.public_id, made.public_id),
            now=now,
            data=about | {"how": "split"},
        )
        _move(chosen, source=held, to=made, now=now, follow=follow)
        copy_holds(held, to=made)
        about["case"] = made.public_id
        log_on_case(held, "case.split", actor=actor_of(by), now=now, data=about)
    return made


def attach_comment(
    comment: Comment, *, source: Case, to: Case, by: User, now: datetime, follow: Follow
) -> None:
    """Move one comment of a case to another case. Raises NotPossible for its only one: merge the cases."""
    refuse_unless(may_merge(by, source.workspace), _("split cases"))
    with transaction.atomic():
        held, other = lock_two(source, to)
        _check(held, by=by)
        _check(other, by=by)
        if held.pk == other.pk or held.workspace_id != other.workspace_id:
            raise NotPossible(_("Name the other case with the same matter, such as C-12."))
        if held.brand_id != other.brand_id:
            raise NotPossible(_("The cases are about two brands, which answer apart."))
        items = CaseComment.objects.filter(case=held)
        if not items.filter(comment=comment).exists():
            raise NotPossible(_("This comment does not belong to the case."))
        if items.count() == 1:
            raise NotPossible(_("This is the only comment of the case: merge the cases instead."))
        lane = stricter_of(held.lane, other.lane)
        put_into_lane(other, lane=lane, how="attach", reason="", actor=actor_of(by), now=now)
        _move([comment], source=held, to=other, now=now, follow=follow)
        copy_holds(held, to=other)
        about = {"comment": comment.pk, "case": other.public_id}
        log_on_case(held, "case.detach", actor=actor_of(by), now=now, data=about)
        about = {"comment": comment.pk, "case": held.public_id}
        log_on_case(other, "case.attach", actor=actor_of(by), now=now, data=about)


def _hold(case: Case) -> Case:
    rows = Case.objects.select_for_update(of=("self",)).select_related("workspace", "comment")
    return rows.get(pk=case.pk)


def _check(case: Case, *, by: User) -> None:
    refuse_unless(may_see_lane(by, case.workspace, case.lane), _("see this case"))
    about = {"case": case.public_id}
    if case.merged_into_id is not None:
        raise NotPossible(_("%(case)s was merged into another case before.") % about)
    if not case.is_open:
        raise NotPossible(_("%(case)s is closed: open it again first.") % about)
    if case.status in ON_ITS_WAY:
        raise NotPossible(
            _("An answer of %(case)s waits for approval or is on its way: let it go out first.")
            % about
        )


def _open(case: Case, *, comments: list[Comment], now: datetime) -> Case:
    first = min(comments, key=lambda one: (one.published_at, one.pk))
    latest = max(comments, key=lambda one: (one.published_at, one.pk))
    is_history = all(one.is_history for one in comments)
    return Case.objects.create(
        workspace_id=case.workspace_id,
        brand_id=case.brand_id,
        number=next_number(case.workspace_id),
        author_id=first.author_id,
        thread_id=first.thread_id,
        comment=latest,
        lane=case.lane,
        priority=case.priority,
        language=case.language,
        assignee_id=case.assignee_id,
        clock_started_at=None if is_history else min(first.published_at, first.observed_at),
        created_at=now,
        changed_at=now,
        next_step="decide_again",
        due_at=now,
    )


def _move(
    comments: list[Comment], *, source: Case, to: Case, now: datetime, follow: Follow
) -> None:
    """The comments change their case; both cases are decided anew, by the words that they have now."""
    keys = [one.pk for one in comments]
    rows = CaseComment.objects.filter(case=source, comment__in=keys)
    if rows.update(case=to, attached_at=now) != len(keys):
        raise NotPossible(
            _("Somebody else changed %(case)s in the meantime: look at it again.")
            % {"case": source.public_id}
        )
    follow(keys, to)
    for case in (source, to):
        _look_anew(case, now=now)


def _look_anew(case: Case, *, now: datetime) -> None:
    """What is answered next, and since when it waits."""
    items = list(
        CaseComment.objects.filter(case=case)
        .select_related("comment")
        .order_by("comment__published_at", "comment_id")
    )
    case.refresh_from_db(fields=["status", "comment", "clock_started_at", "first_replied_at"])
    values: dict[str, object] = {"next_step": "decide_again", "due_at": now, "changed_at": now}
    open_items = [item for item in items if item.answered_at is None]
    here = {item.comment_id for item in items}
    if case.comment_id not in here:
        values["comment"] = (open_items or items)[-1].comment
    waits = case.first_replied_at is None and case.clock_started_at is not None
    if waits and open_items:
        first = open_items[0].comment
        values["clock_started_at"] = min(first.published_at, first.observed_at)
    elif not open_items and case.status == CaseStatus.NEW and case.clock_started_at is not None:
        values["first_replied_at"] = items[-1].answered_at
    Case.objects.filter(pk=case.pk).update(**values)
