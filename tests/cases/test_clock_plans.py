"""Clocks by business hours, the terms kept with the case, escalation, and the faults of other desks.

The faults are those of docs/clocks.md, named after the issue in which their users described them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amends.accounts.models import Brand, User
from amends.cases.assign import assign_case
from amends.cases.close import close_case
from amends.cases.decide import recommend
from amends.cases.models import Case, CaseClock, ClockPlan
from amends.cases.note import write_note
from amends.cases.open import case_for
from amends.cases.queries import cases_visible_to
from amends.cases.watch_clock import running_clock, running_rows
from amends.cases.working_views import in_view
from amends.core.clock import ScriptedClock
from amends.core.playbook.clocks import Countdown, resume_clock, sooner_of, start_clock
from amends.core.playbook.hours import Hours, calendar_of, read_periods
from amends.core.playbook.rules import URGENCY, ClockTargets, Playbook, Span
from amends.core.playbook.schema import load_shipped_playbook
from amends.core.playbook.terms import ClockKind
from amends.core.vocabulary import Priority
from amends.inbox.models import Comment
from amends.pipeline.desk import Desk
from amends.pipeline.runner import run_until_idle
from amends.record.models import ActionLog
from tests.support.clocks import OFFICE, breaches, live_until, told, warned_of
from tests.support.desk import FORM, Colleagues

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
FRIDAY = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)  # half past four in Amsterdam
MONDAY = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)  # half past nine
Make = Callable[..., Comment]


def decide_with(case: Case, playbook: Playbook, *, now: datetime) -> Case:
    recommend(case, playbook=playbook, now=now)
    return Case.objects.get(pk=case.pk)


def slower(playbook: Playbook) -> Playbook:
    """The same playbook with a first reply of three hours."""
    changed = {
        priority: ClockTargets(
            {**targets.targets, ClockKind.FIRST_REPLY: Span(minutes=180)}, targets.hours
        )
        for priority, targets in playbook.clocks.items()
    }
    return replace(playbook, clocks=changed)


@pytest.fixture
def friday_case(
    make_comment: Make, desk: Desk, clock: ScriptedClock, set_hours: Callable[..., object]
) -> Case:
    """A complaint that comes on Friday at 16:30 to a desk that works from nine to five."""
    clock.move_to(FRIDAY)
    set_hours()
    make_comment(at=FRIDAY)
    run_until_idle(desk)
    return Case.objects.get()


def test_wall_clock_instead_of_business_hours_chatwoot_pr_13392(
    friday_case: Case, desk: Desk, clock: ScriptedClock
) -> None:
    assert friday_case.first_reply_due_at == MONDAY
    live_until(desk, clock, until=MONDAY - MINUTE, step=HOUR)
    assert warned_of() == [(50, "first_reply"), (80, "first_reply")]
    live_until(desk, clock, until=MONDAY, step=MINUTE)
    assert warned_of()[-1] == (100, "first_reply")


def test_warnings_come_by_working_time(friday_case: Case) -> None:
    row = CaseClock.objects.get(case=friday_case, kind="first_reply")
    assert (row.half_at, row.most_at) == (FRIDAY + 30 * MINUTE, MONDAY - 12 * MINUTE)


def test_lunch_breaks_chatwoot_14009(
    make_comment: Make, desk: Desk, clock: ScriptedClock, set_hours: Callable[..., object]
) -> None:
    noon = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)  # twelve in Amsterdam
    clock.move_to(noon)
    set_hours(replace(OFFICE, week=(read_periods("9-12:30, 13:30-17"),) * 7))
    make_comment(at=noon)
    run_until_idle(desk)
    assert Case.objects.get().first_reply_due_at == noon + 2 * HOUR


def test_the_most_urgent_never_ask_the_calendar(
    friday_case: Case, colleagues: Colleagues, desk: Desk
) -> None:
    colleagues.triage(friday_case, replace(FORM, severity="critical"))
    case = Case.objects.get()
    assert (case.priority, case.first_reply_due_at) == ("P1", FRIDAY + 15 * MINUTE)
    assert ClockPlan.objects.order_by("-pk")[0].hours is None


def test_the_terms_are_kept_with_the_case(friday_case: Case) -> None:
    plan = ClockPlan.objects.get()
    shipped = load_shipped_playbook("general")
    assert (plan.reason, plan.priority, plan.brand) == ("open", "P3", friday_case.brand)
    assert plan.playbook_digest == shipped.named.digest
    assert plan.calendar_digest == OFFICE.digest
    assert plan.targets["first_reply"] == {"minutes": 60, "days": 0}
    assert plan.clocks["first_reply"]["due_at"] == MONDAY.isoformat()


def test_a_later_change_of_playbook_or_hours_is_not_retroactive(
    friday_case: Case, desk: Desk, clock: ScriptedClock, set_hours: Callable[..., object]
) -> None:
    set_hours(Hours())
    case = decide_with(
        friday_case, slower(desk.playbook(friday_case.workspace_id)), now=clock.now()
    )
    assert case.first_reply_due_at == MONDAY
    assert ClockPlan.objects.count() == 1


def test_what_comes_after_a_change_is_counted_by_it(
    friday_case: Case,
    make_comment: Make,
    desk: Desk,
    clock: ScriptedClock,
    set_hours: Callable[..., object],
) -> None:
    set_hours(Hours())
    make_comment("Nerede kaldı?", at=FRIDAY)
    run_until_idle(desk)
    newer = Case.objects.exclude(pk=friday_case.pk).get()
    assert newer.first_reply_due_at == FRIDAY + HOUR


def test_old_sla_kept_after_hand_over_zammad_5624(
    friday_case: Case, desk: Desk, clock: ScriptedClock
) -> None:
    other = Brand.objects.create(workspace=friday_case.workspace, name="Other", slug="other")
    Case.objects.filter(pk=friday_case.pk).update(brand=other)
    case = decide_with(friday_case, desk.playbook(friday_case.workspace_id), now=clock.now())
    assert case.first_reply_due_at == FRIDAY + HOUR  # the other brand is open around the clock
    assert [plan.reason for plan in ClockPlan.objects.order_by("pk")] == ["open", "brand"]
    assert ActionLog.objects.get(action="case.plan").data["why"] == "brand"


def test_raising_a_priority_only_brings_due_times_forward(
    friday_case: Case, colleagues: Colleagues, desk: Desk
) -> None:
    before = {row.kind: row.due_at for row in CaseClock.objects.all()}
    colleagues.triage(friday_case, replace(FORM, severity="high"))
    assert Case.objects.get().priority == "P2"
    after = {row.kind: row.due_at for row in CaseClock.objects.all()}
    assert all(after[kind] <= before[kind] for kind in before)
    assert ActionLog.objects.get(action="case.plan").data["to"] == "P2"
    calmer = decide_with(
        Case.objects.get(), slower(desk.playbook(friday_case.workspace_id)), now=FRIDAY
    )
    assert calmer.first_reply_due_at == after["first_reply"]


def test_next_response_runs_on_after_resolve_chatwoot_10178(
    friday_case: Case, desk: Desk, clock: ScriptedClock, agent: User
) -> None:
    close_case(friday_case, disposition="not_ours", reason="a joke", by=agent, now=clock.now())
    live_until(desk, clock, until=MONDAY + 48 * HOUR, step=4 * HOUR)
    assert not warned_of()
    assert not breaches()


def test_escalation_on_breach_missing_chatwoot_6889(
    friday_case: Case, desk: Desk, clock: ScriptedClock, agent: User, lead: User, owner: User
) -> None:
    assign_case(friday_case, to=agent, by=agent, now=clock.now())
    live_until(desk, clock, until=MONDAY - 12 * MINUTE, step=HOUR)
    live_until(desk, clock, until=MONDAY, step=HOUR)
    run_until_idle(desk)
    assert told(agent) == ["warning", "warning", "breach"]
    assert told(lead) == ["breach"]
    assert told(owner) == []
    entry = ActionLog.objects.get(action="case.breach")
    assert entry.data["clock"] == "first_reply"
    assert sorted(entry.data["told"]) == sorted([str(agent.pk), str(lead.pk)])
    due_soon = in_view(
        cases_visible_to(agent, workspace=friday_case.workspace),
        "due_soon",
        user=agent,
        now=clock.now(),
    )
    assert list(due_soon) == [friday_case]


def test_a_case_that_nobody_has_is_told_to_the_leads_and_without_leads_to_the_owners(
    friday_case: Case, desk: Desk, clock: ScriptedClock, owner: User, agent: User
) -> None:
    live_until(desk, clock, until=MONDAY - 12 * MINUTE, step=HOUR)
    live_until(desk, clock, until=MONDAY, step=HOUR)
    assert told(owner) == ["warning", "breach"]
    assert told(agent) == []


def test_of_a_restricted_lane_nobody_is_told_who_may_not_see_it(
    friday_case: Case, desk: Desk, clock: ScriptedClock, agent: User, lead: User
) -> None:
    assign_case(friday_case, to=agent, by=agent, now=clock.now())
    Case.objects.filter(pk=friday_case.pk).update(lane="legal")
    live_until(desk, clock, until=MONDAY, step=HOUR)
    assert told(agent) == []
    assert told(lead) == ["breach"]


def test_update_time_overrides_the_first_response_zammad_5177(
    friday_case: Case, desk: Desk, clock: ScriptedClock, agent: User, colleagues: Colleagues
) -> None:
    """A note, a triage, progress that is due: none of them moves the first reply or hides it."""
    clock.advance(5 * MINUTE)
    write_note(friday_case, text="called the depot", by=agent, now=clock.now())
    colleagues.triage(Case.objects.get())
    CaseClock.objects.filter(kind="progress").update(due_at=FRIDAY + MINUTE)
    case = decide_with(Case.objects.get(), desk.playbook(friday_case.workspace_id), now=clock.now())
    running = running_clock(case)
    assert running is not None
    assert (running.kind, running.due_at) == (ClockKind.FIRST_REPLY, MONDAY)


def test_escalates_though_the_agent_answered_last_zammad_3140(
    friday_case: Case,
    desk: Desk,
    clock: ScriptedClock,
    say: Callable[..., Case],
    lead: User,
) -> None:
    clock.move_to(MONDAY - 10 * MINUTE)
    say(friday_case)
    assert "first_reply" not in {one.kind for one in running(friday_case)}
    live_until(desk, clock, until=MONDAY + HOUR, step=10 * MINUTE)
    assert not breaches()
    assert told(lead) == []


def running(case: Case) -> list[CaseClock]:
    return running_rows(Case.objects.get(pk=case.pk))


def test_progress_begins_anew_with_each_word_of_ours(
    friday_case: Case, desk: Desk, clock: ScriptedClock, say: Callable[..., Case]
) -> None:
    before = CaseClock.objects.get(kind="progress").due_at
    clock.move_to(MONDAY - 10 * MINUTE)
    case = say(friday_case)
    row = CaseClock.objects.get(kind="progress")
    assert row.started_at == clock.now()
    assert case.progress_due_at == row.due_at
    assert row.due_at > before


def test_an_automatic_acknowledgement_stops_no_clock(
    friday_case: Case, desk: Desk, clock: ScriptedClock, make_comment: Make
) -> None:
    """S2.21: a word of our account that no person here approved is heard, and is no reply."""
    ours = make_comment("We have received your message.", is_ours=True, at=FRIDAY)
    run_until_idle(desk)
    assert ours.is_ours
    live_until(desk, clock, until=MONDAY, step=HOUR)
    assert Case.objects.get(pk=friday_case.pk).first_replied_at is None
    assert "first_reply" in breaches()


def test_hiding_and_having_seen_stop_no_clock_since_only_what_was_sent_does() -> None:
    source = Path(__file__).resolve().parents[2] / "src/amends"
    callers = {
        path.relative_to(source).as_posix()
        for path in source.rglob("*.py")
        if "note_our_word(" in path.read_text(encoding="utf-8")
    }
    assert callers == {"cases/note_our_word.py", "replies/send.py"}


def test_a_desk_that_was_updated_gives_running_cases_their_plan(
    make_comment: Make, desk: Desk, clock: ScriptedClock, now: datetime
) -> None:
    """Cases from before plans were kept with them are decided again instead of falling silent."""
    case = case_for(make_comment(), now=now)
    Case.objects.filter(pk=case.pk).update(next_step="watch_clock", due_at=now)
    clock.advance(HOUR)
    run_until_idle(desk)
    assert ClockPlan.objects.get(case=case).reason == "open"
    assert breaches() == ["first_reply"]


def test_the_first_reply_of_a_case_is_the_same_for_ten_and_for_a_million_followers(
    friday_case: Case, desk: Desk, clock: ScriptedClock
) -> None:
    """K34: reach may raise a priority, and never makes a clock later."""
    dues = []
    for followers in (10, 1_000_000):
        friday_case.author.followers = followers
        friday_case.author.save(update_fields=["followers"])
        dues.append(
            decide_with(
                friday_case, desk.playbook(friday_case.workspace_id), now=clock.now()
            ).first_reply_due_at
        )
    assert dues[0] == MONDAY
    assert dues[1] is not None
    assert dues[1] <= MONDAY


PRIORITIES = st.sampled_from(list(Priority))
STEPS = st.lists(
    st.tuples(PRIORITIES, st.timedeltas(timedelta(0), timedelta(days=2))), min_size=1, max_size=6
)
WEEK = (read_periods("9-12:30, 13:30-17"),) * 5 + ((), ())
CALENDARS = st.sampled_from(
    [
        calendar_of(Hours()),
        calendar_of(Hours(is_always=False, zone="Europe/Amsterdam", week=WEEK, country="NL")),
        calendar_of(Hours(is_always=False, zone="Asia/Jakarta", week=WEEK, country="ID")),
    ]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    calendar=CALENDARS,
    start=st.datetimes(datetime(2026, 10, 20), datetime(2026, 11, 1)),  # noqa: DTZ001
    span=st.builds(Span, minutes=st.integers(1, 3000)) | st.builds(Span, days=st.integers(1, 5)),
    pauses=st.lists(
        st.tuples(
            st.timedeltas(timedelta(0), timedelta(days=2)),
            st.timedeltas(timedelta(0), timedelta(days=2)),
        ),
        max_size=4,
    ),
)
def test_clocks_never_go_backwards(
    calendar: object, start: datetime, span: Span, pauses: list[tuple[timedelta, timedelta]]
) -> None:
    """Marks stand in order, and whatever pauses come, none of them moves to an earlier moment."""
    begin = start.replace(tzinfo=UTC)
    clock = start_clock(ClockKind.RESOLUTION, span=span, starts_at=begin, calendar=calendar)  # type: ignore[arg-type]
    moment, level = begin, 0
    for runs, stands in pauses:
        paused_at = moment + runs
        now = paused_at + stands
        later = resume_clock(clock, paused_at=paused_at, now=now, calendar=calendar)  # type: ignore[arg-type]
        for (_l, before), (_m, after) in zip(clock.milestones, later.milestones, strict=True):
            assert after >= before
        marks = [moment for _level, moment in later.milestones]
        assert marks == sorted(marks)
        assert later.warning_level(now) >= level
        clock, moment, level = later, now, later.warning_level(now)


@given(
    changes=STEPS,
    start=st.datetimes(datetime(2026, 10, 20), datetime(2026, 11, 1)),  # noqa: DTZ001
    calendar=CALENDARS,
)
def test_more_urgent_is_never_due_later_whatever_was_decided_before(
    changes: list[tuple[Priority, timedelta]], start: datetime, calendar: object
) -> None:
    clocks = load_shipped_playbook("general").clocks
    begin = start.replace(tzinfo=UTC)
    shown: Countdown | None = None
    rank = 0
    for priority, _passed in changes:
        span = clocks[priority].targets[ClockKind.FIRST_REPLY]
        new = start_clock(ClockKind.FIRST_REPLY, span=span, starts_at=begin, calendar=calendar)  # type: ignore[arg-type]
        if shown is not None and URGENCY[priority] < rank:
            raised = sooner_of(new, old=shown)
            assert raised.due_at <= shown.due_at
            new = raised
        assert new.due_at > begin
        shown, rank = new, URGENCY[priority]
