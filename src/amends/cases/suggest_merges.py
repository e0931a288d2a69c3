"""Other open cases that may be the same matter, each with its reasons; a person merges, never the desk.

Precision before recall: a number that both texts name, nearly the same words, or the same author (over
confirmed links) with the same kind of matter within two days. Everything is looked up by index and
bounded, so that opening a case costs the same whatever the size of the desk.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User
from amends.accounts.permissions import may_merge, may_see_lane, refuse_unless
from amends.cases.link_authors import same_person
from amends.cases.models import Case, CaseComment, NotTheSame, Trace, TraceKind
from amends.cases.note_traces import digest_of
from amends.cases.queries import cases_visible_to
from amends.cases.transitions import NotPossible, log_on_case
from amends.inbox.models import Comment
from amends.inbox.queries import last_words, versions_of
from amends_engine.lint.similarity import similarity
from amends_engine.text.references import find_references

WINDOW = timedelta(days=30)
SAME_AUTHOR_WINDOW = timedelta(days=2)
ALIKE_FROM = 0.8
MOST_ITEMS, MOST_MET, MOST_COMPARED, MOST_SHOWN = 12, 60, 12, 3
WEIGHTS = {"same_order": 3, "near_copy": 2, "same_author": 1}


@dataclass(slots=True)
class Suggestion:
    """A case and why it may be the same: codes of WEIGHTS; `number` begins the number that both name."""

    case: Case
    reasons: list[str] = field(default_factory=list)
    number: str = ""

    @property
    def weight(self) -> int:
        return sum(WEIGHTS[one] for one in self.reasons)


def suggest_merges(case: Case, *, user: User) -> list[Suggestion]:
    """The likeliest first, none that a person called another matter, none that this person may not see."""
    if not case.is_open or not may_merge(user, case.workspace):
        return []
    comments = _latest_comments(case)
    found: dict[int, list[tuple[str, str]]] = {}
    for key, number in _same_numbers(case, comments=comments).items():
        found.setdefault(key, []).append(("same_order", number))
    for key in _near_copies(case, comments=comments):
        found.setdefault(key, []).append(("near_copy", ""))
    for key in _same_author(case, user=user):
        found.setdefault(key, []).append(("same_author", ""))
    return _shown(case, found=found, user=user)


def say_not_the_same(case: Case, *, other: Case, by: User, now: datetime) -> None:
    """Remember that two cases are two matters; saying it twice changes nothing."""
    refuse_unless(may_merge(by, case.workspace), _("merge cases"))
    for one in (case, other):
        refuse_unless(may_see_lane(by, one.workspace, one.lane), _("see this case"))
    if case.pk == other.pk or case.workspace_id != other.workspace_id:
        raise NotPossible(_("Name the other case with the same matter, such as C-12."))
    with transaction.atomic():
        _row, is_new = NotTheSame.objects.get_or_create(
            workspace_id=case.workspace_id,
            first_id=min(case.pk, other.pk),
            second_id=max(case.pk, other.pk),
            defaults={"said_by": by, "said_at": now},
        )
        if is_new:
            about = {"other": other.pk}
            log_on_case(case, "case.not_the_same", actor=actor_of(by), now=now, data=about)


def _latest_comments(case: Case) -> list[Comment]:
    items = CaseComment.objects.filter(case=case).select_related("comment")
    return [item.comment for item in items.order_by("-comment__published_at")[:MOST_ITEMS]]


def _met(case: Case, kind: TraceKind, *, digests: list[str]) -> list[tuple[str, int, int]]:
    """Digest, comment and case of what bears one of these traces within the window, newest first."""
    at = case.comment.published_at
    rows = Trace.objects.filter(
        workspace=case.workspace_id,
        kind=kind,
        digest__in=digests,
        at__gte=at - WINDOW,
        at__lte=at + WINDOW,
        comment__case_item__isnull=False,
    ).exclude(comment__case_item__case=case)
    return list(
        rows.order_by("-at").values_list("digest", "comment", "comment__case_item__case")[:MOST_MET]
    )


def _same_numbers(case: Case, *, comments: list[Comment]) -> dict[int, str]:
    values = {
        digest_of(TraceKind.ORDER, one.value): one.value
        for comment in comments
        for one in find_references(_words(comment))
    }
    if not values:
        return {}
    met = _met(case, TraceKind.ORDER, digests=list(values))
    return {key: values[digest][:4] for digest, _comment, key in met}


def _near_copies(case: Case, *, comments: list[Comment]) -> set[int]:
    own = Trace.objects.filter(comment__in=comments, kind=TraceKind.NEAR)
    digests = list(own.values_list("digest", flat=True))
    if not digests:
        return set()
    cases = {comment: key for _d, comment, key in _met(case, TraceKind.NEAR, digests=digests)}
    texts = [_words(comment) for comment in comments]
    near = set()
    for comment in Comment.objects.filter(pk__in=list(cases)[:MOST_COMPARED]):
        words = _words(comment)
        if any(similarity(words, text) >= ALIKE_FROM for text in texts if text):
            near.add(cases[comment.pk])
    return near


def _same_author(case: Case, *, user: User) -> set[int]:
    """Open cases of the same person about the same kind of matter, at nearly the same time."""
    at = case.comment.published_at
    rows = cases_visible_to(user, workspace=case.workspace).filter(
        author__in=same_person(case.author_id),
        closed_at__isnull=True,
        category=case.category,
        clock_started_at__gte=at - SAME_AUTHOR_WINDOW,
        clock_started_at__lte=at + SAME_AUTHOR_WINDOW,
    )
    if not case.category:
        return set()
    return set(rows.exclude(pk=case.pk).values_list("pk", flat=True)[:MOST_COMPARED])


def _shown(case: Case, *, found: dict[int, list[tuple[str, str]]], user: User) -> list[Suggestion]:
    if not found:
        return []
    denied = NotTheSame.objects.filter(Q(first=case) | Q(second=case))
    others = {key for pair in denied.values_list("first", "second") for key in pair}
    rows = cases_visible_to(user, workspace=case.workspace).filter(
        pk__in=set(found) - others,
        closed_at__isnull=True,
        merged_into__isnull=True,
        brand=case.brand_id,
    )
    suggestions = [
        Suggestion(
            one,
            [reason for reason, _number in found[one.pk]],
            next((number for _reason, number in found[one.pk] if number), ""),
        )
        for one in rows.select_related("author", "comment__account")
    ]
    suggestions.sort(key=lambda one: (-one.weight, -one.case.number))
    return suggestions[:MOST_SHOWN]


def _words(comment: Comment) -> str:
    words = last_words(versions_of(comment))
    return words.text if words else ""
