"""The playbook of a workspace: drafted, checked and published by who may, and what decides from then on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from amends.accounts.models import TextDraft, TextKind, TextVersion, User, Workspace
from amends.accounts.permissions import NotAllowed
from amends.accounts.texts import TextConflict
from amends.cases.decide import latest_decision
from amends.cases.in_force import is_damaged, playbook_in_force, playbook_of, version_in_force
from amends.cases.models import Case
from amends.cases.publish_playbook import (
    begin_playbook_draft,
    check_draft,
    discard_playbook_draft,
    playbook_draft,
    publish_playbook,
    save_playbook_draft,
    take_back_playbook,
)
from amends.cases.transitions import NotPossible
from amends.record.models import ActionLog
from tests.support.playbooks import SHIPPED, another, broken, with_default

pytestmark = pytest.mark.django_db


def put_in_force(workspace: Workspace, text: str, *, by: User, now: datetime) -> TextVersion:
    """Draft and publish in one go."""
    draft = playbook_draft(workspace)
    draft = save_playbook_draft(
        workspace, text=text, revision=draft.revision if draft else 0, by=by, now=now
    )
    current = version_in_force(workspace)
    return publish_playbook(
        workspace,
        revision=draft.revision,
        after=current.number if current else 0,
        note="",
        by=by,
        now=now,
    )


def test_a_workspace_decides_by_what_ships_until_it_publishes(
    workspace: Workspace, lead: User, now: datetime, stranger: User
) -> None:
    assert playbook_in_force(workspace.pk).named.name == "general"
    version = put_in_force(workspace, another("mine"), by=lead, now=now)
    named = playbook_in_force(workspace.pk).named
    assert (named.version, named.digest) == ("mine", version.digest)
    elsewhere = stranger.memberships.get().workspace
    assert playbook_in_force(elsewhere.pk).named.version != "mine"
    entry = ActionLog.objects.get(action="playbook.publish")
    assert entry.data["digest"] == version.digest


def test_the_next_decision_goes_by_the_published_playbook(
    make_case: Callable[..., Case], workspace: Workspace, lead: User, now: datetime
) -> None:
    first = make_case("Kargom nerede?", external_id="a")
    put_in_force(workspace, another("mine"), by=lead, now=now)
    second = make_case("Hâlâ yok", external_id="b")
    before, after = latest_decision(first), latest_decision(second)
    assert before is not None
    assert after is not None
    assert before.playbook_version != "mine"
    assert after.playbook_version == "mine"


@pytest.mark.parametrize("who", ["agent", "counsel", "viewer", "stranger"])
def test_only_owners_and_leads_change_it(
    who: str, request: pytest.FixtureRequest, workspace: Workspace, lead: User, now: datetime
) -> None:
    person: User = request.getfixturevalue(who)
    save_playbook_draft(workspace, text=another(), revision=0, by=lead, now=now)
    asked = (
        lambda: save_playbook_draft(workspace, text="x", revision=1, by=person, now=now),
        lambda: begin_playbook_draft(workspace, source="", revision=1, by=person, now=now),
        lambda: discard_playbook_draft(workspace, revision=1, by=person),
        lambda: publish_playbook(workspace, revision=1, after=0, note="", by=person, now=now),
        lambda: take_back_playbook(workspace, number=0, after=0, by=person, now=now),
    )
    for verb in asked:
        with pytest.raises(NotAllowed):
            verb()
    assert TextDraft.objects.get().text == another()


def test_a_draft_with_mistakes_is_kept_but_not_published(
    workspace: Workspace, owner: User, now: datetime
) -> None:
    text, line = broken()
    draft = save_playbook_draft(workspace, text=text, revision=0, by=owner, now=now)
    checked = check_draft(workspace, text=draft.text)
    assert line in [one.line for one in checked.problems]
    with pytest.raises(NotPossible, match="mistakes"):
        publish_playbook(workspace, revision=1, after=0, note="", by=owner, now=now)
    assert not TextVersion.objects.exists()


def test_all_mistakes_are_named_at_once(workspace: Workspace) -> None:
    text, _line = broken()
    text = text.replace("gates:", "gatess:", 1)
    assert len(check_draft(workspace, text=text).problems) >= 2


def test_a_version_name_stands_for_one_text_only(
    workspace: Workspace, lead: User, now: datetime
) -> None:
    put_in_force(workspace, another("mine"), by=lead, now=now)
    (problem,) = check_draft(workspace, text=with_default("A2", version="mine")).problems
    text = another("mine").splitlines()
    assert text[problem.line - 1].startswith("version:")
    assert "raise it" in problem.message
    same_as_shipped = SHIPPED.replace("approval: A1", "approval: A2")
    assert not check_draft(workspace, text=same_as_shipped).is_sound
    assert check_draft(workspace, text=SHIPPED).is_sound


def test_nobodys_draft_is_overwritten(
    workspace: Workspace, lead: User, owner: User, now: datetime
) -> None:
    save_playbook_draft(workspace, text=another("a"), revision=0, by=lead, now=now)
    save_playbook_draft(workspace, text=another("b"), revision=1, by=owner, now=now)
    for revision in (0, 1):
        with pytest.raises(TextConflict):
            save_playbook_draft(workspace, text="c", revision=revision, by=lead, now=now)
    with pytest.raises(TextConflict):
        publish_playbook(workspace, revision=1, after=0, note="", by=lead, now=now)
    with pytest.raises(TextConflict):
        discard_playbook_draft(workspace, revision=1, by=lead)
    discard_playbook_draft(workspace, revision=2, by=lead)
    with pytest.raises(TextConflict, match="published or discarded"):
        save_playbook_draft(workspace, text="c", revision=2, by=owner, now=now)


def test_a_version_that_was_published_meanwhile_is_looked_at_first(
    workspace: Workspace, lead: User, owner: User, now: datetime
) -> None:
    put_in_force(workspace, another("a"), by=owner, now=now)
    draft = save_playbook_draft(workspace, text=another("b"), revision=0, by=lead, now=now)
    with pytest.raises(TextConflict, match="Another version"):
        publish_playbook(workspace, revision=draft.revision, after=0, note="", by=lead, now=now)


def test_an_old_version_comes_back_as_a_new_one_and_the_draft_stays(
    workspace: Workspace, lead: User, now: datetime
) -> None:
    first = put_in_force(workspace, another("a"), by=lead, now=now)
    put_in_force(workspace, another("b"), by=lead, now=now)
    save_playbook_draft(workspace, text="begun", revision=0, by=lead, now=now)
    third = take_back_playbook(workspace, number=1, after=2, by=lead, now=now)
    assert (third.number, third.text) == (3, first.text)
    assert third.note == "Version 1 again"
    draft = playbook_draft(workspace)
    assert draft is not None
    assert draft.text == "begun"
    with pytest.raises(NotPossible, match="in force already"):
        take_back_playbook(workspace, number=1, after=3, by=lead, now=now)
    with pytest.raises(NotPossible, match="no such version"):
        take_back_playbook(workspace, number=9, after=3, by=lead, now=now)
    shipped = take_back_playbook(workspace, number=0, after=3, by=lead, now=now)
    assert shipped.text == SHIPPED


@pytest.mark.parametrize("source", ["", "general", "v1"])
def test_a_draft_begins_from_what_is_there(
    source: str, workspace: Workspace, lead: User, now: datetime
) -> None:
    put_in_force(workspace, another("a"), by=lead, now=now)
    draft = begin_playbook_draft(workspace, source=source, revision=0, by=lead, now=now)
    assert draft.text == (SHIPPED if source == "general" else another("a"))
    for unknown in ("v7", "nothing", "../x"):
        with pytest.raises(NotPossible):
            begin_playbook_draft(workspace, source=unknown, revision=1, by=lead, now=now)


def test_lines_end_as_files_end_them(workspace: Workspace, lead: User, now: datetime) -> None:
    sent = another("a").replace("\n", "\r\n")
    version = put_in_force(workspace, sent, by=lead, now=now)
    assert version.text == another("a")
    assert playbook_of(version).named.digest == version.digest


def test_a_published_text_that_cannot_be_read_any_more_sends_every_case_to_a_person(
    make_case: Callable[..., Case], workspace: Workspace, lead: User, now: datetime
) -> None:
    TextVersion.objects.create(
        workspace=workspace,
        kind=TextKind.PLAYBOOK,
        number=1,
        text="kind: playbook\nfrom: another age\n",
        digest="d" * 64,
        published_at=now,
    )
    case = make_case()
    decision = latest_decision(case)
    assert decision is not None
    assert is_damaged(playbook_in_force(workspace.pk))
    assert (decision.rule_id, decision.approval) == ("error", "A2")
    assert decision.decision["kind"] == "error"
    assert "mend it" in decision.decision["say"]
    assert decision.playbook_digest == "d" * 64
    assert case.first_reply_due_at is not None
    put_in_force(workspace, another("a"), by=lead, now=now)
    assert not is_damaged(playbook_in_force(workspace.pk))
