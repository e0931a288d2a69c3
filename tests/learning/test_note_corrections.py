"""Corrections come from triages, once each, and only where an engine had spoken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from amends.accounts.models import User, Workspace
from amends.cases.models import Case
from amends.cases.triage import confirm_triage, suggest_triage
from amends.core.clock import ScriptedClock
from amends.inbox.models import Comment
from amends.learning.gather import gather_corrected_texts
from amends.learning.models import Correction
from amends.learning.note_corrections import note_all_corrections, note_corrections
from amends.learning.queries import correction_counts
from amends.learning.reassess import start_reassessment
from amends.pipeline.desk import Desk
from amends.pipeline.runner import run_until_idle
from amends.pipeline.steps import BACKGROUND
from amends.record.append_only import AppendOnlyError
from amends.record.log import COMMAND
from amends.record.redact import redact_content
from amends_engine.classifier import EngineName
from tests.support.desk import FORM
from tests.support.teachable import FakeCascade

pytestmark = pytest.mark.django_db
Triaged = Callable[[int], list[Case]]


def test_each_field_that_a_person_confirms_stands_beside_what_the_engine_said(
    triaged: Triaged,
) -> None:
    triaged(2)
    note_corrections()
    rows = {(one.field, one.said, one.label, one.is_change) for one in Correction.objects.all()}
    assert ("category", "business_error", "misunderstanding", True) in rows
    assert ("category", "business_error", "business_error", False) in rows
    assert ("complaint", "true", "true", False) in rows
    assert Correction.objects.count() == 10
    assert {one.engine_version for one in Correction.objects.all()} == {"2026.1.1"}


def test_noting_again_adds_nothing(triaged: Triaged) -> None:
    triaged(2)
    assert note_corrections() == 2
    assert note_corrections() == 0
    assert Correction.objects.count() == 10


def test_the_verdict_that_a_person_saw_counts_not_one_that_came_meanwhile(
    desk: Desk, make_comment: Callable[..., Comment], agent: User, clock: ScriptedClock
) -> None:
    make_comment("kutu kırık")
    run_until_idle(desk)
    case = Case.objects.get()
    seen = suggest_triage(case).verdict
    assert seen is not None
    desk.classifier = lambda: FakeCascade(
        engine=EngineName("cascade", "2026.2.1"), known={"kırık": ("category", "praise")}
    )
    start_reassessment(case.workspace_id, release=None, by=None, now=clock.now())
    clock.advance(timedelta(seconds=1))
    run_until_idle(desk, steps=BACKGROUND)
    form = replace(FORM, verdict_seen=seen.pk)
    triage = confirm_triage(case, form=form, by=agent, now=clock.now())
    assert (triage.verdict, triage.changed) == (seen, [])
    note_corrections()
    assert not Correction.objects.filter(is_change=True).exists()


def test_without_an_engine_there_is_nothing_to_correct(
    desk: Desk, make_comment: Callable[..., Comment], agent: User
) -> None:
    desk.classifier = lambda: None
    make_comment()
    run_until_idle(desk)
    confirm_triage(Case.objects.get(), form=FORM, by=agent, now=desk.clock.now())
    assert note_corrections() == 0
    assert not Correction.objects.exists()


def test_the_later_word_of_two_people_counts(
    triaged: Triaged, other_agent: User, workspace: Workspace, desk: Desk
) -> None:
    [case] = triaged(1)
    later = desk.clock.now() + timedelta(minutes=5)
    case.refresh_from_db()
    confirm_triage(case, form=replace(FORM, category="vague"), by=other_agent, now=later)
    note_all_corrections()
    [text] = gather_corrected_texts(workspace.pk)
    assert text.said["category"] == "vague"
    assert text.said["complaint"] is True


def test_what_stands_in_a_restricted_lane_is_neither_learned_nor_counted(
    triaged: Triaged, workspace: Workspace
) -> None:
    cases = triaged(3)
    note_all_corrections()
    Case.objects.filter(pk=cases[0].pk).update(lane="legal")
    assert len(gather_corrected_texts(workspace.pk)) == 2
    assert correction_counts(workspace)[0].count == 2


def test_erased_words_are_not_learned_from(triaged: Triaged, workspace: Workspace) -> None:
    cases = triaged(2)
    note_all_corrections()
    content = cases[0].comment.versions.get().content
    assert content is not None
    redact_content(content, actor=COMMAND, reason="asked for", now=content.created_at)
    assert len(gather_corrected_texts(workspace.pk)) == 1


def test_texts_of_another_workspace_are_not_learned_from(
    triaged: Triaged, make_workspace: Callable[[str], Workspace]
) -> None:
    triaged(2)
    note_all_corrections()
    assert gather_corrected_texts(make_workspace("far").pk) == []


def test_a_correction_is_never_changed(triaged: Triaged) -> None:
    triaged(1)
    note_corrections()
    with pytest.raises(AppendOnlyError):
        Correction.objects.update(label="praise")
