"""Looks at the thread of a case as a whole: where it stands, and whether its authors fight (K38)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User
from amends.accounts.permissions import may_triage, refuse_unless
from amends.cases.find_fight import MIN_TURNS, FightSigns, Turn, find_fight
from amends.cases.models import Case, CaseComment, Fight, Lane, Triage, Verdict
from amends.cases.our_word import spoken_since
from amends.cases.transitions import NotPossible, log_on_case
from amends.cases.triage import words_to_judge
from amends.core.playbook.terms import ThreadState
from amends.core.vocabulary import GoneCause
from amends.inbox.models import Comment, Version
from amends.inbox.queries import latest_version
from amends.record.log import WORKER, Actor

MOST_TURNS = 60  # the newest ones of a long thread


def thread_state(case: Case) -> ThreadState | None:
    """Where the conversation stands, as the playbook asks; None where nothing of it matters.

    A fight is told to one case of the thread only, and until its one note is written.
    """
    fight = fight_of(case)
    if fight is not None and fight.case_id == case.pk and not has_note(fight):
        return ThreadState.FIGHT
    latest = latest_version(case.comment)
    if latest is not None and latest.is_tombstone and latest.gone_cause == GoneCause.AUTHOR:
        return ThreadState.DELETED_BY_AUTHOR
    words = words_to_judge(case)
    triage = Triage.objects.filter(case=case).order_by("-confirmed_at", "-pk").first()
    if words is not None and triage is not None and triage.version_id != words.pk:
        is_same = Version.objects.filter(pk=triage.version_id, comment=words.comment_id).exists()
        if is_same:
            return ThreadState.EDITED
    return ThreadState.REOPENED if case.reopened else None


def note_fight(case: Case, *, now: datetime) -> Fight | None:
    """Note a fight in the thread of a case, once; in the caller's transaction.

    Restricted cases neither note one nor count as turns: nothing of them shows in an open one.
    """
    if case.lane != Lane.OPEN or fight_of(case) is not None:
        return None
    comments = Comment.objects.filter(thread=case.thread_id, is_ours=False)
    if comments.count() < MIN_TURNS:
        return None
    turns, matter = read_turns(case)
    signs = find_fight(turns, matter=matter)
    return None if signs is None else _note(case, signs=signs, by=None, now=now)


def mark_fight(case: Case, *, by: User, now: datetime) -> Fight:
    """A person sees a fight that the signs do not show. Raises NotPossible where one is noted already."""
    refuse_unless(may_triage(by, case.workspace), _("say that this is a fight"))
    if case.lane != Lane.OPEN or fight_of(case) is not None:
        raise NotPossible(_("The fight in this conversation is noted already."))
    turns, _matter = read_turns(case)
    theirs = [one for one in turns if not one.is_ours]
    authors = len({one.author for one in theirs})
    if authors < 2:
        raise NotPossible(_("Only one author writes here: this is no fight among commenters."))
    with transaction.atomic():
        return _note(case, signs=FightSigns(authors, len(theirs), 0, 0), by=by, now=now)


def fight_of(case: Case) -> Fight | None:
    """The fight that was noted in the thread of a case."""
    return Fight.objects.filter(thread=case.thread_id).select_related("case").first()


def has_note(fight: Fight) -> bool:
    """Whether we have said something in the thread since the fight was noted: one note is all there is."""
    return spoken_since(fight.case, since=fight.found_at) is not None


def read_turns(case: Case, *, after: datetime | None = None) -> tuple[list[Turn], str]:
    """The turns of a thread in order, and what it was about: its root and who spoke to us first.

    With `after` only what was written later is a turn; the matter stays that of the whole thread.
    """
    words = Version.objects.select_related("content").defer("content__payload")
    words = words.filter(is_tombstone=False).order_by("occurred_at", "key")
    hidden = CaseComment.objects.filter(comment__thread=case.thread_id).exclude(
        case__lane=Lane.OPEN
    )
    found = (
        Comment.objects.filter(thread=case.thread_id)
        .exclude(pk__in=hidden.values("comment"))
        .select_related("parent", "brand")
        .prefetch_related(
            Prefetch("versions", queryset=words, to_attr="ordered_versions"),
            Prefetch(
                "ordered_versions__verdicts",
                queryset=Verdict.objects.order_by("created_at", "pk"),
                to_attr="ordered_verdicts",
            ),
        )
        .order_by("-published_at", "-id")[:MOST_TURNS]
    )
    comments = list(reversed(found))
    turns = [_turn(one) for one in comments if after is None or one.published_at > after]
    opening = [
        _words(one) for one in comments if one.is_ours or one.parent is None or one.parent.is_ours
    ]
    return turns, " ".join([case.brand.name, *opening])


def _turn(comment: Comment) -> Turn:
    versions: list[Version] = comment.ordered_versions  # type: ignore[attr-defined]
    verdicts: list[Verdict] = versions[-1].ordered_verdicts if versions else []  # type: ignore[attr-defined]
    return Turn(
        author=str(comment.author_id),
        to=str(comment.parent.author_id) if comment.parent else None,
        text=_words(comment),
        is_ours=comment.is_ours,
        is_heated=_heat(verdicts[-1]) if verdicts else None,
    )


def _heat(verdict: Verdict) -> bool:
    said = verdict.assessment
    is_upset = said.get("arousal", {}).get("label") == "high"
    return is_upset or bool(said.get("flags", {}).get("offensive"))


def _words(comment: Comment) -> str:
    versions: list[Version] = comment.ordered_versions  # type: ignore[attr-defined]
    return versions[-1].text if versions else ""


def _note(case: Case, *, signs: FightSigns, by: User | None, now: datetime) -> Fight:
    fight, is_new = Fight.objects.get_or_create(
        thread_id=case.thread_id,
        defaults={
            "workspace_id": case.workspace_id,
            "case": case,
            "turns": signs.turns,
            "authors": signs.authors,
            "found_by": by,
            "found_at": now,
        },
    )
    if is_new:
        actor: Actor = WORKER if by is None else actor_of(by)
        about = {"authors": signs.authors, "turns": signs.turns}
        log_on_case(case, "thread.fight", actor=actor, now=now, data=about)
    return fight
