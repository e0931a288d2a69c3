"""The conversation around a case as the page shows it: comments in order, versions with differences."""

from __future__ import annotations

from dataclasses import dataclass, replace

from amends.accounts.models import User
from amends.cases.models import Case
from amends.cases.queries import items_hidden_from
from amends.cases.welfare import hostile_among
from amends.core.diff import Piece, diff_words
from amends.inbox.models import Attachment, AttachmentFile, Comment, FileState, Version
from amends.inbox.queries import comments_of_thread, last_words
from amends.inbox.read_picture import THUMB_SIDE
from amends.web import labels

AROUND = 12  # comments before and after the one in question that are shown


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version: its rank (v1 is the oldest), and what changed since the one before."""

    version: Version
    rank: int
    text: str
    pieces: tuple[Piece, ...]
    gone: str  # who removed it, in words; empty for a version with words
    attachments: tuple[AttachmentView, ...]

    @property
    def is_redacted(self) -> bool:
        return bool(self.version.content and self.version.content.is_redacted)


@dataclass(frozen=True, slots=True)
class AttachmentView:
    """What is told of an attachment; the picture itself is never loaded from a stranger's server."""

    attachment: Attachment
    label: str
    name: str
    file: AttachmentFile | None
    why: str  # why there are no bytes, in words

    @property
    def is_picture(self) -> bool:
        return self.file is not None and self.file.is_image

    @property
    def is_download(self) -> bool:
        return self.file is not None and self.file.state == FileState.KEPT and not self.is_picture

    @property
    def is_pending(self) -> bool:
        return self.file is not None and self.file.state == FileState.PENDING

    @property
    def thumb_size(self) -> tuple[int, int]:
        """Width and height of the thumbnail, so that nothing moves when it arrives."""
        if self.file is None or not self.file.is_image:
            return 0, 0
        scale = min(THUMB_SIDE / self.file.width, THUMB_SIDE / self.file.height, 1.0)
        return max(round(self.file.width * scale), 1), max(round(self.file.height * scale), 1)


@dataclass(frozen=True, slots=True)
class Item:
    """A comment of the conversation."""

    comment: Comment
    versions: tuple[VersionView, ...]
    is_subject: bool
    is_hostile: bool = False  # its pictures are veiled, its words folded for who wants that

    @property
    def latest(self) -> VersionView | None:
        """How it stands now, a tombstone included."""
        return self.versions[-1] if self.versions else None

    @property
    def words(self) -> VersionView | None:
        """The last version with words."""
        return next((one for one in reversed(self.versions) if not one.gone), None)

    @property
    def is_gone(self) -> bool:
        return bool(self.latest and self.latest.gone)

    @property
    def is_edited(self) -> bool:
        return sum(not one.gone for one in self.versions) > 1


@dataclass(frozen=True, slots=True)
class Conversation:
    """The thread around the case's comment; `hidden_*` count what is left out at both ends."""

    before: tuple[Item, ...]
    subject: Item
    after: tuple[Item, ...]
    hidden_before: int
    hidden_after: int

    @property
    def count(self) -> int:
        return self.hidden_before + len(self.before) + len(self.after) + self.hidden_after


def read_conversation(case: Case, *, user: User) -> Conversation:
    """The conversation as this person may see it, without what belongs to cases hidden from them."""
    hidden = _hidden_comments(case, user)
    comments = [
        comment
        for comment in comments_of_thread(case.comment.thread)
        if comment.pk == case.comment_id or comment.pk not in hidden
    ]
    place = next(
        (rank for rank, comment in enumerate(comments) if comment.pk == case.comment_id), None
    )
    if place is None:  # the case's comment stands in another thread: it is shown alone
        comments, place = [case.comment], 0
    first, last = max(place - AROUND, 0), place + 1 + AROUND
    before = [_item(one) for one in comments[first:place]]
    if first > 0:  # the post that began it all is always worth seeing
        before.insert(0, _item(comments[0]))
    after = [_item(one) for one in comments[place + 1 : last]]
    subject = _item(comments[place], is_subject=True)
    hostile = hostile_among([one.comment.pk for one in (*before, subject, *after)])
    return Conversation(
        before=tuple(_veil(one, hostile=hostile) for one in before),
        subject=_veil(subject, hostile=hostile),
        after=tuple(_veil(one, hostile=hostile) for one in after),
        hidden_before=max(first - 1, 0),
        hidden_after=max(len(comments) - last, 0),
    )


def view_versions(versions: list[Version]) -> tuple[VersionView, ...]:
    """Versions (oldest first) with their ranks, differences and attachments."""
    views = []
    for rank, version in enumerate(versions, start=1):
        earlier = last_words(versions[: rank - 1])
        views.append(
            VersionView(
                version=version,
                rank=rank,
                text=version.text,
                pieces=_pieces(earlier, version),
                gone=labels.label_of(labels.GONE, version.gone_cause or "unknown")
                if version.is_tombstone
                else "",
                attachments=tuple(_attachment(one) for one in version.attachments.all()),
            )
        )
    return tuple(views)


def rank_of(versions: list[Version], pk: int) -> int:
    """Which v-number a version has; 0 for one that is not among them."""
    return next((rank for rank, one in enumerate(versions, start=1) if one.pk == pk), 0)


def _veil(item: Item, *, hostile: set[int]) -> Item:
    return replace(item, is_hostile=True) if item.comment.pk in hostile else item


def _item(comment: Comment, *, is_subject: bool = False) -> Item:
    versions: list[Version] | None = getattr(comment, "ordered_versions", None)
    if versions is None:
        versions = list(
            comment.versions.select_related("content")
            .prefetch_related("attachments__file")
            .order_by("occurred_at", "key")
        )
    return Item(
        comment=comment,
        versions=view_versions(versions),
        is_subject=is_subject,
    )


def _pieces(earlier: Version | None, version: Version) -> tuple[Piece, ...]:
    if earlier is None or version.is_tombstone:
        return ()
    return diff_words(earlier.text, new=version.text)


def _attachment(attachment: Attachment) -> AttachmentView:
    path = attachment.url.partition("?")[0].rstrip("/")
    file = getattr(attachment, "file", None)
    is_missing = file is not None and file.state in {FileState.REFUSED, FileState.GONE}
    return AttachmentView(
        attachment=attachment,
        file=file,
        why=labels.label_of(labels.FILE_REASONS, file.reason) if is_missing and file else "",
        label=labels.label_of(labels.ATTACHMENTS, attachment.kind),
        name=path.rpartition("/")[2][:80] or attachment.url[:80],
    )


def _hidden_comments(case: Case, user: User) -> frozenset[int]:
    """Comments of the thread that belong to cases of a lane that this person may not see."""
    hidden = items_hidden_from(user, workspace=case.workspace)
    hidden = hidden.filter(comment__thread=case.comment.thread_id)
    return frozenset(hidden.values_list("comment", flat=True))
