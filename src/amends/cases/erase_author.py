"""Erases what an author said and who they are, on every channel that confirmed links tie together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User
from amends.accounts.permissions import may_erase, refuse_unless
from amends.cases.erase import Held, erase_comment
from amends.cases.link_authors import same_person
from amends.cases.models import IdentityLink
from amends.cases.transitions import NotPossible
from amends.inbox.models import Author, Comment
from amends.record.log import Subject, log_action


@dataclass(frozen=True, slots=True)
class Erased:
    """How many comments lost their words, and how many a legal hold keeps."""

    comments: int
    held: int


def erase_author(author: Author, *, reason: str, by: User, now: datetime) -> Erased:
    """Raises NotPossible without a reason. While a hold keeps words, the name stays with them."""
    refuse_unless(may_erase(by, author.workspace), _("erase words"))
    if not reason.strip():
        raise NotPossible(_("Say why the words are erased: it is all that will be left to read."))
    authors = same_person(author.pk)
    erased = held = 0
    kept: set[int] = set()
    for comment in Comment.objects.filter(author__in=authors, is_ours=False).order_by("pk"):
        try:
            erased += erase_comment(comment, reason=reason, by=by, now=now) > 0
        except Held:
            held += 1
            kept.add(comment.author_id)
    with transaction.atomic():
        for pk in authors:
            _erase_name(pk, is_kept=pk in kept, by=by, now=now, author=author)
    return Erased(erased, held)


def _erase_name(pk: int, *, is_kept: bool, by: User, now: datetime, author: Author) -> None:
    if not is_kept:
        Author.objects.filter(pk=pk).update(
            handle=f"erased-{pk}", display_name="", url="", followers=None
        )
    IdentityLink.objects.filter(first=pk).update(reason="")
    IdentityLink.objects.filter(second=pk).update(reason="")
    log_action(
        "author.erase",
        workspace_id=author.workspace_id,
        actor=actor_of(by),
        subject=Subject("author", str(pk), f"author {pk}"),
        now=now,
        data={"name": "kept" if is_kept else "erased"},
    )
