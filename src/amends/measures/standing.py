"""The guard's questions put to a stored measure, right before the channel acts: rows are not believed.

A row may have been written by anything that reaches the database. It passes only if the guard would let the
same thing pass now, the evidence is sound and older than the act, the log knows of it, the people still may,
and the second person has agreed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from amends.accounts.permissions import may_measure
from amends.cases.family import survivor_of
from amends.cases.models import CaseComment
from amends.cases.triage import verdict_on
from amends.inbox.queries import latest_version
from amends.measures.clauses import policy_when_posted
from amends.measures.confirm import is_level_met
from amends.measures.guard import Matter, Wanted, objections, read_matter
from amends.measures.ladder import REMOVALS, tier_of
from amends.measures.models import Measure, MeasureKind
from amends.measures.propose import demand_of
from amends.record.keep import is_unaltered
from amends.record.models import ActionLog


def standing_objections(measure: Measure, *, now: datetime) -> tuple[str, ...]:
    """Why this stored measure may not be carried out now, as codes of the guard; empty lets it pass."""
    if measure.kind not in MeasureKind.values:
        return ("no_clause",)
    matter = _matter_of(measure)
    wanted = Wanted.of(measure)
    found = [
        *objections(matter, wanted, now=now, stored=measure),
        *_against_row(measure, matter),
        *_against_people(measure, matter, wanted),
        *_against_capture(measure),
    ]
    if measure.kind in REMOVALS:
        latest = latest_version(measure.comment)
        if latest is None or latest.pk != measure.version_id:
            found.append("comment_changed")
    return tuple(dict.fromkeys(found))


def _matter_of(measure: Measure) -> Matter:
    """The matter about the version that was acted upon, which need not be the latest one."""
    return replace(
        read_matter(measure.case),
        version=measure.version,
        policy=policy_when_posted(measure.version),
        verdict=verdict_on(measure.version),
    )


def _against_row(measure: Measure, matter: Matter) -> list[str]:
    """What the row says of clause and tier must be what the policy says."""
    ground = matter.ground_of(measure.clause)
    policy = matter.policy
    is_sound = (
        policy is not None
        and policy.version.pk == measure.policy_id
        and ground == measure.ground
        and tier_of(ground) == measure.tier
        and measure.version.comment_id == measure.comment_id
        and measure.comment.account_id == measure.account_id
        and measure.comment.author_id == measure.author_id
        and _is_of_the_matter(measure)
    )
    return [] if is_sound else ["no_clause"]


def _is_of_the_matter(measure: Measure) -> bool:
    """Whether what was acted upon stands in the conversations of the case, or of the one it ended in."""
    thread = measure.comment.thread_id
    if measure.case.comment.thread_id == thread:
        return True
    case = survivor_of(measure.case)
    return CaseComment.objects.filter(case=case, comment__thread=thread).exists()


def _against_people(measure: Measure, matter: Matter, wanted: Wanted) -> list[str]:
    found = []
    if not may_measure(measure.acted_by, measure.workspace):
        found.append("person_left")
    asked = ActionLog.objects.filter(
        workspace_id=measure.workspace_id,
        action="measure.propose",
        subject_id=measure.case.public_id,
        actor_id=str(measure.acted_by_id),
        data__measure=measure.pk,
    )
    if not asked.exists():
        found.append("not_in_the_log")
    demand = demand_of(matter, wanted, now=measure.acted_at)
    is_criticism = matter.is_criticism or measure.is_criticism
    is_before = demand.is_before or measure.is_confirmed_before
    level = max(demand.level, measure.level)
    if is_before and not is_level_met(measure, level=level, is_criticism=is_criticism):
        found.append("level_not_met")
    return found


def _against_capture(measure: Measure) -> list[str]:
    evidence = measure.evidence
    if evidence.subject_id != measure.key or evidence.captured_at > measure.acted_at:
        return ["no_evidence"]
    return [] if is_unaltered(evidence.content) else ["evidence_altered"]
