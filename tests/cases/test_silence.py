"""Dispositions (K41): S0.2, S1.17, S2.4, S2.9, S3.25, S4.23. Silence is a decision of two people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from amends.accounts.models import User, Workspace
from amends.accounts.permissions import NotAllowed
from amends.cases import silence
from amends.cases.close import CLOSES_AS, close_case, closings_of
from amends.cases.count_endings import count_endings
from amends.cases.models import Case, Disposition, SilenceLook
from amends.cases.silence import (
    grounds_of,
    note_look,
    open_proposal,
    propose_silence,
    rule_on_silence,
)
from amends.cases.transitions import NotPossible
from amends.cases.working_views import in_view
from amends.core.clock import ScriptedClock
from amends.inbox.models import Comment
from amends.pipeline.desk import Desk
from amends.pipeline.runner import run_until_idle
from amends.record.models import ActionLog
from tests.support.desk import Colleagues

pytestmark = pytest.mark.django_db
Make = Callable[..., Comment]


@pytest.fixture
def case(make_comment: Make, desk: Desk) -> Case:
    make_comment("Bu marka da bir şey mi?", external_id="c-1")
    run_until_idle(desk)
    return Case.objects.get()


@pytest.fixture
def is_a_troll(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test and the second person stand (tests/cases/test_troll_test.py has the way there)."""
    monkeypatch.setattr(silence, "is_troll_confirmed", lambda _case: True)


def fall_silent(case: Case, colleagues: Colleagues) -> Case:
    proposal = propose_silence(
        case, ground="troll", reason="Bait.", by=colleagues.writer, now=colleagues.now
    )
    rule_on_silence(proposal, is_agreed=True, by=colleagues.approver, now=colleagues.now)
    return Case.objects.get(pk=case.pk)


def test_every_closing_names_what_became_of_it_by_whom_and_why(
    case: Case, agent: User, clock: ScriptedClock
) -> None:
    for code in closings_of(case):
        other = None
        if code == "duplicate":
            continue
        close_case(
            case, disposition=code, reason="because", duplicate_of=other, by=agent, now=clock.now()
        )
        ending = Disposition.objects.latest("pk")
        assert (ending.code, ending.closed_by, ending.reason) == (code, agent, "because")
        assert (case.disposition, case.status) == (code, CLOSES_AS[code])
        Case.objects.filter(pk=case.pk).update(status="new", disposition="")
        case.refresh_from_db()


def test_history_has_its_disposition_and_nobody_closed_it(
    make_comment: Make, desk: Desk, clock: ScriptedClock
) -> None:
    make_comment(published_at=clock.now() - timedelta(days=9), external_id="old")
    run_until_idle(desk)
    ending = Disposition.objects.get()
    assert (ending.code, ending.closed_by, ending.case.disposition) == ("history", None, "history")


