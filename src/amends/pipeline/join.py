"""Merging, splitting and moving comments for the pages: the case, and the replies that go along.

The order of locks, here and everywhere: replies, private conversations, requests for approval, cases,
authors; of several rows of a kind the one with the smallest key first. Whoever breaks it lets two people
wait for each other until the database ends one of them.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from amends.accounts.models import User
from amends.cases.merge import Follow, merge_cases
from amends.cases.models import Case, Merge
from amends.cases.split import attach_comment, split_case
from amends.cases.transitions import NotPossible
from amends.cases.undo_merge import undo_merge
from amends.inbox.models import Comment
from amends.replies.follow_comments import lock_replies, replies_follow
from amends.replies.queries import has_private_talk


def merge(case: Case, *, into: Case, by: User, now: datetime, reason: str = "") -> Merge:
    """End a case in another one."""
    with transaction.atomic():
        follow = _follow(case, into, by=by, now=now, ends=case)
        return merge_cases(case, into=into, reason=reason, by=by, now=now, follow=follow)


def unmerge(row: Merge, *, by: User, now: datetime) -> None:
    """Take a merge back."""
    with transaction.atomic():
        undo_merge(row, by=by, now=now, follow=_follow(row.merged, row.survivor, by=by, now=now))


def split(case: Case, *, comments: Collection[int], by: User, now: datetime) -> Case:
    """A new case of some comments of this one."""
    with transaction.atomic():
        follow = _follow(case, by=by, now=now)
        return split_case(case, comments=comments, by=by, now=now, follow=follow)


def attach(comment: Comment, *, source: Case, to: Case, by: User, now: datetime) -> None:
    """Give one comment to the case that it belongs to."""
    with transaction.atomic():
        follow = _follow(source, to, by=by, now=now)
        attach_comment(comment, source=source, to=to, by=by, now=now, follow=follow)


def _follow(*cases: Case, by: User, now: datetime, ends: Case | None = None) -> Follow:
    """What goes along, in the verb's transaction; a case that is talked about in private is not ended.

    Holds the replies of the cases from here on: replies before cases, as everywhere.
    """
    held = lock_replies([case.pk for case in cases])

    def go_along(comments: Collection[int], to: Case) -> None:
        if ends is not None and has_private_talk(ends, now=now):
            raise NotPossible(
                _("%(case)s is talked about in private: let that case take over the other one.")
                % {"case": ends.public_id}
            )
        replies_follow(comments, to, held=held, by=by, now=now)

    return go_along
