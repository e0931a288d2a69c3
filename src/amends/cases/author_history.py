"""What a person may know of an author: comments, cases and links, without what lies in hidden lanes."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet

from amends.accounts.models import User, Workspace
from amends.accounts.permissions import may_read
from amends.cases.models import Advocate, Case
from amends.cases.queries import cases_visible_to, items_hidden_from
from amends.inbox.models import Author, Comment


def comments_visible_to(
    user: User, *, workspace: Workspace, authors: Collection[int]
) -> QuerySet[Comment]:
    """The comments of some authors, newest first; what belongs to a hidden case is not among them."""
    rows = Comment.objects.filter(workspace=workspace, author__in=authors, is_ours=False)
    if not may_read(user, workspace):
        return rows.none()
    hidden = items_hidden_from(user, workspace=workspace).filter(comment__author__in=authors)
    return rows.exclude(pk__in=hidden.values("comment")).order_by("-published_at", "-pk")


def author_or_none(user: User, *, workspace: Workspace, pk: int) -> Author | None:
    """The author, if this person may see any comment of theirs: a name alone may tell too much."""
    author = Author.objects.filter(workspace=workspace, pk=pk).select_related("workspace").first()
    if author is None:
        return None
    seen = comments_visible_to(user, workspace=workspace, authors=[pk])
    return author if seen.exists() else None


def cases_of_authors(
    user: User, *, workspace: Workspace, authors: Collection[int]
) -> QuerySet[Case]:
    """The cases that these authors began, newest first."""
    rows = cases_visible_to(user, workspace=workspace).filter(author__in=authors)
    return rows.select_related("comment__account", "merged_into").order_by("-number")


def times_advocate(user: User, *, workspace: Workspace, authors: Collection[int]) -> int:
    """In how many visible comments the author stands up for us, by the latest word of people."""
    comments = comments_visible_to(user, workspace=workspace, authors=authors)
    marks = Advocate.objects.filter(comment__in=comments.order_by().values("pk")).order_by("pk")
    latest = dict(marks.values_list("comment_id", "is_advocate"))
    return sum(latest.values())
