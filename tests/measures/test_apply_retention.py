"""Retention: the words of long closed cases go by themselves, and what must be kept survives it (K24, R1)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from amends.accounts.models import User, Workspace
from amends.accounts.permissions import NotAllowed
from amends.cases.ask_department import ask_department
from amends.cases.change_departments import DepartmentForm, add_department
from amends.cases.close import close_case
from amends.cases.erase import contents_of
from amends.cases.hold_legally import lift_legal_hold, place_legal_hold
from amends.cases.models import Case, CaseErasure, Retention
from amends.cases.retain import retention_of, set_retention
from amends.cases.transitions import NotPossible
from amends.core.clock import ScriptedClock
from amends.measures.apply_retention import Preview, apply_retention, preview_retention
from amends.measures.models import Measure
from amends.pipeline.desk import Desk
from amends.pipeline.schedule import JOBS, run_jobs
from amends.record.models import ActionLog, Redaction
from tests.support.desk import Colleagues
from tests.support.measures import HATE, Bench, engine_sees

pytestmark = pytest.mark.django_db
MakeCase = Callable[..., Case]
DAYS = 90


@pytest.fixture
def rule(workspace: Workspace, owner: User, now: datetime) -> None:
    set_retention(workspace, days=DAYS, confirmed=workspace.name, by=owner, now=now)


@pytest.fixture
def closed(make_case: MakeCase, colleagues: Colleagues, now: datetime) -> Callable[..., Case]:
    """Makes a case that was answered for and closed at the beginning."""

    def make(text: str = "Kargom nerede?", *, external_id: str = "c-1") -> Case:
        case = make_case(text, external_id=external_id)
        colleagues.triage(case)
        close_case(case, disposition="resolved", reason="Done.", by=colleagues.writer, now=now)
        return Case.objects.get(pk=case.pk)

    return make


def later(clock: ScriptedClock, *, days: int = DAYS + 1) -> ScriptedClock:
    clock.advance(timedelta(days=days))
    return clock


def has_words(case: Case) -> bool:
    return bool(contents_of(case.comment)) and bool(case.comment.versions.get().text)


def test_words_go_when_their_time_is_over_and_the_record_stays(
    rule: None, closed: Callable[..., Case], clock: ScriptedClock
) -> None:
    case = closed()
    assert apply_retention(clock=later(clock, days=DAYS - 1)) == 0
    assert has_words(case)
    assert apply_retention(clock=later(clock, days=2)) == 1
    assert not has_words(case)
    redaction = Redaction.objects.first()
    assert redaction is not None
    assert (redaction.actor_label, redaction.reason) == ("clock", "retention: its time was over")
    assert ActionLog.objects.filter(action="content.redact").count() == Redaction.objects.count()
    assert ActionLog.objects.get(action="case.erase").data["contents"] >= 1
    assert Case.objects.get().triages.exists()
    assert apply_retention(clock=clock) == 0, "once is enough"


def test_it_is_off_until_somebody_says_otherwise(
    workspace: Workspace, closed: Callable[..., Case], clock: ScriptedClock
) -> None:
    case = closed()
    assert retention_of(workspace) is None
    assert apply_retention(clock=later(clock, days=4000)) == 0
    assert has_words(case)


def test_held_items_survive_retention(
    rule: None,
    closed: Callable[..., Case],
    clock: ScriptedClock,
    lead: User,
    counsel: User,
    workspace: Workspace,
    now: datetime,
) -> None:
    """K24: a hold comes before anything else, also past its day of review; lifted, the words go."""
    held, other = closed(), closed("İkinci", external_id="c-2")
    hold = place_legal_hold(
        held,
        reason="The court may ask for it.",
        counsel=counsel,
        review_on=(now + timedelta(days=30)).date(),
        by=lead,
        now=now,
    )
    later(clock)
    assert preview_retention(workspace, days=DAYS, now=clock.now()) == Preview(2, 1, 0)
    assert apply_retention(clock=clock) == 1
    assert has_words(held)
    assert not has_words(other)
    lift_legal_hold(hold, reason="The case is over.", by=counsel, now=clock.now())
    assert apply_retention(clock=clock) == 1
    assert not has_words(held)


def test_a_measure_keeps_the_words_as_long_as_somebody_may_object(
    rule: None, make_case: MakeCase, bench: Bench, clock: ScriptedClock, now: datetime
) -> None:
    case = make_case("You are a filthy idiot, all of you.")
    bench.triage(case)
    engine_sees(case, "hate", now=now)
    measure = bench.ask(case, "hide", "filthy idiot", HATE)
    close_case(Case.objects.get(), disposition="resolved", reason="Done.", by=bench.actor, now=now)
    assert apply_retention(clock=later(clock)) == 0, "it waits for a person"
    Measure.objects.filter(pk=measure.pk).update(status="done", done_at=now)
    assert apply_retention(clock=clock) == 0, "it may be objected to"
    assert has_words(case)
    assert apply_retention(clock=later(clock, days=95)) == 1, "six months are over"


def test_a_question_to_a_department_keeps_the_words(
    rule: None,
    closed: Callable[..., Case],
    make_case: MakeCase,
    colleagues: Colleagues,
    owner: User,
    clock: ScriptedClock,
    now: datetime,
) -> None:
    case = make_case()
    colleagues.triage(case)
    form = DepartmentForm("Depot", 60)
    depot = add_department(case.workspace, form=form, by=owner, now=now)
    ask_department(case, department=depot, text="Where?", by=colleagues.writer, now=now)
    close_case(
        Case.objects.get(), disposition="resolved", reason="Done.", by=colleagues.writer, now=now
    )
    assert apply_retention(clock=later(clock)) == 0


def test_what_is_said_after_reopening_goes_in_its_own_time(
    rule: None, closed: Callable[..., Case], clock: ScriptedClock
) -> None:
    case = closed()
    apply_retention(clock=later(clock))
    Case.objects.filter(pk=case.pk).update(status="triaged", closed_at=None, disposition="")
    assert apply_retention(clock=later(clock)) == 0, "open cases are never touched"
    Case.objects.filter(pk=case.pk).update(
        status="resolved", closed_at=clock.now(), disposition="resolved"
    )
    assert apply_retention(clock=later(clock)) == 1
    assert CaseErasure.objects.count() == 2


def test_a_run_is_bounded_and_the_next_one_goes_on(
    rule: None, closed: Callable[..., Case], clock: ScriptedClock
) -> None:
    for at in range(3):
        closed(f"Kargom {at}", external_id=f"c-{at}")
    later(clock)
    assert [apply_retention(clock=clock, batch=2) for _run in range(3)] == [2, 1, 0]


def test_a_hold_that_comes_between_looking_and_erasing_wins(
    rule: None,
    closed: Callable[..., Case],
    clock: ScriptedClock,
    counsel: User,
    lead: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = closed()
    later(clock)
    from amends.measures import apply_retention as module

    real = module._erase

    def hold_first(pk: int, **values: object) -> bool:
        place_legal_hold(
            case,
            reason="Just now.",
            counsel=counsel,
            review_on=(clock.now() + timedelta(days=9)).date(),
            by=lead,
            now=clock.now(),
        )
        return real(pk, **values)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "_erase", hold_first)
    assert apply_retention(clock=clock) == 0
    assert has_words(case)


def test_only_an_owner_sets_it_with_the_name_typed_out(
    workspace: Workspace, owner: User, lead: User, stranger: User, now: datetime
) -> None:
    for person in (lead, stranger):
        with pytest.raises(NotAllowed):
            set_retention(workspace, days=90, confirmed=workspace.name, by=person, now=now)
    for days, typed in ((90, ""), (90, "other"), (29, workspace.name), (4000, workspace.name)):
        with pytest.raises(NotPossible):
            set_retention(workspace, days=days, confirmed=typed, by=owner, now=now)
    assert not Retention.objects.exists()
    set_retention(workspace, days=90, confirmed=f" {workspace.name} ", by=owner, now=now)
    set_retention(workspace, days=None, confirmed="", by=owner, now=now)
    entries = ActionLog.objects.filter(action="retention.set").order_by("pk")
    assert [(one.data["before"], one.data["days"]) for one in entries] == [(None, 90), (90, None)]


def test_the_clock_does_it(
    rule: None, closed: Callable[..., Case], desk: Desk, clock: ScriptedClock
) -> None:
    case = closed()
    later(clock)
    job = next(one for one in JOBS if one.name == "apply_retention")
    assert run_jobs(desk, jobs=(job,)) == 1
    assert not has_words(case)
