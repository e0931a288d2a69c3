"""What a merge must not loosen: private talks, legal holds, restricted lanes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from amends.accounts.models import User
from amends.cases.hold_legally import legal_hold_on
from amends.cases.models import Case, LegalHold
from amends.cases.move_lane import move_lane
from amends.cases.transitions import NotPossible
from amends.connectors.kit.events import InboundAuthor
from amends.pipeline.join import merge, unmerge
from tests.support.desk import Colleagues
from tests.support.private import Customer

pytestmark = pytest.mark.django_db
CAN = InboundAuthor("a-2", "can", "Can")


@pytest.fixture
def pair(make_case: Callable[..., Case]) -> tuple[Case, Case]:
    return make_case("Kargom nerede?"), make_case("Kargom hâlâ gelmedi", author=CAN)


def anew(case: Case) -> Case:
    return Case.objects.select_related("workspace", "comment__thread").get(pk=case.pk)


def test_a_case_that_is_talked_about_in_private_takes_over_and_is_not_ended(
    pair: tuple[Case, Case], customer: Customer, colleagues: Colleagues, agent: User, now: datetime
) -> None:
    first, other = pair
    colleagues.triage(first)
    customer.write(anew(first))
    with pytest.raises(NotPossible, match="in private"):
        merge(anew(first), into=other, by=agent, now=now)
    assert anew(first).merged_into_id is None
    merge(other, into=anew(first), by=agent, now=now)
    assert anew(other).merged_into_id == first.pk


def test_a_hold_on_the_survivor_keeps_what_was_merged_into_it(
    pair: tuple[Case, Case], agent: User, lead: User, now: datetime
) -> None:
    survivor, merged = pair
    merge(merged, into=survivor, by=agent, now=now)
    LegalHold.objects.create(
        workspace=survivor.workspace,
        case=survivor,
        reason="A letter of their lawyer",
        counsel=lead,
        review_on=now.date(),
        placed_by=lead,
        placed_at=now,
    )
    assert legal_hold_on(anew(merged)) is not None


def test_a_lane_named_on_the_merged_page_is_that_of_the_matter(
    pair: tuple[Case, Case], agent: User, lead: User, now: datetime
) -> None:
    survivor, merged = pair
    merge(merged, into=survivor, by=agent, now=now)
    move_lane(anew(merged), to="legal", reason="", by=lead, now=now)
    assert {anew(survivor).lane, anew(merged).lane} == {"legal"}


def test_taking_a_merge_back_opens_nothing_that_was_restricted(
    pair: tuple[Case, Case], lead: User, now: datetime
) -> None:
    survivor, merged = pair
    move_lane(anew(merged), to="legal", reason="", by=lead, now=now)
    row = merge(anew(merged), into=anew(survivor), by=lead, now=now)
    unmerge(row, by=lead, now=now)
    assert {anew(survivor).lane, anew(merged).lane} == {"legal"}
