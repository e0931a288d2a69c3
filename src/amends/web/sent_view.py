"""A reply that was sent: what was approved beside what the channel shows."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch

from amends.core.diff import Change, Piece, diff_words
from amends.inbox.models import Comment, Version
from amends.replies.models import Delivery, Reply, ReplyRevision


@dataclass(frozen=True, slots=True)
class SentView:
    """`state`: same, differs, gone (it stands there no more), erased, or unseen (not captured so far)."""

    reply: Reply
    delivery: Delivery
    state: str
    approved: str
    pieces: tuple[Piece, ...] = ()
    version: Version | None = None

    @property
    def approved_pieces(self) -> tuple[Piece, ...]:
        return tuple(one for one in self.pieces if one.change != Change.ADDED)

    @property
    def shown_pieces(self) -> tuple[Piece, ...]:
        return tuple(one for one in self.pieces if one.change != Change.REMOVED)


def read_sent(replies: Sequence[Reply]) -> tuple[SentView, ...]:
    """The sent replies of a case, each compared; three queries, however many there are."""
    if not replies:
        return ()
    approved = _approved_texts(replies)
    ours = _ours(replies)
    return tuple(
        _compare(
            one,
            approved=approved.get(one.pk, one.text),
            ours=ours.get((one.delivery.account_id, one.delivery.external_id)),
        )
        for one in replies
    )


def _compare(reply: Reply, *, approved: str, ours: Comment | None) -> SentView:
    versions: list[Version] = getattr(ours, "ordered_versions", [])
    latest = versions[-1] if versions else None
    view = SentView(reply=reply, delivery=reply.delivery, state="unseen", approved=approved)
    if latest is None:
        return view
    if latest.is_tombstone:
        return _as(view, state="gone", version=latest)
    if not latest.text and approved:
        return _as(view, state="erased", version=latest)
    if _plain(latest.text) == _plain(approved):
        return _as(view, state="same", version=latest)
    pieces = diff_words(_plain(approved), new=_plain(latest.text))
    return _as(view, state="differs", version=latest, pieces=pieces)


def _as(
    view: SentView, *, state: str, version: Version, pieces: tuple[Piece, ...] = ()
) -> SentView:
    return SentView(
        reply=view.reply,
        delivery=view.delivery,
        state=state,
        approved=view.approved,
        pieces=pieces,
        version=version,
    )


def _plain(text: str) -> str:
    """Without what no reader sees: composed letters, blanks at the ends of lines, kinds of line ends."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def _approved_texts(replies: Sequence[Reply]) -> dict[int, str]:
    """The revision to which the approval was given, by reply: later edits of the row would not count."""
    wanted = {one.delivery.approval.reply_id: one.delivery.approval.revision for one in replies}
    rows = ReplyRevision.objects.filter(reply__in=wanted, number__in=set(wanted.values()))
    found = rows.values_list("reply_id", "number", "text")
    return {reply: text for reply, number, text in found if wanted[reply] == number}


def _ours(replies: Sequence[Reply]) -> dict[tuple[int, str], Comment]:
    ids = {one.delivery.external_id for one in replies if one.delivery.external_id}
    versions = Version.objects.select_related("content").order_by("occurred_at", "pk")
    rows = Comment.objects.filter(
        account__in={one.delivery.account_id for one in replies}, external_id__in=ids, is_ours=True
    ).prefetch_related(Prefetch("versions", queryset=versions, to_attr="ordered_versions"))
    return {(one.account_id, one.external_id): one for one in rows}
