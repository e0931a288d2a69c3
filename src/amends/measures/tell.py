"""Tells colleagues that a measure or an appeal waits for them, of lanes that they may see."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from amends.accounts.models import Membership, NotificationKind, User, Workspace
from amends.accounts.permissions import may_confirm_measure, may_decide_appeal, may_see_lane
from amends.cases.models import Case
from amends.cases.tell import tell
from amends.measures.models import Appeal, Measure


def tell_confirmers(measure: Measure, *, now: datetime, is_late: bool = False) -> None:
    """Tell everybody who could be the second person."""
    agreed = set(measure.confirmations.values_list("by_id", flat=True))
    people = _people(
        measure.case, may=may_confirm_measure, apart_from={measure.acted_by_id, *agreed}
    )
    stage = "late" if is_late else f"w{measure.warned}"
    _tell(
        people,
        case=measure.case,
        now=now,
        key=f"measure:{measure.pk}:{stage}",
        facts={"what": "confirm", "is_late": is_late, "kind": measure.kind},
    )


def tell_if_by_hand(measure: Measure, *, now: datetime) -> None:
    """Tell those who may that its time is over, and that the channel waits for a person to end it."""
    if Measure.objects.filter(pk=measure.pk, status="undoing", next_step="").exists():
        _tell(
            _people(measure.case, may=may_confirm_measure, apart_from=set()),
            case=measure.case,
            now=now,
            key=f"measure:{measure.pk}:end",
            facts={"what": "end", "is_late": False, "kind": measure.kind},
        )


def tell_appeal_deciders(appeal: Appeal, *, now: datetime, is_late: bool = False) -> None:
    """Tell everybody who may decide and was not involved; where there is nobody else, all who may."""
    case = appeal.measure.case
    everybody = _people(case, may=may_decide_appeal, apart_from=set())
    involved = involved_in(appeal.measure)
    people = [one for one in everybody if one.pk not in involved] or everybody
    _tell(
        people,
        case=case,
        now=now,
        key=f"appeal:{appeal.pk}:{'late' if is_late else appeal.warned}",
        facts={"what": "appeal", "is_late": is_late},
    )


def involved_in(measure: Measure) -> set[int]:
    """Who asked for it or agreed to it."""
    return {measure.acted_by_id, *measure.confirmations.values_list("by_id", flat=True)}


def _people(
    case: Case, *, may: Callable[[User, Workspace], bool], apart_from: set[int]
) -> list[User]:
    members = Membership.objects.filter(
        workspace=case.workspace_id, is_active=True, user__is_active=True
    ).select_related("user")
    return [
        one.user
        for one in members
        if one.user_id not in apart_from
        and may(one.user, case.workspace)
        and may_see_lane(one.user, case.workspace, case.lane)
    ]


def _tell(
    people: Iterable[User], *, case: Case, now: datetime, key: str, facts: dict[str, object]
) -> None:
    about = {"case": case.public_id, **facts}
    for person in people:
        tell(person, case=case, kind=NotificationKind.MEASURE, now=now, key=key, facts=about)
