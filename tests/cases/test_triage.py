"""Triage: a person confirms, the verdict stays what it was, and without a model a person decides alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from amends.accounts.models import User
from amends.accounts.permissions import NotAllowed
from amends.cases.decide import gather_inputs, latest_decision
from amends.cases.models import Case, Decision, Triage, Verdict
from amends.cases.transitions import NotPossible
from amends.cases.triage import TriageForm, confirm_triage, latest_triage, suggest_triage
from amends.connectors.kit.events import InboundAuthor
from amends.core.clock import ScriptedClock
from amends.core.playbook.decision import Decision as PlaybookDecision
from amends.inbox.models import Comment, Version
from amends.pipeline.desk import Desk
from amends.pipeline.runner import run_until_idle
from amends.replies.draft import begin_reply
from tests.support.desk import FORM, Colleagues, ToldClassifier

pytestmark = pytest.mark.django_db
Make = Callable[..., Comment]


def the_case(desk: Desk) -> Case:
    run_until_idle(desk)
    return Case.objects.get()


def test_the_engine_suggests_and_its_verdict_survives_another_opinion(
    make_comment: Make, desk: Desk, agent: User, now: datetime
) -> None:
    make_comment()
    case = the_case(desk)
    suggestion = suggest_triage(case)
    assert suggestion.form == replace(FORM, policy_ground="none", flags=())
    assert all(suggestion.sure.values())
    before = Verdict.objects.values().get()
    form = replace(FORM, category="misunderstanding", severity="low")
    triage = confirm_triage(case, form=form, by=agent, now=now)
    assert triage.changed == ["category", "severity"]
    assert triage.verdict_id == before["id"]
    assert Verdict.objects.values().get() == before


def test_a_second_opinion_is_a_second_row_and_the_latest_counts(
    make_comment: Make, desk: Desk, agent: User, other_agent: User, now: datetime
) -> None:
    make_comment()
    case = the_case(desk)
    confirm_triage(case, form=FORM, by=agent, now=now)
    case = Case.objects.get()
    confirm_triage(case, form=replace(FORM, severity="high"), by=other_agent, now=now)
    latest = latest_triage(case)
    assert latest is not None
    assert (latest.severity, latest.confirmed_by) == ("high", other_agent)
    assert [one.severity for one in Triage.objects.order_by("pk")] == ["medium", "high"]
    assert suggest_triage(case).form.severity == "high"


def test_without_a_confirmed_triage_there_is_no_reply(
    make_comment: Make, desk: Desk, agent: User, now: datetime
) -> None:
    make_comment()
    case = the_case(desk)
    with pytest.raises(NotPossible, match="Confirm the triage first"):
        begin_reply(case, by=agent, now=now)
    assert Case.objects.get().status == "new"


def test_a_reopened_case_asks_for_its_triage_anew(
    make_comment: Make, desk: Desk, colleagues: Colleagues, clock: ScriptedClock
) -> None:
    make_comment(external_id="c-1")
    case = the_case(desk)
    colleagues.triage(case)
    Case.objects.update(status="answered")
    clock.advance(timedelta(hours=1))
    make_comment("Yine yok!", external_id="c-2", thread_external_id="c-1", at=clock.now())
    case = the_case(desk)
    assert (case.status, case.reopened) == ("new", 1)
    with pytest.raises(NotPossible, match="Confirm the triage first"):
        begin_reply(case, by=colleagues.writer, now=clock.now())


@pytest.mark.parametrize(
    "change",
    [
        {"category": "nonsense"},
        {"sentiment": ""},
        {"severity": "fatal"},
        {"arousal": "medium"},
        {"fault_share": 101, "fault_basis": "orders"},
        {"fault_share": -1, "fault_basis": "orders"},
        {"fault_share": 50},
    ],
)
def test_values_that_are_none_are_refused_and_nothing_is_stored(
    make_comment: Make, desk: Desk, agent: User, now: datetime, change: dict[str, object]
) -> None:
    make_comment()
    case = the_case(desk)
    form: TriageForm = replace(FORM, **change)  # type: ignore[arg-type]
    with pytest.raises(NotPossible):
        confirm_triage(case, form=form, by=agent, now=now)
    assert not Triage.objects.exists()


@pytest.mark.parametrize("role", ["counsel", "viewer", "stranger"])
def test_who_may_not_triage_is_refused(
    make_comment: Make, desk: Desk, role: str, now: datetime, request: pytest.FixtureRequest
) -> None:
    make_comment()
    user = request.getfixturevalue(role)
    with pytest.raises(NotAllowed):
        confirm_triage(the_case(desk), form=FORM, by=user, now=now)


def test_what_a_person_confirms_changes_the_recommendation(
    make_comment: Make, desk: Desk, colleagues: Colleagues
) -> None:
    make_comment()
    case = the_case(desk)
    preliminary = latest_decision(case)
    assert preliminary is not None
    assert (preliminary.triage_id, preliminary.verdict_id is not None) == (None, True)
    form = replace(FORM, fault_share=100, fault_basis="order data", can_help=True)
    colleagues.triage(case, form)
    final = latest_decision(case)
    assert final is not None
    assert final.triage == latest_triage(case)
    assert final.inputs["fault_share"] == 100
    assert final.rule_id != preliminary.rule_id
    assert Decision.objects.filter(pk=preliminary.pk).exists()


def test_a_decision_keeps_what_it_rests_on(make_comment: Make, desk: Desk) -> None:
    make_comment()
    case = the_case(desk)
    decision = latest_decision(case)
    assert decision is not None
    playbook = desk.playbook(case.workspace_id).named
    assert (decision.playbook, decision.playbook_version, decision.playbook_digest) == (
        playbook.name,
        playbook.version,
        playbook.digest,
    )
    assert decision.inputs["category"] == "business_error"
    told = PlaybookDecision.from_json(decision.decision)
    assert decision.rule_id in {rule.rule_id for rule in told.matched if rule.is_followed}
    assert told.unmatched
    assert all(rule.failures for rule in told.unmatched)


def test_without_a_model_a_person_decides_and_no_field_is_sure(
    make_comment: Make, desk: Desk, agent: User, now: datetime
) -> None:
    desk.classifier = lambda: None
    make_comment()
    case = the_case(desk)
    suggestion = suggest_triage(case)
    assert suggestion.verdict is None
    assert not any(suggestion.sure.values())
    assert not Verdict.objects.exists()
    assert (case.status, case.next_step) == ("new", "watch_clock")  # its clock runs all the same
    triage = confirm_triage(case, form=FORM, by=agent, now=now)
    assert (triage.verdict_id, triage.changed) == (None, [])


@pytest.mark.parametrize("text", ["", "   ", "\u200b\u200d", "\x00"])
def test_a_text_that_cannot_be_read_goes_to_a_person(
    make_comment: Make, desk: Desk, classifier: ToldClassifier, text: str
) -> None:
    make_comment(text)
    case = the_case(desk)
    assert case.status == "new"
    assert suggest_triage(case).form.category in {"vague", "business_error"}
    assert Version.objects.get().next_step == ""


def test_an_engine_that_fails_on_a_text_does_not_keep_it_from_people(
    make_comment: Make, desk: Desk, classifier: ToldClassifier, clock: ScriptedClock
) -> None:
    classifier.fails = RuntimeError("the model broke")
    make_comment()
    for _ in range(3):
        run_until_idle(desk)
        clock.advance(timedelta(minutes=1))
    assert Case.objects.get().status == "new"
    assert not Verdict.objects.exists()


def test_an_edit_is_judged_anew_and_both_verdicts_stay(
    make_comment: Make, desk: Desk, classifier: ToldClassifier
) -> None:
    make_comment(external_id="c-1")
    run_until_idle(desk)
    make_comment("Avukatımla konuşacağım", external_id="c-1", version_key="v2")
    classifier.severity = "high"
    run_until_idle(desk)
    case = Case.objects.get()
    assert sorted(Verdict.objects.values_list("severity", flat=True)) == ["high", "medium"]
    assert classifier.seen == ["Kargom nerede?", "Avukatımla konuşacağım"]
    assert case.comment.versions.count() == 2


def test_a_worker_at_the_old_state_of_a_case_loses_it_to_the_person(
    make_comment: Make, desk: Desk, agent: User, clock: ScriptedClock
) -> None:
    make_comment()
    case = the_case(desk)
    Case.objects.update(lease_token="a worker's", leased_until=clock.now() + timedelta(minutes=1))
    confirm_triage(case, form=FORM, by=agent, now=clock.now())
    stored = Case.objects.get()
    assert (stored.lease_token, stored.next_step) == ("", "decide_again")


def test_only_what_we_said_to_this_author_counts_as_turns_of_the_talk(
    make_comment: Make, desk: Desk
) -> None:
    """Many answers to others in a busy thread do not send this author to a private channel."""
    root = {"parent_external_id": "c-1", "thread_external_id": "c-1"}
    make_comment("Kargom nerede?")
    run_until_idle(desk)
    other = InboundAuthor("a-2", "mert", "Mert Y.")
    make_comment("Benimki de gelmedi", author=other, **root)
    us = InboundAuthor("us", "acme", "Acme")
    for number in range(3):
        reply = {"parent_external_id": "c-2", "thread_external_id": "c-1"}
        make_comment(f"Bakıyoruz {number}", author=us, is_ours=True, **reply)
    case = Case.objects.get(comment__external_id="c-1")
    assert gather_inputs(case, verdict=None).turns_public == 0
    make_comment("Size de yazıyoruz", author=us, is_ours=True, **root)
    assert gather_inputs(case, verdict=None).turns_public == 1
