"""What a decision rests on beside triage: the kind of place, and whether a private talk is needed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from amends.cases.decide import gather_inputs, recommend
from amends.cases.gather_facts import needs_personal_data
from amends.cases.models import Case
from amends.connectors import registry
from amends.core.playbook.terms import ChannelType
from amends.inbox.models import ChannelAccount, OrderLink
from amends.pipeline.desk import Desk

pytestmark = pytest.mark.django_db
MakeCase = Callable[..., Case]
COMPLAINT = {"is_complaint": True, "category": "business_error"}
QUESTION = {"is_complaint": False, "category": "question"}


@pytest.mark.parametrize("kind", sorted(registry.manifests()))
def test_every_channel_says_what_kind_of_place_it_is_or_that_it_may_be_any(kind: str) -> None:
    place = registry.manifest(kind).place
    assert not place or ChannelType(place)


@pytest.mark.parametrize(
    ("kind", "place"), [("sandbox", "social"), ("bluesky", "social"), ("manual", None)]
)
def test_the_playbook_hears_what_kind_of_place_it_is(
    make_case: MakeCase, kind: str, place: str | None
) -> None:
    case = make_case()
    ChannelAccount.objects.update(kind=kind)
    assert gather_inputs(Case.objects.get(pk=case.pk), verdict=None).channel_type == place


@pytest.mark.parametrize("said", [COMPLAINT, QUESTION])
def test_a_matter_with_an_order_or_personal_data_in_it_needs_a_private_talk(
    make_case: MakeCase, said: dict[str, Any]
) -> None:
    """S3.21: what cannot be solved without personal data moves into private, and says so."""
    case = make_case()
    assert needs_personal_data(case, said=said) is None
    assert needs_personal_data(case, said={**said, "personal_data": True}) is True
    OrderLink.objects.create(comment=case.comment, reference="LB-20931")
    assert needs_personal_data(case, said=said) is True


@pytest.mark.parametrize("category", ["spam", "praise"])
def test_the_number_in_an_advertisement_asks_for_no_private_talk(
    make_case: MakeCase, category: str
) -> None:
    said = {"is_complaint": False, "category": category, "personal_data": True}
    assert needs_personal_data(make_case(), said=said) is None


def test_the_order_of_a_complaint_leads_into_private(
    make_case: MakeCase, desk: Desk, colleagues: Any, now: datetime
) -> None:
    """D12, on the way from a comment to its decision."""
    case = make_case("Kargom nerede?")
    colleagues.triage(case)
    assert "needs_personal_data" not in inputs_of(case)
    assert "OFF" not in strategy_of(case)
    OrderLink.objects.create(comment=case.comment, reference="LB-20931")
    recommend(case, playbook=desk.playbook(case.workspace_id), now=now)
    assert inputs_of(case)["needs_personal_data"] is True
    assert "OFF" in strategy_of(case)


def inputs_of(case: Case) -> dict[str, Any]:
    inputs: dict[str, Any] = case.decisions.latest("pk").inputs
    return inputs


def strategy_of(case: Case) -> list[str]:
    strategy: list[str] = case.decisions.latest("pk").decision["strategy"]
    return strategy
