"""Step 4, decide: the playbook's recommendation, the case it is for, and its clocks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from amends.cases.family import family_of
from amends.cases.gather_facts import (
    channel_type,
    failures_before,
    needs_personal_data,
    said_or_judged,
    troll_facts,
)
from amends.cases.gather_signs import matter_facts, name_facts, order_facts, thread_facts
from amends.cases.join_clocks import most_urgent
from amends.cases.link_authors import propose_links
from amends.cases.models import Case, Decision, Triage, Verdict
from amends.cases.note_traces import note_traces
from amends.cases.open import case_for
from amends.cases.plan_clocks import set_clocks
from amends.cases.route import ask_for_route
from amends.cases.triage import latest_triage, verdict_on, words_to_judge
from amends.cases.wake import wake_for_customer
from amends.cases.watch_clock import WATCH_CLOCK
from amends.cases.watch_thread import note_fight, thread_state
from amends.core.clock import Clock
from amends.core.playbook.decide import decide as ask_playbook
from amends.core.playbook.inputs import DecisionInput
from amends.core.playbook.rules import Playbook
from amends.core.playbook.terms import ChannelOwner
from amends.core.read_once import read_once
from amends.inbox.models import Comment, Version
from amends.work.claim import Claim, finish

CountStrikes = Callable[[Case], int]
"""Measures lie above the cases, so who asks the playbook brings their count along; unknown without it."""


def decide(
    claim: Claim[Version],
    *,
    clock: Clock,
    playbook: Playbook,
    strikes: CountStrikes | None = None,
) -> None:
    """A new version gets its case and a preliminary recommendation."""
    version = claim.row
    now = clock.now()
    with transaction.atomic():
        case = case_for(version.comment, now=now)
        wake_for_customer(case, now=now)
        note_fight(case, now=now)
        note_traces(version)
        propose_links(version.comment.author, now=now)
        recommend(case, playbook=playbook, now=now, strikes=strikes)
        finish(claim, next_step="freeze", due_at=now)


def decide_again(
    claim: Claim[Case], *, clock: Clock, playbook: Playbook, strikes: CountStrikes | None = None
) -> None:
    """What a person confirmed changes the recommendation and the clocks."""
    case = claim.row
    now = clock.now()
    with transaction.atomic():
        due_at = recommend(case, playbook=playbook, now=now, strikes=strikes)
        finish(claim, next_step=WATCH_CLOCK if due_at else "", due_at=due_at)


def recommend(
    case: Case, *, playbook: Playbook, now: datetime, strikes: CountStrikes | None = None
) -> datetime | None:
    """Store a Decision, set priority and clocks; returns when to look at the clocks again.

    In the caller's transaction: the case is read anew and held, since people work on it meanwhile.
    """
    case.refresh_from_db(from_queryset=Case.objects.select_for_update())
    version = words_to_judge(case)
    verdict = verdict_on(version) if version else None
    inputs = gather_inputs(case, verdict=verdict, strikes=strikes)
    decision = ask_playbook(inputs, playbook=playbook)
    Decision.objects.create(
        workspace_id=case.workspace_id,
        case=case,
        verdict=verdict,
        triage=latest_triage(case),
        rule_id=decision.rule_id,
        priority=decision.priority,
        approval=decision.approval,
        playbook=decision.playbook.name,
        playbook_version=decision.playbook.version,
        playbook_digest=decision.playbook.digest,
        decision=decision.to_json(),
        inputs=inputs.to_json(),
        created_at=now,
    )
    case.priority = most_urgent(decision.priority, *_priorities_taken_over(case))
    case.category = inputs.category or ""
    case.severity = inputs.severity or ""
    case.language = inputs.language or "und"
    ask_for_route(case, now=now)
    return set_clocks(case, playbook=playbook, now=now)


def _priorities_taken_over(case: Case) -> list[str]:
    """A case is no less urgent than what was merged into it."""
    taken = Case.objects.filter(pk__in=family_of(case)).exclude(pk=case.pk)
    return list(taken.values_list("priority", flat=True))


def gather_inputs(
    case: Case, *, verdict: Verdict | None, strikes: CountStrikes | None = None
) -> DecisionInput:
    """What is known: the person's word where there is one, else the engine's; unknown stays unknown."""
    assessment = verdict.assessment if verdict else {}
    triage = latest_triage(case)
    said = said_or_judged(triage, verdict=verdict)
    if strikes is not None:
        said["strikes"] = strikes(case)
    for facts in (
        matter_facts(triage),
        order_facts(case),
        thread_facts(case),
        name_facts(case, triage=triage),
    ):
        said |= facts
    return DecisionInput(
        language=assessment.get("language", {}).get("code"),
        followers=case.comment.author.followers,
        prior_failures=failures_before(case),
        thread_state=thread_state(case),
        # What we said to this author: a busy thread holds many answers to others.
        turns_public=Comment.objects.filter(
            thread=case.comment.thread_id, is_ours=True, parent__author=case.comment.author_id
        ).count(),
        channel_owner=ChannelOwner.OWN_PAGE,
        tagged=True,
        addressed_to_us=True,
        triage_is_current=_is_current(case, triage=triage),
        **troll_facts(case),
        channel_type=channel_type(case),
        needs_personal_data=needs_personal_data(case, said=said),
        **said,
    )


def _is_current(case: Case, *, triage: Triage | None) -> bool | None:
    """Whether a person judged exactly the words that stand there now; None before anybody did."""
    words = words_to_judge(case)
    return None if triage is None or words is None else triage.version_id == words.pk


@read_once
def latest_decision(case: Case) -> Decision | None:
    return case.decisions.order_by("-created_at", "-pk").first()
