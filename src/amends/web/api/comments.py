"""Comments: listed, and one with all its versions."""

from __future__ import annotations

from typing import Annotated

from django.db.models import Prefetch, Q, QuerySet
from ninja import Field, Path, Query, Router, Schema

from amends.cases.queries import comments_visible_to
from amends.inbox.models import Comment, Version
from amends.web.api.find import find_case
from amends.web.api.gate import READ, ApiRequest
from amends.web.api.paging import read_cursor, read_moment, write_cursor
from amends.web.api.problems import Problem
from amends.web.api.shapes import (
    CommentDetailOut,
    CommentOut,
    Key,
    Moment,
    Text,
    read_comment,
)

router = Router(tags=["comments"])
SORT = "observed"


class CommentFilters(Schema):
    """All of them hold at once."""

    case: Annotated[str, Field(pattern="^C-[1-9][0-9]{0,8}$")] | None = None
    author: Key | None = None
    channel: Key | None = None
    external_id: Annotated[Text, Field(max_length=300)] | None = None
    order: Annotated[Text, Field(max_length=100)] | None = None
    observed_since: Moment | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 30
    cursor: Annotated[str, Field(max_length=300)] | None = None


class CommentPageOut(Schema):
    comments: list[CommentOut]
    next: str | None


@router.get("/comments", response=CommentPageOut, auth=READ, summary="List comments")
def list_comments(request: ApiRequest, filters: Query[CommentFilters]) -> CommentPageOut:
    """Comments that this person may see, the latest first; those nobody has judged yet come later."""
    comments = _narrowed(_seen(request), filters, request=request)
    if filters.cursor:
        text, key = read_cursor(filters.cursor, sort=SORT)
        moment = read_moment(text)
        comments = comments.filter(Q(observed_at__lt=moment) | Q(observed_at=moment, pk__lt=key))
    found = list(comments.order_by("-observed_at", "-pk")[: filters.limit + 1])
    shown = found[: filters.limit]
    last = shown[-1] if len(found) > filters.limit else None
    return CommentPageOut(
        comments=[_read(one) for one in shown],
        next=write_cursor(SORT, last.observed_at, last.pk) if last else None,
    )


@router.get(
    "/comments/{comment_id}", response=CommentDetailOut, auth=READ, summary="Read a comment"
)
def get_comment(request: ApiRequest, comment_id: Annotated[Key, Path()]) -> CommentDetailOut:
    """One comment with every version that was captured."""
    found = _seen(request).filter(pk=comment_id).first()
    if found is None:
        raise Problem("not_found", "There is no such comment, or it is not yours to see.")
    return _read(found)


def _seen(request: ApiRequest) -> QuerySet[Comment]:
    versions = (
        Version.objects.select_related("content")
        .prefetch_related("attachments")
        .order_by("occurred_at", "key")
    )
    rows = comments_visible_to(request.user, workspace=request.workspace)
    return rows.select_related("account", "author", "case_item__case").prefetch_related(
        "order_links", Prefetch("versions", queryset=versions, to_attr="ordered_versions")
    )


def _narrowed(
    comments: QuerySet[Comment], wanted: CommentFilters, *, request: ApiRequest
) -> QuerySet[Comment]:
    if wanted.case is not None:
        comments = comments.filter(case_item__case=find_case(request, wanted.case))
    if wanted.order is not None:
        comments = comments.filter(order_links__reference=wanted.order)
    names = {
        "author": wanted.author,
        "account": wanted.channel,
        "external_id": wanted.external_id,
        "observed_at__gte": wanted.observed_since,
    }
    return comments.filter(**{name: value for name, value in names.items() if value is not None})


def _read(comment: Comment) -> CommentDetailOut:
    item = getattr(comment, "case_item", None)
    versions: list[Version] = comment.ordered_versions  # type: ignore[attr-defined]
    return read_comment(comment, versions=versions, case=item.case.public_id if item else None)
