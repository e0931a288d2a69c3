"""Policy and playbook are texts with versions: each kept, one draft beside them, nothing overwritten."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from amends.accounts.models import TextDraft, TextKind, User, Workspace
from amends.accounts.texts import (
    TextConflict,
    draft_of,
    publish_text,
    save_text_draft,
    text_in_force,
    text_versions,
)
from amends.record.models import ActionLog

pytestmark = pytest.mark.django_db
PLAYBOOK = TextKind.PLAYBOOK


def test_a_published_text_is_in_force_and_the_earlier_one_stays(
    workspace: Workspace, lead: User, now: datetime
) -> None:
    publish_text(workspace, kind=PLAYBOOK, text="a", after=0, by=lead, now=now)
    later = now + timedelta(days=1)
    publish_text(workspace, kind=PLAYBOOK, text="b", after=1, by=lead, now=later, note="why")

    in_force = text_in_force(workspace, kind=PLAYBOOK)
    assert in_force is not None
    assert (in_force.number, in_force.text) == (2, "b")
    then = text_in_force(workspace, kind=PLAYBOOK, at=now)
    assert then is not None
    assert then.text == "a"
    assert [one.number for one in text_versions(workspace, kind=PLAYBOOK)] == [2, 1]
    assert ActionLog.objects.filter(action="playbook.publish").count() == 2


def test_publishing_over_a_version_that_one_has_not_seen_is_refused(
    workspace: Workspace, lead: User, now: datetime
) -> None:
    publish_text(workspace, kind=PLAYBOOK, text="a", after=0, by=lead, now=now)
    with pytest.raises(TextConflict):
        publish_text(workspace, kind=PLAYBOOK, text="b", after=0, by=lead, now=now)


def test_a_draft_is_not_overwritten_by_somebody_who_saw_an_older_one(
    workspace: Workspace, lead: User, agent: User, now: datetime
) -> None:
    first = save_text_draft(workspace, kind=PLAYBOOK, text="a", revision=0, by=lead, now=now)
    assert first.revision == 1
    second = save_text_draft(workspace, kind=PLAYBOOK, text="b", revision=1, by=lead, now=now)
    assert second.revision == 2
    with pytest.raises(TextConflict):
        save_text_draft(workspace, kind=PLAYBOOK, text="c", revision=1, by=agent, now=now)
    kept = draft_of(workspace, kind=PLAYBOOK)
    assert kept is not None
    assert kept.text == "b"


def test_the_draft_ends_when_it_is_published(
    workspace: Workspace, lead: User, now: datetime
) -> None:
    save_text_draft(workspace, kind=PLAYBOOK, text="a", revision=0, by=lead, now=now)
    publish_text(workspace, kind=PLAYBOOK, text="a", after=0, by=lead, now=now)
    assert not TextDraft.objects.exists()
