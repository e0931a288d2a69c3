"""What only people know, and what they confirm or correct beside the category (K06)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from amends.accounts.models import User, Workspace
from amends.cases.decide import latest_decision
from amends.cases.models import Case, RootCause, Triage
from amends.cases.root_causes import add_root_cause
from amends.cases.transitions import NotPossible
from amends.cases.triage import TriageForm, confirm_triage, suggest_triage
from amends.connectors.kit.events import InboundAuthor
from amends.inbox.models import Comment
from amends.learning.models import Correction
from amends.learning.note_corrections import note_corrections
from amends.pipeline.desk import Desk
from amends.pipeline.runner import run_until_idle
from amends.record.models import ActionLog
from tests.support.desk import FORM, Colleagues, ToldClassifier

pytestmark = pytest.mark.django_db
Make = Callable[..., Comment]
ASKED = replace(FORM, policy_ground="none", flags=())


def the_case(desk: Desk) -> Case:
    run_until_idle(desk)
    return Case.objects.latest("pk")


def test_s0_4_the_root_cause_is_asked_for_and_a_workspace_adds_its_own_words(
    make_comment: Make, desk: Desk, agent: User, workspace: Workspace, now: datetime
) -> None:
    make_comment()
    case = the_case(desk)
    triage = confirm_triage(case, form=replace(FORM, root_cause="lost"), by=agent, now=now)
    assert triage.root_cause == "lost"
    form = replace(FORM, own_root_cause="  Strike  of the   harbour ")
    triage = confirm_triage(case, form=form, by=agent, now=now)
    own = RootCause.objects.get()
    assert (own.name, triage.root_cause) == ("Strike of the harbour", own.code)
    again = replace(FORM, own_root_cause="STRIKE of the harbour")
    assert confirm_triage(case, form=again, by=agent, now=now).root_cause == own.code
    assert RootCause.objects.count() == 1
    assert suggest_triage(case).form.root_cause == own.code


def test_a_root_cause_of_another_workspace_is_none(
    make_comment: Make, desk: Desk, agent: User, stranger: User, now: datetime
) -> None:
    make_comment()
    elsewhere = stranger.memberships.get().workspace
    theirs = add_root_cause(elsewhere, name="Flood", by=stranger, now=now)
    for code in (theirs.code, "own-", "own-x", "nonsense"):
        with pytest.raises(NotPossible, match="no such root cause"):
            confirm_triage(the_case(desk), form=replace(FORM, root_cause=code), by=agent, now=now)
    assert not Triage.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"author_type": "king"},
        {"goal": "money"},
        {"speech_level": "loud"},
        {"policy_ground": "criticism"},
        {"flags": ("vague",)},
        {"flags": ("offensive", "nonsense")},
    ],
)
def test_codes_that_are_none_are_refused(
    make_comment: Make, desk: Desk, agent: User, now: datetime, change: dict[str, object]
) -> None:
    make_comment()
    form: TriageForm = replace(FORM, **change)  # type: ignore[arg-type]
    with pytest.raises(NotPossible):
        confirm_triage(the_case(desk), form=form, by=agent, now=now)
    assert not Triage.objects.exists()


def test_what_people_said_reaches_the_playbook(
    make_comment: Make, desk: Desk, colleagues: Colleagues
) -> None:
    make_comment()
    case = the_case(desk)
    form = replace(
        FORM,
        author_type="journalist_influencer",
        goal="constructive",
        speech_level="accusation",
        policy_ground="spam",
        flags=("safety", "offensive"),
        fault_share=0,
        fault_basis="admitted",
        can_help=False,
    )
    colleagues.triage(case, form)
    decision = latest_decision(case)
    assert decision is not None
    told = {
        "author_type": "journalist_influencer",
        "goal": "constructive",
        "speech_level": "accusation",
        "policy_ground": "spam",
        "safety": True,
        "offensive": True,
        "legal_threat": False,
        "fault_share": 0,
        "fault_basis": "admitted",
        "can_help": False,
    }
    assert {name: decision.inputs.get(name) for name in told} == told


def test_the_engines_ground_and_flags_are_suggested_and_a_person_corrects_them(
    make_comment: Make, desk: Desk, classifier: ToldClassifier, agent: User, now: datetime
) -> None:
    classifier.flags = {"offensive": True, "safety": True}
    make_comment()
    case = the_case(desk)
    suggestion = suggest_triage(case)
    assert suggestion.form.flags == ("offensive", "safety")
    form = replace(suggestion.form, flags=("safety", "personal_data"), policy_ground="off_topic")
    triage = confirm_triage(case, form=form, by=agent, now=now)
    assert triage.changed == ["policy_ground", "offensive", "personal_data"]
    note_corrections()
    rows = {(one.field, one.said, one.label) for one in Correction.objects.filter(is_change=True)}
    assert rows == {
        ("policy_ground", "none", "off_topic"),
        ("offensive", "true", "false"),
        ("personal_data", "false", "true"),
    }
    assert Correction.objects.filter(field="safety", is_change=False, label="true").exists()


def test_where_a_person_was_not_asked_the_engines_word_stands_and_nothing_is_corrected(
    make_comment: Make, desk: Desk, classifier: ToldClassifier, colleagues: Colleagues
) -> None:
    classifier.flags = {"safety": True}
    make_comment()
    case = the_case(desk)
    colleagues.triage(case, FORM)
    decision = latest_decision(case)
    assert decision is not None
    assert decision.inputs["safety"] is True
    note_corrections()
    assert not Correction.objects.filter(field__in=["safety", "policy_ground"]).exists()
    assert suggest_triage(case).form.flags == ("safety",)


def test_the_words_behind_a_fault_stand_in_the_triage_and_not_in_the_log(
    make_comment: Make, desk: Desk, agent: User, now: datetime
) -> None:
    make_comment()
    form = replace(FORM, fault_share=30, fault_basis="other", fault_words="Ayşe sent a picture")
    triage = confirm_triage(the_case(desk), form=form, by=agent, now=now)
    assert triage.fault_words == "Ayşe sent a picture"
    entry = ActionLog.objects.get(action="case.triage")
    assert "picture" not in str(entry.data)
    assert entry.data["fault_basis"] == "other"


def test_k34_earlier_failures_towards_an_author_are_counted_from_what_people_confirmed(
    make_comment: Make, desk: Desk, colleagues: Colleagues
) -> None:
    ours = replace(FORM, fault_share=60, fault_basis="order_data")
    for number, form in enumerate((ours, FORM, replace(ours, fault_share=0))):
        make_comment(external_id=f"r-{number}")
        colleagues.triage(the_case(desk), form)
    make_comment(external_id="r-9")
    make_comment(external_id="s-1", author=InboundAuthor("a-9", "can", "Can"))
    run_until_idle(desk)
    inputs = {
        case.comment.external_id: latest_decision(case).inputs["prior_failures"]  # type: ignore[union-attr]
        for case in Case.objects.all()
    }
    assert (inputs["r-9"], inputs["s-1"], inputs["r-0"]) == (1, 0, 0)


def test_failures_in_a_restricted_case_do_not_show_in_an_open_one(
    make_comment: Make, desk: Desk, colleagues: Colleagues
) -> None:
    make_comment(external_id="r-1")
    form = replace(ASKED, fault_share=60, fault_basis="order_data", flags=("legal_threat",))
    colleagues.triage(the_case(desk), form)
    assert Case.objects.get().lane == "legal"
    make_comment(external_id="r-2")
    decision = latest_decision(the_case(desk))
    assert decision is not None
    assert decision.inputs["prior_failures"] == 0
