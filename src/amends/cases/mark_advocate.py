"""Counts customers who stand up for the brand (K39, S4.25): counted, never written to or scripted."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User
from amends.accounts.permissions import may_triage, refuse_unless
from amends.cases.models import Advocate, Case, Verdict
from amends.cases.queries import items_hidden_from
from amends.cases.transitions import NotPossible, log_on_case
from amends.core.read_once import read_once
from amends.core.vocabulary import Sentiment
from amends.inbox.models import Comment


def mark_advocate(
    comment: Comment, *, case: Case, is_advocate: bool, by: User, now: datetime
) -> Advocate:
    """Note that a comment of the thread defends the brand, or take that back. Raises NotPossible."""
    refuse_unless(may_triage(by, case.workspace), _("mark who defends us"))
    if comment.thread_id != case.comment.thread_id or comment.pk not in set(
        thread_comments_visible_to(by, case=case).values_list("pk", flat=True)
    ):
        raise NotPossible(_("This comment does not stand in the conversation."))
    if comment.is_ours:
        raise NotPossible(_("This is our own word: nobody defends us there."))
    with transaction.atomic():
        mark = Advocate.objects.create(
            workspace_id=case.workspace_id,
            comment=comment,
            is_advocate=is_advocate,
            marked_by=by,
            marked_at=now,
        )
        about = {"comment": comment.pk, "is_advocate": is_advocate}
        log_on_case(case, "thread.advocate", actor=actor_of(by), now=now, data=about)
    return mark


def thread_comments_visible_to(user: User, *, case: Case) -> QuerySet[Comment]:
    """The comments of the thread without those of cases that are hidden from this person."""
    thread = case.comment.thread_id
    hidden = items_hidden_from(user, workspace=case.workspace).filter(comment__thread=thread)
    return Comment.objects.filter(thread=thread).exclude(pk__in=hidden.values("comment"))


@read_once
def advocate_comments(user: User, *, case: Case) -> set[int]:
    """Keys of the comments in which somebody defends the brand, by the latest word of people."""
    marks = Advocate.objects.filter(comment__in=thread_comments_visible_to(user, case=case))
    latest = marks.values("comment").annotate(last=Max("pk")).values("last")
    standing = Advocate.objects.filter(pk__in=latest, is_advocate=True)
    return set(standing.values_list("comment_id", flat=True))


def count_advocates(user: User, *, case: Case) -> int:
    """How many customers of the thread defend the brand."""
    comments = Comment.objects.filter(pk__in=advocate_comments(user, case=case))
    return comments.values("author").distinct().count()


def suggest_advocates(user: User, *, case: Case) -> set[int]:
    """Comments that a person may want to look at: a kind answer of one author to another's negative word."""
    answers = thread_comments_visible_to(user, case=case).filter(
        is_ours=False, parent__isnull=False, parent__is_ours=False
    )
    pairs = list(answers.values_list("pk", "author_id", "parent_id", "parent__author_id"))
    said = _sentiments({pk for pk, *_rest in pairs} | {parent for _pk, _who, parent, _to in pairs})
    return {
        pk
        for pk, author, parent, to in pairs
        if author != to
        and said.get(pk) == Sentiment.POSITIVE
        and said.get(parent) == Sentiment.NEGATIVE
    }


def _sentiments(comments: set[int]) -> dict[int, str]:
    """What the engine said of the latest version of each."""
    rows = Verdict.objects.filter(version__comment__in=comments).order_by(
        "version__occurred_at", "version__key", "created_at", "pk"
    )
    return dict(rows.values_list("version__comment_id", "sentiment"))
