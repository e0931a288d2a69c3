"""Spares the people who read hostile words (K35): what is hostile, who has had enough, and passing on.

Nothing here is a figure about a person: the count of a day is shown to them alone, routing reads it to
let hostile cases go round, and a case that was handed over looks like any that went back to the queue.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User, Workspace
from amends.accounts.permissions import may_assign, may_triage, refuse_unless
from amends.cases.assign import assign_case
from amends.cases.models import (
    Case,
    HostileDay,
    HostileMark,
    PassedOn,
    Verdict,
    WelfareChoice,
)
from amends.cases.transitions import NotPossible, log_on_case
from amends.core.vocabulary import Flag, PolicyGround
from amends.inbox.models import Comment

HOSTILE_GROUNDS = frozenset(
    {PolicyGround.THREAT, PolicyGround.SEXUAL, PolicyGround.HATE, PolicyGround.DOXXING}
)
HOSTILE_FLAG = Flag.OFFENSIVE.value


def hostile_among(comments: Collection[int]) -> set[int]:
    """Keys of the comments that are hard to look at: by a person's mark, else by the engine's word."""
    found: dict[int, bool] = {}
    rows = Verdict.objects.filter(version__comment__in=comments).order_by("created_at", "pk")
    for key, said in rows.values_list("version__comment", "assessment"):
        found[key] = _is_hostile(said)  # the latest verdict of a comment counts
    marks = HostileMark.objects.filter(comment__in=comments)
    found |= dict(marks.values_list("comment", "is_hostile"))
    return {key for key, is_hostile in found.items() if is_hostile}


def mark_hostile(
    comment: Comment, *, case: Case, is_hostile: bool, by: User, now: datetime
) -> None:
    """Say that a comment is hard to look at, or that it is not."""
    refuse_unless(may_triage(by, case.workspace), _("mark what is hard to look at"))
    with transaction.atomic():
        HostileMark.objects.update_or_create(
            comment=comment,
            defaults={
                "workspace_id": case.workspace_id,
                "is_hostile": is_hostile,
                "marked_by": by,
                "marked_at": now,
            },
        )
        about = {"comment": comment.pk, "is_hostile": is_hostile}
        log_on_case(case, "case.mark_hostile", actor=actor_of(by), now=now, data=about)


def folds_hostile(user: User) -> bool:
    """Whether hostile words wait behind "show" for this person."""
    folds = WelfareChoice.objects.filter(user=user).values_list("folds_hostile", flat=True).first()
    return True if folds is None else folds


def veiled_for(user: User, *, comments: Collection[int]) -> set[int]:
    """Keys of the comments whose words this person is not shown before they ask: lists, search, pages.

    Pictures of a hostile comment are veiled whatever the person chose: ask `hostile_among` for those.
    """
    return hostile_among(comments) if comments and folds_hostile(user) else set()


def choose_folding(user: User, *, folds: bool) -> None:
    """The person's own choice; nobody else reads it, so it is not logged."""
    WelfareChoice.objects.update_or_create(user=user, defaults={"folds_hostile": folds})


def note_hostile_taken_on(case: Case, *, by: User, now: datetime) -> None:
    """Count a hostile case whose triage this person was first to confirm; in the caller's transaction."""
    if case.triages.filter(confirmed_by=by).count() != 1 or not hostile_among([case.comment_id]):
        return
    row, _is_new = HostileDay.objects.get_or_create(
        workspace_id=case.workspace_id, user=by, day=now.date()
    )
    HostileDay.objects.filter(pk=row.pk).update(count=F("count") + 1)


def hostile_today(user: User, *, workspace: Workspace, now: datetime) -> int:
    """How many hostile cases a person took on today: for routing, and for nobody's eyes but theirs."""
    rows = HostileDay.objects.filter(user=user, workspace=workspace, day=now.date())
    return rows.values_list("count", flat=True).first() or 0


def hostile_loads(workspace_id: int, *, now: datetime) -> dict[int, int]:
    """The same of everybody, by the key of the person: for routing alone."""
    rows = HostileDay.objects.filter(workspace=workspace_id, day=now.date())
    return dict(rows.values_list("user", "count"))


def passed_on_by(case: Case) -> set[int]:
    """Keys of the people to whom routing must not bring this case again."""
    return set(PassedOn.objects.filter(case=case).values_list("user", flat=True))


def pass_on(case: Case, *, by: User, now: datetime) -> None:
    """Give one's own case back without a word; raises NotPossible for somebody else's."""
    refuse_unless(may_assign(by, case.workspace), _("assign cases"))
    if case.assignee_id != by.pk:
        raise NotPossible(_("This case is not yours to pass on."))
    with transaction.atomic():
        assign_case(case, to=None, by=by, now=now)
        PassedOn.objects.get_or_create(case=case, user=by, defaults={"at": now})


def _is_hostile(said: dict[str, object]) -> bool:
    flags, ground = said.get("flags"), said.get("policy_ground")
    is_flagged = isinstance(flags, dict) and bool(flags.get(HOSTILE_FLAG))
    label = ground.get("label") if isinstance(ground, dict) else None
    return is_flagged or label in HOSTILE_GROUNDS
