"""Strikes as the playbook hears them (K21, G11): earlier, standing, of what this case may tell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from amends.cases.decide import gather_inputs
from amends.cases.models import Case
from amends.core.clock import ScriptedClock
from amends.measures.ladder import DECAY
from amends.measures.models import Measure
from amends.measures.settle import confirm_by_hand
from amends.measures.strikes import count_strikes
from amends.measures.undo import take_back
from amends.pipeline.runner import run_until_idle
from tests.support.measures import HATE, Bench

pytestmark = pytest.mark.django_db
MakeCase = Callable[..., Case]


@pytest.fixture
def measure(bench: Bench, rude_case: Case) -> Measure:
    made = bench.ask(rude_case, "hide", "filthy idiot", HATE)
    bench.agree(made)
    confirm_by_hand(made, by=bench.actor, clock=bench.desk.clock)
    return Measure.objects.get(pk=made.pk)


@pytest.fixture
def later(measure: Measure, make_case: MakeCase, clock: ScriptedClock) -> Case:
    """The same author writes elsewhere, an hour after the measure."""
    clock.advance(timedelta(hours=1))
    return make_case("And you again!", external_id="later-1", at=clock.now())


def test_a_measure_counts_against_later_words_of_its_author(measure: Measure, later: Case) -> None:
    assert later.author_id == measure.author_id
    assert count_strikes(later) == 1
    assert gather_inputs(later, verdict=None, strikes=count_strikes).strikes == 1


def test_nobody_asked_is_unknown_and_not_none(later: Case) -> None:
    assert gather_inputs(later, verdict=None).strikes is None


def test_a_measure_never_counts_against_the_words_it_was_taken_for(measure: Measure) -> None:
    assert count_strikes(measure.case) == 0


def test_words_that_were_there_before_the_measure_bear_no_strike(
    measure: Measure, make_case: MakeCase
) -> None:
    earlier = make_case(
        "You again!", external_id="e-1", at=measure.comment.published_at - timedelta(hours=1)
    )
    assert count_strikes(earlier) == 0


def test_a_strike_decays(measure: Measure, make_case: MakeCase, clock: ScriptedClock) -> None:
    clock.advance(DECAY + timedelta(days=1))
    assert count_strikes(make_case("Hello", external_id="y-1", at=clock.now())) == 0


def test_a_measure_that_is_taken_back_is_no_strike_and_open_cases_are_decided_again(
    measure: Measure, later: Case, bench: Bench
) -> None:
    run_until_idle(bench.desk)
    before = later.decisions.count()
    take_back(measure, reason="Wrong person.", by=bench.second, now=bench.now)
    assert count_strikes(later) == 0
    run_until_idle(bench.desk)
    assert later.decisions.count() == before + 1
    assert later.decisions.latest("pk").inputs["strikes"] == 0


def test_an_open_case_tells_nothing_of_measures_in_restricted_ones(
    measure: Measure, later: Case
) -> None:
    Case.objects.filter(pk=measure.case_id).update(lane="threat")
    assert count_strikes(later) == 0
    Case.objects.filter(pk=later.pk).update(lane="threat")
    later.refresh_from_db()
    assert count_strikes(later) == 1
