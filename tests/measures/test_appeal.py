"""Appeals: by the link, once, decided in time by somebody who was not involved, with reasons."""

from __future__ import annotations

from datetime import timedelta

import pytest

from amends.accounts.models import Notification, User
from amends.accounts.permissions import NotAllowed
from amends.cases.models import Case
from amends.cases.transitions import NotPossible
from amends.connectors.kit.events import EventKind, InboundEvent
from amends.core.clock import ScriptedClock
from amends.core.vocabulary import GoneCause
from amends.inbox.capture import capture_event
from amends.measures.appeal import decide_appeal, link_of, open_appeal
from amends.measures.models import Appeal, Measure, MeasureStatus
from amends.measures.settle import confirm_by_hand
from amends.measures.statement import give_link
from amends.measures.strikes import strikes_of
from amends.pipeline.runner import run_until_idle
from amends.record.models import ActionLog
from tests.support.measures import HATE, Bench


@pytest.fixture
def measure(bench: Bench, rude_case: Case) -> Measure:
    """Hidden by hand, agreed to by a second agent."""
    made = bench.ask(rude_case, "hide", "filthy idiot", HATE)
    bench.agree(made)
    confirm_by_hand(made, by=bench.actor, clock=bench.desk.clock)
    return Measure.objects.get(pk=made.pk)


def token_of(measure: Measure, bench: Bench) -> str:
    return give_link(measure.statement, now=bench.now).rstrip("/").rpartition("/")[2]


@pytest.fixture
def appeal(measure: Measure, bench: Bench, lead: User) -> Appeal:
    link = link_of(token_of(measure, bench), now=bench.now)
    assert link is not None
    return open_appeal(link, text="I was joking.", now=bench.now)


def test_a_link_opens_until_six_months_are_over(measure: Measure, bench: Bench) -> None:
    token = token_of(measure, bench)
    assert link_of(token, now=bench.now + timedelta(days=182)) is not None
    assert link_of(token, now=bench.now + timedelta(days=184)) is None
    assert link_of(token[:-1], now=bench.now) is None


def test_an_appeal_is_made_once_and_its_deciders_are_told(
    appeal: Appeal, measure: Measure, bench: Bench, lead: User, agent: User
) -> None:
    assert Notification.objects.filter(user=lead, key__startswith="appeal").count() == 1
    assert not Notification.objects.filter(user=agent, key__startswith="appeal").exists()
    entry = ActionLog.objects.get(action="appeal.open")
    assert (entry.actor_kind, entry.data["measure"]) == ("author", measure.pk)
    assert "joking" not in str(entry.data)
    link = link_of(token_of(measure, bench), now=bench.now)
    assert link is not None
    with pytest.raises(NotPossible):
        open_appeal(link, text="Again.", now=bench.now)


@pytest.mark.parametrize("text", ["", "  ", "x" * 5001])
def test_an_appeal_says_something_in_bounds(measure: Measure, bench: Bench, text: str) -> None:
    link = link_of(token_of(measure, bench), now=bench.now)
    assert link is not None
    with pytest.raises(NotPossible):
        open_appeal(link, text=text, now=bench.now)


def test_who_acted_or_agreed_does_not_decide(
    appeal: Appeal, bench: Bench, lead: User, agent: User, viewer: User, stranger: User
) -> None:
    """R8: a person who was not involved."""
    for person in (agent, viewer, stranger):
        with pytest.raises(NotAllowed):
            decide_appeal(appeal, is_upheld=True, answer="Yes.", by=person, now=bench.now)


def test_an_involved_lead_does_not_decide_while_somebody_else_may(
    bench: Bench, rude_case: Case, lead: User, counsel: User
) -> None:
    made = bench.ask(rude_case, "hide", "filthy idiot", HATE, by=lead)
    bench.agree(made)
    confirm_by_hand(made, by=lead, clock=bench.desk.clock)
    link = link_of(token_of(Measure.objects.get(), bench), now=bench.now)
    assert link is not None
    appeal = open_appeal(link, text="No.", now=bench.now)
    with pytest.raises(NotPossible, match="somebody else"):
        decide_appeal(appeal, is_upheld=False, answer="No.", by=lead, now=bench.now)
    decide_appeal(appeal, is_upheld=False, answer="It was hate.", by=counsel, now=bench.now)
    assert not Appeal.objects.get().is_involved


