"""Gathers what a language model may know of a reply, with personal data taken out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from amends.accounts.change_brand_profile import brand_profile_in_force
from amends.accounts.models import User
from amends.cases.decide import latest_decision
from amends.cases.models import Lane
from amends.inbox.channels import manifest_of
from amends.inbox.models import Author, Comment
from amends.inbox.queries import last_words
from amends.replies.lint import gather_context, language_of
from amends.replies.mask import AUTHOR, WRITER, Mask
from amends.replies.models import Reply
from amends.replies.prompt import Brief, write_instructions

BEFORE = 6  # words of the thread before the comment
LONGEST = 600  # characters of each


@dataclass(frozen=True, slots=True)
class Briefing:
    """The brief as it leaves, the mask that undoes it, and our own texts, which a reply may repeat."""

    brief: Brief
    mask: Mask
    known: tuple[str, ...]
    instructions: str


def read_briefing(reply: Reply, *, facts: Sequence[str], by: User, now: datetime) -> Briefing:
    """What is known; the same rows give the same stand-ins, so that a later round understands them."""
    case = reply.case
    context = gather_context(reply, now=now)
    profile = brand_profile_in_force(case.brand)
    author = reply.comment.author
    before = _before(reply.comment)
    mask = Mask(_names(reply, before=before, by=by, promised=context["promises"]))
    promises = [f"{one['text']} ({one['owner']}, {one['due']})" for one in context["promises"]]
    brief = Brief(
        comment=mask.hide(reply.version.text),
        language=language_of(reply),
        components=tuple(context.get("required", ())),
        thread=[mask.hide(words) for _author, words in before],
        facts=[mask.hide(one) for one in facts],
        promises=[mask.hide(one) for one in promises],
        banned=_banned(reply),
        address=str(context.get("address", "")),
        voice=mask.hide(profile.voice) if profile else "",
        avoided=tuple(profile.avoided) if profile else (),
        fault_share=context.get("fault_share"),
        is_public=manifest_of(reply.account).public,
        limit=manifest_of(reply.account).max_reply_chars,
    )
    known = (*facts, *promises, author.display_name, f"@{author.handle}", by.name)
    return Briefing(brief, mask, known, write_instructions(brief))


def _names(
    reply: Reply,
    *,
    before: Sequence[tuple[Author, str]],
    by: User,
    promised: Sequence[Mapping[str, str]],
) -> dict[str, str]:
    """Every name that can stand in what leaves, with its stand-in; the author's own comes first."""
    author = reply.comment.author
    names = {author.display_name: AUTHOR, author.handle: AUTHOR, by.name: WRITER}
    others = [one for one, _words in before if one.pk != author.pk]
    for number, one in enumerate(dict.fromkeys(others), start=1):
        names.setdefault(one.display_name, f"{{{{PERSON_{number}}}}}")
        names.setdefault(one.handle, f"{{{{PERSON_{number}}}}}")
    for number, owner in enumerate(dict.fromkeys(one["owner"] for one in promised), start=1):
        names.setdefault(owner, f"{{{{COLLEAGUE_{number}}}}}")
    return names


def _before(comment: Comment) -> list[tuple[Author, str]]:
    """Who wrote what last in the thread before the comment, oldest first; what is gone is left out.

    Only our own words and those of cases that everybody here may see: what lies in a restricted lane, or
    was judged by nobody yet, does not leave.
    """
    of_open_case = Q(case_item__case__lane=Lane.OPEN)
    # An answer of ours to somebody in a restricted lane tells of the matter as well.
    ours = Q(is_ours=True) & (
        Q(parent=None) | Q(parent__is_ours=True) | Q(parent__case_item__case__lane=Lane.OPEN)
    )
    earlier = (
        Comment.objects.filter(thread=comment.thread_id, published_at__lt=comment.published_at)
        .filter(of_open_case | ours)
        .select_related("author")
        .order_by("-published_at", "-pk")
        .prefetch_related("versions__content")[:BEFORE]
    )
    said = []
    for one in reversed(earlier):
        words = last_words(sorted(one.versions.all(), key=lambda v: (v.occurred_at, v.key)))
        if words is not None and words.text.strip():
            said.append((one.author, words.text[:LONGEST]))
    return said


def _banned(reply: Reply) -> tuple[str, ...]:
    decision = latest_decision(reply.case)
    return tuple(decision.decision.get("forbid", ())) if decision else ()
