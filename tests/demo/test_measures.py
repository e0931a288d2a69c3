"""The measures of the demonstration: about conduct that a public rule names, in an order that can be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from amends.core.vocabulary import Category
from amends.demo.load import load_script
from amends.demo.measures import STEPS, measure_acts, measured_comments
from amends.demo.team import team_acts

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ACTS = measure_acts(load_script(), now=NOW)


def test_no_criticism_is_acted_upon() -> None:
    """K20: what the demonstration removes is advertising and hate, never a complaint."""
    for act in ACTS:
        assert act.item.truth is not None
        assert act.item.truth.category in {Category.SPAM, Category.ABUSE}
        assert not act.item.truth.is_complaint


def test_every_step_lies_behind_us_and_in_its_order() -> None:
    for name in measured_comments():
        steps = [act for act in ACTS if act.item.id == name]
        assert [act.step for act in steps] == [
            step for step in STEPS if step == "ask" or step in steps[0].entry
        ]
        times = [act.at for act in steps]
        assert times == sorted(times)
        assert times[-1] < NOW


def test_a_second_person_agrees_within_a_day_and_an_appeal_still_waits() -> None:
    by_step = {act.step: act for act in ACTS if "appeal" in act.entry}
    asked, agreed = by_step["ask"], by_step["confirmed"]
    assert agreed.entry["confirmed"]["by"] != asked.entry["by"]
    assert agreed.at - asked.at < timedelta(days=1)
    assert NOW - by_step["appeal"].at < timedelta(days=7)


@pytest.mark.parametrize("name", sorted(measured_comments()))
def test_what_is_measured_is_not_gone_before_and_is_ended_once(name: str) -> None:
    script = load_script()
    item = next(one for one in script.comments if one.id == name)
    assert item.deletion is None
    assert name not in {
        act.item.id for act in team_acts(script, now=NOW, told_elsewhere=measured_comments())
    }
