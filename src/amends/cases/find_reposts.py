"""Finds what may be words once more that were taken away: by the same person or anybody, within a time.

Sameness of the words decides, never that of the person: whoever was refused may complain later like
anybody. What is nearer to the old words without the passages that broke a rule is not found: then somebody
says their criticism again and left the insult out, as we ask for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from amends.cases.link_authors import same_person
from amends.cases.models import Trace, TraceKind
from amends.inbox.models import Comment, Version
from amends.inbox.queries import last_words, versions_of
from amends_engine.lint.similarity import similarity

ALIKE_FROM = 0.8
ALIKE_FROM_SAME_AUTHOR = 0.6  # whoever says it again changes more of it
MOST = 60


@dataclass(frozen=True, slots=True)
class Near:
    """A comment with nearly the words that were looked for; the person by confirmed links."""

    comment: Comment
    is_same_author: bool


def find_reposts(
    version: Version,
    *,
    broken: Iterable[Sequence[int]],
    since: datetime,
    until: datetime,
    known: Iterable[int] = (),
) -> list[Near]:
    """Comments of the workspace published in between, with a case, that are not `known`, oldest first.

    `broken` are the passages that broke the rule: [start, end] in code points of the version's text.
    """
    gone = version.comment
    people = same_person(gone.author_id)
    bands = Trace.objects.filter(comment=gone, kind=TraceKind.NEAR).values_list("digest", flat=True)
    traced = Trace.objects.filter(
        workspace=gone.workspace_id,
        kind=TraceKind.NEAR,
        digest__in=list(bands),
        at__gte=since,
        at__lte=until,
    )
    rows = Comment.objects.filter(
        Q(author__in=people) | Q(pk__in=traced.values("comment")),
        workspace=gone.workspace_id,
        is_ours=False,
        published_at__gte=since,
        published_at__lte=until,
        case_item__isnull=False,
    ).exclude(pk__in=[gone.pk, *known])
    found = []
    for comment in rows.order_by("published_at", "pk")[:MOST]:
        is_same = comment.author_id in people
        words = last_words(versions_of(comment))
        if words is not None and says_again(
            words.text, of=version.text, broken=broken, is_same_author=is_same
        ):
            found.append(Near(comment, is_same))
    return found


def says_again(
    text: str, *, of: str, broken: Iterable[Sequence[int]], is_same_author: bool
) -> bool:
    """Whether a text is nearly another one, and nearer to it than to what is left without `broken`."""
    if not text.strip() or not of.strip():
        return False
    alike = similarity(of, text)
    if alike < (ALIKE_FROM_SAME_AUTHOR if is_same_author else ALIKE_FROM):
        return False
    rest = _without(of, broken=broken)
    return not rest or similarity(rest, text) < alike


def _without(text: str, *, broken: Iterable[Sequence[int]]) -> str:
    kept = list(text)
    for start, end in broken:
        kept[start:end] = [""] * (min(end, len(text)) - start)
    return "".join(kept).strip()