def test_where_nobody_else_may_decide_the_pause_takes_their_place_and_is_recorded(
    bench: Bench, rude_case: Case, owner: User
) -> None:
    made = bench.ask(rude_case, "hide", "filthy idiot", HATE, by=owner)
    bench.agree(made)
    confirm_by_hand(made, by=owner, clock=bench.desk.clock)
    link = link_of(token_of(Measure.objects.get(), bench), now=bench.now)
    assert link is not None
    appeal = open_appeal(link, text="No.", now=bench.now)
    with pytest.raises(NotPossible):
        decide_appeal(appeal, is_upheld=False, answer="No.", by=owner, now=bench.now)
    later = bench.now + timedelta(minutes=11)
    decide_appeal(appeal, is_upheld=False, answer="It was hate.", by=owner, now=later)
    assert Appeal.objects.get().is_involved
    assert ActionLog.objects.get(action="appeal.decide").data["is_involved"] is True


def test_an_upheld_appeal_undoes_the_measure_and_its_strike(
    appeal: Appeal, measure: Measure, bench: Bench, lead: User
) -> None:
    assert strikes_of(measure.author, now=bench.now).exists()
    decide_appeal(appeal, is_upheld=True, answer="You are right.", by=lead, now=bench.now)
    measure.refresh_from_db()
    assert (measure.status, measure.undone_because) == (MeasureStatus.UNDOING, "appeal")
    assert not strikes_of(measure.author, now=bench.now).exists()
    entry = ActionLog.objects.get(action="appeal.decide")
    assert (entry.data["measure"], entry.data["outcome"]) == (measure.pk, "upheld")


def test_a_rejected_appeal_leaves_it_and_needs_reasons(
    appeal: Appeal, measure: Measure, bench: Bench, lead: User
) -> None:
    with pytest.raises(NotPossible):
        decide_appeal(appeal, is_upheld=False, answer=" ", by=lead, now=bench.now)
    decide_appeal(appeal, is_upheld=False, answer="It was hate.", by=lead, now=bench.now)
    measure.refresh_from_db()
    assert measure.status == MeasureStatus.DONE
    with pytest.raises(NotPossible):
        decide_appeal(appeal, is_upheld=True, answer="Or not.", by=lead, now=bench.now)


def test_what_the_appeal_is_about_stays_readable_when_it_is_gone(
    appeal: Appeal, measure: Measure, bench: Bench
) -> None:
    """mastodon#30142: reviewers could not see the removed content."""
    gone = InboundEvent(
        key="gone",
        kind=EventKind.DELETED,
        external_id=measure.comment.external_id,
        observed_at=bench.now,
        gone_cause=GoneCause.AUTHOR,
        gone_method="event",
        gone_confidence=1.0,
    )
    capture_event(gone, account=measure.account, now=bench.now)
    assert measure.comment.versions.filter(is_tombstone=True).exists()
    start, end = measure.words[0]
    assert measure.version.text[start:end] == "filthy idiot"
    assert "filthy idiot" in measure.evidence.content.payload


def test_the_deciders_are_called_at_half_of_the_time_and_when_it_is_over(
    appeal: Appeal, bench: Bench, lead: User
) -> None:
    clock = bench.desk.clock
    assert isinstance(clock, ScriptedClock)
    for _ in range(2):
        clock.advance(timedelta(days=3, hours=13))
        run_until_idle(bench.desk)
    assert Notification.objects.filter(user=lead, key__startswith="appeal").count() == 3
    assert ActionLog.objects.filter(action="appeal.late").count() == 1
