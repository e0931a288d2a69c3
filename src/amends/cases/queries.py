"""Reads of cases; `cases_visible_to` is the only door to them for a person, counts included."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from amends.accounts.models import User, Workspace
from amends.accounts.permissions import may_read, may_see_lane
from amends.cases.family import family_of
from amends.cases.models import Case, CaseComment, Hold, Lane
from amends.inbox.models import Author, Comment

MOST_HIDDEN = 999  # cases that a list drops at once because they moved out of sight


def cases_visible_to(user: User, *, workspace: Workspace) -> QuerySet[Case]:
    """Every case of the workspace that this person may know of at all."""
    if not may_read(user, workspace):
        return Case.objects.none()
    return Case.objects.filter(seen_by(user, workspace=workspace))


def seen_by(user: User, *, workspace: Workspace, over: str = "") -> Q:
    """The rule of that door for rows that lead to a case, over `over` (as "comment__case_item__case").

    A join: where `case__in=cases_visible_to(…)` stands, the database lists every case that there is.
    """
    if not may_read(user, workspace):
        return Q(pk__in=())
    path = f"{over}__" if over else ""
    lanes = [lane for lane in Lane.values if may_see_lane(user, workspace, lane)]
    return Q(**{f"{path}workspace": workspace, f"{path}lane__in": lanes})


def items_hidden_from(user: User, *, workspace: Workspace) -> QuerySet[CaseComment]:
    """Which comments belong to cases that this person may not know of; for leaving them out of a thread."""
    return CaseComment.objects.exclude(seen_by(user, workspace=workspace, over="case"))


def hidden_since(user: User, *, workspace: Workspace, since: datetime) -> list[int]:
    """Numbers of cases that have moved out of this person's sight since a moment: a list drops them.

    It tells nothing new: every case was open before it moved.
    """
    if not may_read(user, workspace):
        return []
    hidden = [lane for lane in Lane.values if not may_see_lane(user, workspace, lane)]
    if not hidden:
        return []
    moved = Case.objects.filter(
        workspace=workspace, changed_at__gte=since, lane_changed_at__gte=since, lane__in=hidden
    )
    return list(moved.values_list("number", flat=True)[:MOST_HIDDEN])


def case_or_none(user: User, *, workspace: Workspace, number: int) -> Case | None:
    return (
        cases_visible_to(user, workspace=workspace)
        .select_related(
            "author", "comment__account", "comment__thread", "assignee", "brand", "workspace"
        )
        .filter(number=number)
        .first()
    )


def earlier_cases(case: Case, user: User) -> QuerySet[Case]:
    """Other cases of the same author that this person may see, newest first."""
    return (
        cases_visible_to(user, workspace=case.workspace)
        .filter(author=case.author_id)
        .exclude(Q(pk=case.pk) | Q(merged_into=case.pk))
        .order_by("-number")
    )


def hold_in_force(case: Case) -> Hold | None:
    """What freezes sending: on the case, or on one that was merged into it."""
    return Hold.objects.filter(case__in=family_of(case), lifted_at__isnull=True).first()


def comments_visible_to(user: User, *, workspace: Workspace) -> QuerySet[Comment]:
    """Every comment of a case that this person may know of, and what else was said in its thread.

    What belongs to a case hidden from them is left out, our answers to it too; so is what nobody has
    judged yet: it may turn out not to be for everybody.
    """
    visible = cases_visible_to(user, workspace=workspace)
    hidden = Case.objects.filter(workspace=workspace).exclude(seen_by(user, workspace=workspace))
    comments = Comment.objects.filter(workspace=workspace)
    of_visible = seen_by(user, workspace=workspace, over="case_item__case")
    around = Q(Exists(visible.filter(thread=OuterRef("thread"))), case_item__isnull=True) & (
        Q(is_ours=True) | Q(is_context=True)
    )
    answers_hidden = Exists(hidden.filter(items__comment=OuterRef("parent")))
    return comments.filter(of_visible | around).exclude(Q(answers_hidden), is_ours=True)


def authors_visible_to(user: User, *, workspace: Workspace) -> QuerySet[Author]:
    """Who wrote something that this person may see."""
    comments = comments_visible_to(user, workspace=workspace)
    return Author.objects.filter(workspace=workspace, pk__in=comments.values("author"))
