"""Reach (K34, S1.18, R39): on the whole way, from a stored author to the clocks, fame never costs anybody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amends.cases.decide import recommend
from amends.cases.models import Case
from amends.inbox.models import Author
from amends.pipeline.desk import Desk
from tests.support.desk import FORM, Colleagues

pytestmark = pytest.mark.django_db
CLOCKS = ("first_reply_due_at", "progress_due_at", "resolution_due_at")
followers = st.none() | st.integers(0, 50_000_000)
forms = st.fixed_dictionaries(
    {
        "category": st.sampled_from(
            ["business_error", "vague", "praise", "general_negativity", "spam", "question"]
        ),
        "severity": st.sampled_from(["low", "medium", "high", "critical"]),
        "arousal": st.sampled_from(["low", "high"]),
        "is_complaint": st.booleans(),
    }
)


@given(few=followers, many=followers, changes=forms)
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_more_followers_never_make_a_clock_later(
    make_case: Callable[..., Case],
    colleagues: Colleagues,
    desk: Desk,
    few: int | None,
    many: int | None,
    changes: dict[str, object],
) -> None:
    case = Case.objects.first() or make_case()
    colleagues.triage(case, replace(FORM, **changes))  # type: ignore[arg-type]
    few, many = sorted((few, many), key=lambda count: count or 0)
    slow, fast = (clocks_of(case, count=count, desk=desk) for count in (few, many))
    for before, after in zip(slow, fast, strict=True):
        # No clock at all for the little known never turns into a later one for the famous.
        assert before is None or (after is not None and after <= before)


def test_an_author_with_ten_followers_has_exactly_the_clock_of_the_complaint_alone(
    make_case: Callable[..., Case], colleagues: Colleagues, desk: Desk
) -> None:
    case = make_case()
    for severity in ("low", "medium", "high", "critical"):
        colleagues.triage(case, replace(FORM, severity=severity, arousal="high"))
        assert clocks_of(case, count=10, desk=desk) == clocks_of(case, count=None, desk=desk)


def clocks_of(case: Case, *, count: int | None, desk: Desk) -> list[object]:
    """The due times of a case when its author has so many followers."""
    Author.objects.filter(pk=case.author_id).update(followers=count)
    fresh = Case.objects.get(pk=case.pk)
    with transaction.atomic():
        recommend(fresh, playbook=desk.playbook(fresh.workspace_id), now=desk.clock.now())
    stored = Case.objects.get(pk=case.pk)
    return [getattr(stored, name) for name in CLOCKS]
