"""What a decision rests on, of one matter and of what went before: people's words before the engine's."""

from __future__ import annotations

from typing import Any

from amends.cases.models import Case, Lane, Triage, Verdict
from amends.cases.triage import FLAGS

BY_PEOPLE = ("author_type", "goal", "speech_level", "fault_basis")


def said_or_judged(triage: Triage | None, *, verdict: Verdict | None) -> dict[str, Any]:
    """The matter by the names of DecisionInput: what was confirmed, else what the engine thinks.

    What people were not asked (older triages) is the engine's word; what only people can know is unknown
    without them.
    """
    assessment = verdict.assessment if verdict else {}
    said = triage or verdict
    names = ("category", "sentiment", "severity", "is_complaint")
    values: dict[str, Any] = {name: getattr(said, name) for name in names} if said else {}
    values["arousal"] = triage.arousal if triage else assessment.get("arousal", {}).get("label")
    ground = assessment.get("policy_ground", {}).get("label")
    values["policy_ground"] = (triage.policy_ground if triage else "") or ground
    judged = assessment.get("flags", {})
    told = triage.flags if triage else None
    for flag in FLAGS:
        values[flag.value] = judged.get(flag) if told is None else flag.value in told
    if triage is not None:
        values |= {name: getattr(triage, name) or None for name in BY_PEOPLE}
        values |= {"fault_share": triage.fault_share, "can_help": triage.can_help}
    return values


def failures_before(case: Case) -> int:
    """Earlier cases of this author in which the fault was ours, in part at least (R30, D5).

    An open case counts open ones only: the number stands on its page, and must not tell of others.
    """
    earlier = Case.objects.filter(
        workspace=case.workspace_id, author=case.author_id, number__lt=case.number
    )
    if case.lane == Lane.OPEN:
        earlier = earlier.filter(lane=Lane.OPEN)
    triages = Triage.objects.filter(case__in=earlier).order_by("confirmed_at", "pk")
    last = dict(triages.values_list("case_id", "fault_share"))
    return sum((share or 0) > 0 for share in last.values())