def test_the_database_refuses_a_closing_without_a_disposition(case: Case) -> None:
    for status in ("resolved", "no_action"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(status=status, reason="x")


def test_s4_23_best_effort_needs_an_answer_that_everybody_can_see(
    case: Case, agent: User, clock: ScriptedClock
) -> None:
    for code in ("best_effort", "no_answer"):
        assert code not in closings_of(case)
        with pytest.raises(NotPossible, match="Nobody has answered"):
            close_case(case, disposition=code, reason="x", by=agent, now=clock.now())
    Case.objects.filter(pk=case.pk).update(status="answered", first_replied_at=clock.now())
    case.refresh_from_db()
    close_case(case, disposition="best_effort", reason="Refunded.", by=agent, now=clock.now())
    assert Case.objects.get().status == "resolved"


def test_a_duplicate_names_another_case_of_the_same_workspace(
    case: Case, make_comment: Make, desk: Desk, agent: User, clock: ScriptedClock
) -> None:
    for other in (None, case):
        with pytest.raises(NotPossible, match="Name the other case"):
            close_case(
                case,
                disposition="duplicate",
                reason="x",
                duplicate_of=other,
                by=agent,
                now=clock.now(),
            )
    make_comment(external_id="c-2")
    run_until_idle(desk)
    twin = Case.objects.exclude(pk=case.pk).get()
    close_case(
        case, disposition="duplicate", reason="x", duplicate_of=twin, by=agent, now=clock.now()
    )
    assert Disposition.objects.get().duplicate_of == twin


@pytest.mark.parametrize("code", ["silence", "history", "earlier", "", "spam"])
def test_nobody_closes_by_hand_what_is_not_theirs_to_decide(
    case: Case, agent: User, clock: ScriptedClock, code: str
) -> None:
    with pytest.raises(NotPossible):
        close_case(case, disposition=code, reason="x", by=agent, now=clock.now())
    assert Case.objects.get().status == "new"


def test_s3_25_silence_needs_the_test_or_a_row_that_recommends_it(
    case: Case, colleagues: Colleagues
) -> None:
    assert grounds_of(case) == ()
    for ground in ("troll", "vindictive", "bait", ""):
        with pytest.raises(NotPossible, match="troll test"):
            propose_silence(
                case, ground=ground, reason="x", by=colleagues.writer, now=colleagues.now
            )


@pytest.mark.parametrize(
    ("rule", "is_answered", "expected"),
    [("D15", False, ("bait",)), ("D11", False, ()), ("D11", True, ("vindictive",))],
)
def test_a_row_of_the_playbook_allows_it_once_people_confirmed_what_it_rests_on(
    case: Case,
    colleagues: Colleagues,
    monkeypatch: pytest.MonkeyPatch,
    rule: str,
    is_answered: bool,
    expected: tuple[str, ...],
) -> None:
    colleagues.triage(case)
    decision = case.decisions.latest("pk")
    decision.rule_id = rule  # whichever playbook is in force
    monkeypatch.setattr("amends.cases.silence.latest_decision", lambda _case: decision)
    if is_answered:
        case.first_replied_at = colleagues.now
    assert grounds_of(case) == expected


@pytest.mark.usefixtures("is_a_troll")
def test_silence_needs_a_second_person_who_says_why_or_agrees(
    case: Case, colleagues: Colleagues
) -> None:
    with pytest.raises(NotPossible, match="Say why"):
        propose_silence(case, ground="troll", reason=" ", by=colleagues.writer, now=colleagues.now)
    proposal = propose_silence(
        case, ground="troll", reason="Bait.", by=colleagues.writer, now=colleagues.now
    )
    assert Case.objects.get().status == "new"
    with pytest.raises(NotPossible, match="proposed already"):
        propose_silence(case, ground="troll", reason="x", by=colleagues.writer, now=colleagues.now)
    with pytest.raises(NotPossible, match="somebody else"):
        rule_on_silence(proposal, is_agreed=True, by=colleagues.writer, now=colleagues.now)
    with pytest.raises(NotPossible, match="Say why"):
        rule_on_silence(proposal, is_agreed=False, by=colleagues.approver, now=colleagues.now)
    rule_on_silence(
        proposal, is_agreed=False, reason="A customer.", by=colleagues.approver, now=colleagues.now
    )
    assert open_proposal(case) is None
    assert Case.objects.get().status == "new"


@pytest.mark.usefixtures("is_a_troll")
def test_an_agreed_silence_closes_the_case_and_is_looked_at_again_after_a_day(
    case: Case, desk: Desk, colleagues: Colleagues, clock: ScriptedClock
) -> None:
    silent = fall_silent(case, colleagues)
    ending = Disposition.objects.get()
    assert (ending.code, ending.closed_by, ending.agreed_by) == (
        "silence",
        colleagues.writer,
        colleagues.approver,
    )
    assert (silent.status, silent.disposition) == ("no_action", "silence")
    with pytest.raises(NotPossible, match="not time"):
        note_look(silent, still_holds=True, reason="", by=colleagues.writer, now=clock.now())
    clock.advance(timedelta(hours=23))
    run_until_idle(desk)
    assert Case.objects.get().look_asked_at is None
    clock.advance(timedelta(hours=2))
    run_until_idle(desk)
    asked = Case.objects.get()
    assert asked.look_asked_at == clock.now()
    assert ActionLog.objects.filter(action="silence.ask_look").count() == 1
    shown = in_view(Case.objects.all(), "look_again", user=colleagues.writer, now=clock.now())
    assert list(shown) == [asked]
    note_look(asked, still_holds=True, reason="Quiet.", by=colleagues.writer, now=clock.now())
    assert (Case.objects.get().look_asked_at, Case.objects.get().status) == (None, "no_action")
    assert SilenceLook.objects.get().still_holds


@pytest.mark.usefixtures("is_a_troll")
def test_a_look_that_finds_more_takes_the_case_up_again(
    case: Case, desk: Desk, colleagues: Colleagues, clock: ScriptedClock
) -> None:
    fall_silent(case, colleagues)
    clock.advance(timedelta(hours=25))
    run_until_idle(desk)
    found = Case.objects.get()
    note_look(
        found, still_holds=False, reason="A complaint.", by=colleagues.writer, now=clock.now()
    )
    again = Case.objects.get()
    assert (again.status, again.disposition, again.look_due_at) == ("new", "", None)
    assert not SilenceLook.objects.get().still_holds


@pytest.mark.usefixtures("is_a_troll")
def test_a_new_word_breaks_the_silence_before_the_day_is_over(
    case: Case, make_comment: Make, desk: Desk, colleagues: Colleagues, clock: ScriptedClock
) -> None:
    fall_silent(case, colleagues)
    clock.advance(timedelta(hours=3))
    make_comment("Siparişim yok", external_id="c-2", thread_external_id="c-1", at=clock.now())
    run_until_idle(desk)
    again = Case.objects.get()
    assert (again.status, again.disposition, again.look_due_at) == ("new", "", None)
    clock.advance(timedelta(hours=30))
    run_until_idle(desk)
    assert Case.objects.get().look_asked_at is None


@pytest.mark.usefixtures("is_a_troll")
def test_an_edit_of_the_words_does_not_lose_the_look(
    case: Case, make_comment: Make, desk: Desk, colleagues: Colleagues, clock: ScriptedClock
) -> None:
    fall_silent(case, colleagues)
    clock.advance(timedelta(hours=3))
    make_comment("Bir şey mi?", external_id="c-1", version_key="v2", at=clock.now())
    run_until_idle(desk)
    clock.advance(timedelta(hours=24))
    run_until_idle(desk)
    assert Case.objects.get().look_asked_at is not None


@pytest.mark.usefixtures("is_a_troll")
def test_words_that_changed_since_void_a_proposal(
    case: Case, make_comment: Make, desk: Desk, colleagues: Colleagues, clock: ScriptedClock
) -> None:
    proposal = propose_silence(
        case, ground="troll", reason="Bait.", by=colleagues.writer, now=colleagues.now
    )
    clock.advance(timedelta(minutes=3))
    make_comment("Param nerede?", external_id="c-1", version_key="v2", at=clock.now())
    run_until_idle(desk)
    with pytest.raises(NotPossible, match="does not stand any more"):
        rule_on_silence(proposal, is_agreed=True, by=colleagues.approver, now=clock.now())


@pytest.mark.parametrize("role", ["viewer", "stranger"])
@pytest.mark.usefixtures("is_a_troll")
def test_who_does_not_work_here_leaves_nothing_unanswered(
    case: Case, clock: ScriptedClock, role: str, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(NotAllowed):
        propose_silence(
            case, ground="troll", reason="x", by=request.getfixturevalue(role), now=clock.now()
        )


@pytest.mark.usefixtures("is_a_troll")
def test_s1_17_the_figures_show_that_none_was_closed_silently(
    case: Case,
    make_comment: Make,
    desk: Desk,
    colleagues: Colleagues,
    workspace: Workspace,
    stranger: User,
    clock: ScriptedClock,
) -> None:
    fall_silent(case, colleagues)
    make_comment(external_id="c-7")
    run_until_idle(desk)
    other = Case.objects.exclude(pk=case.pk).get()
    close_case(other, disposition="not_ours", reason="x", by=colleagues.writer, now=clock.now())
    since = clock.now() - timedelta(days=30)
    figures = count_endings(colleagues.writer, workspace=workspace, since=since)
    assert (figures.silent, figures.closed) == (0, 2)
    assert dict(figures.by_code) == {"silence": 1, "not_ours": 1}
    Case.objects.filter(pk=case.pk).update(lane="legal")
    figures = count_endings(colleagues.writer, workspace=workspace, since=since)
    assert dict(figures.by_code) == {"not_ours": 1}
    assert count_endings(stranger, workspace=workspace, since=since).closed == 0


@pytest.mark.usefixtures("is_a_troll")
def test_what_waits_for_a_second_person_stands_among_the_approvals(
    case: Case, colleagues: Colleagues, clock: ScriptedClock
) -> None:
    def waiting() -> list[Case]:
        seen = Case.objects.all()
        return list(in_view(seen, "approvals", user=colleagues.approver, now=clock.now()))

    assert waiting() == []
    propose_silence(case, ground="troll", reason="Bait.", by=colleagues.writer, now=colleagues.now)
    assert waiting() == [case]
    proposal = open_proposal(case)
    assert proposal is not None
    rule_on_silence(proposal, is_agreed=True, by=colleagues.approver, now=colleagues.now)
    assert waiting() == []
