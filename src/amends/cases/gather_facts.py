"""What a decision rests on, of one matter and of what went before: people's words before the engine's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from amends.cases.family import family_of
from amends.cases.models import Case, Experience, Lane, Triage, Verdict
from amends.cases.our_word import spoken_since
from amends.cases.triage import FLAGS
from amends.cases.troll_test import TrollStage, latest_test, stage_of_test
from amends.core.playbook.terms import ChannelType, TrollExperience
from amends.core.vocabulary import Category
from amends.inbox.channels import manifest_of
from amends.inbox.models import OrderLink

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


def channel_type(case: Case) -> ChannelType | None:
    """What kind of place the channel is; None for those that bring comments of any place (a file)."""
    place = manifest_of(case.comment.account).place
    return ChannelType(place) if place else None


def needs_personal_data(case: Case, *, said: Mapping[str, Any]) -> bool | None:
    """Whether a complaint or question cannot be solved without; `said` is what `said_or_judged` returns.

    So it is where an order is tied to it, or personal data stands in it. None else: that nobody named an
    order does not mean that nobody will have to. The number in an advertisement asks for no private talk.
    """
    if not said.get("is_complaint") and said.get("category") != Category.QUESTION:
        return None
    if said.get("personal_data"):
        return True
    rows = OrderLink.objects.filter(comment__case_item__case__in=family_of(case))
    return rows.exists() or None


def troll_facts(case: Case) -> dict[str, Any]:
    """What the troll test of the words at hand has come to (K08), by the names of DecisionInput."""
    test = latest_test(case)
    if test is None:
        return {}
    stage = stage_of_test(test)
    if stage == TrollStage.PAST:
        return {}
    answer = getattr(test, "answer", None)
    came: TrollExperience | None
    if answer is not None:
        is_usable = answer.experience == Experience.USABLE
        came = TrollExperience.USABLE if is_usable else TrollExperience.UNUSABLE
    else:
        was_asked = spoken_since(case, since=test.taken_at) is not None
        came = TrollExperience.ASKED if was_asked else None
    return {
        "troll_on_topic": test.is_on_topic,
        "troll_concern": test.has_concern,
        "troll_constructive": test.is_constructive,
        "troll_experience": came,
        "troll_confirmed": stage == TrollStage.CONFIRMED or None,
    }
