"""Reads of the inbox; `…_visible_to` is the only door to rows for a person."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Prefetch, QuerySet

from amends.accounts.models import Brand, User, Workspace
from amends.accounts.permissions import may_import, may_read
from amends.core.read_once import read_once
from amends.inbox.models import (
    ChannelAccount,
    Comment,
    FileImport,
    Mention,
    MentionQuery,
    Thread,
    Version,
)


def channel_accounts_visible_to(user: User, *, workspace: Workspace) -> QuerySet[ChannelAccount]:
    accounts = ChannelAccount.objects.filter(workspace=workspace).select_related("brand")
    return accounts if may_read(user, workspace) else accounts.none()


def brands_visible_to(user: User, *, workspace: Workspace) -> QuerySet[Brand]:
    brands = Brand.objects.filter(workspace=workspace).order_by("name", "pk")
    return brands if may_read(user, workspace) else brands.none()


def imports_visible_to(user: User, *, workspace: Workspace) -> QuerySet[FileImport]:
    """Imported files, the latest first."""
    rows = FileImport.objects.filter(workspace=workspace).select_related("brand", "asked_by")
    return rows.order_by("-asked_at", "-pk") if may_import(user, workspace) else rows.none()


def mention_queries_visible_to(user: User, *, brand: Brand) -> QuerySet[MentionQuery]:
    """All versions of what counts as a mention of a brand, the one in force first."""
    rows = MentionQuery.objects.filter(brand=brand).select_related("changed_by", "brand")
    return rows.order_by("-version") if may_read(user, brand.workspace) else rows.none()


def mention_query_in_force(brand_id: int) -> MentionQuery | None:
    return MentionQuery.objects.filter(brand_id=brand_id).order_by("-version").first()


def mention_of(version: Version) -> Mention | None:
    """By what the words of a version were found; the first time counts."""
    return version.mentions.select_related("mention_query").order_by("pk").first()


def latest_version(comment: Comment) -> Version | None:
    """How the comment stands now, a tombstone included."""
    return (
        comment.versions.select_related("content", "comment")
        .order_by("-occurred_at", "-key")
        .first()
    )


@read_once
def versions_of(comment: Comment) -> list[Version]:
    """All versions, oldest first: the first is v1."""
    return list(
        comment.versions.select_related("content")
        .prefetch_related("attachments__file")
        .order_by("occurred_at", "key")
    )


def last_words(versions: Iterable[Version]) -> Version | None:
    """The latest version that has words: what was said before it was taken down."""
    return next((one for one in reversed(list(versions)) if not one.is_tombstone), None)


def comments_of_thread(thread: Thread) -> QuerySet[Comment]:
    """The conversation in order, each with its versions (oldest first) in `ordered_versions`."""
    ordered = (
        Version.objects.select_related("content")
        .prefetch_related("attachments__file")
        .order_by("occurred_at", "key")
    )
    return (
        Comment.objects.filter(thread=thread)
        .select_related("author", "account", "parent__author")
        .prefetch_related(
            Prefetch("versions", queryset=ordered, to_attr="ordered_versions"), "order_links"
        )
        .order_by("published_at", "id")
    )
