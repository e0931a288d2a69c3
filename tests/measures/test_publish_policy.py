"""A policy is drafted by few, published only when sound, and every version that was public stays."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from amends.accounts.models import Brand, TextDraft, TextVersion, User
from amends.accounts.permissions import NotAllowed
from amends.accounts.texts import TextConflict
from amends.core.policy.schema import read_shipped_policy
from amends.core.policy.terms import Tier
from amends.measures.publish_policy import (
    PolicyRefused,
    check_text,
    clause,
    discard_policy_draft,
    draft_policy,
    policy_draft,
    policy_in_force,
    publish_policy,
    published_policies,
)
from amends.record.models import ActionLog
from tests.core.policy.support import SMALL

pytestmark = pytest.mark.django_db
STARTING = read_shipped_policy().decode()
SMALLER = SMALL.decode()


@pytest.fixture
def published(brand: Brand, lead: User, now: datetime) -> TextVersion:
    return publish_policy(brand, text=STARTING, after=0, note="", by=lead, now=now).version


def test_the_policy_in_force_is_the_one_that_was_public_at_the_moment(
    brand: Brand, lead: User, now: datetime
) -> None:
    later = now + timedelta(days=9)
    publish_policy(brand, text=STARTING, after=0, note="", by=lead, now=now)
    publish_policy(brand, text=SMALLER, after=1, note="Shorter.", by=lead, now=later)

    assert policy_in_force(brand, at=now - timedelta(seconds=1)) is None
    then = policy_in_force(brand, at=later - timedelta(seconds=1))
    assert then is not None
    assert (then.number, len(then.policy.clauses), then.published_at) == (1, 9, now)
    since = policy_in_force(brand, at=later)
    assert since is not None
    assert (since.number, since.version.note) == (2, "Shorter.")
    assert [one.number for one in published_policies(brand)] == [2, 1]


@pytest.mark.usefixtures("published")
def test_a_clause_is_found_with_its_ground_tier_and_words(brand: Brand, now: datetime) -> None:
    policy = policy_in_force(brand, at=now)
    assert policy is not None
    found = clause(policy, "threats")
    assert found is not None
    assert (found.ground, found.tier) == ("threat", Tier.A)
    text = found.text("nl")
    assert all((text.title, text.rule, text.example, text.consequence))
    assert clause(policy, "criticism") is None


@pytest.mark.parametrize("role", ["agent", "viewer", "stranger"])
def test_who_may_not_edit_is_refused_everywhere(
    role: str, brand: Brand, request: pytest.FixtureRequest, now: datetime
) -> None:
    person = request.getfixturevalue(role)
    with pytest.raises(NotAllowed):
        draft_policy(brand, text=STARTING, revision=0, by=person, now=now)
    with pytest.raises(NotAllowed):
        publish_policy(brand, text=STARTING, after=0, note="", by=person, now=now)
    with pytest.raises(NotAllowed):
        discard_policy_draft(brand, by=person)
    assert not TextVersion.objects.exists()


@pytest.mark.parametrize("role", ["owner", "lead", "counsel"])
def test_owner_lead_and_counsel_publish_and_the_log_says_so(
    role: str, brand: Brand, request: pytest.FixtureRequest, now: datetime
) -> None:
    person = request.getfixturevalue(role)
    draft_policy(brand, text=STARTING, revision=0, by=person, now=now)
    publish_policy(brand, text=STARTING, after=0, note="First.", by=person, now=now)
    entry = ActionLog.objects.get(action="policy.publish")
    assert (entry.actor_label, entry.data["number"]) == (str(person), 1)
    assert not TextDraft.objects.exists()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "kind: playbook\n",
        STARTING.replace("Do not insult anybody", "Do not criticise anybody"),
        SMALLER.replace("        example: You cow.\n", ""),
    ],
)
def test_publishing_is_refused_while_the_lint_has_errors(
    text: str, brand: Brand, lead: User, now: datetime
) -> None:
    with pytest.raises(PolicyRefused) as caught:
        publish_policy(brand, text=text, after=0, note="", by=lead, now=now)
    assert caught.value.problems
    assert not TextVersion.objects.exists()
    assert not ActionLog.objects.exists()


def test_an_unsound_draft_is_kept_all_the_same(brand: Brand, lead: User, now: datetime) -> None:
    draft_policy(brand, text="kind: policy\n", revision=0, by=lead, now=now)
    draft = policy_draft(brand)
    assert draft is not None
    assert check_text(brand, text=draft.text).errors
    with pytest.raises(PolicyRefused):
        draft_policy(brand, text="x" * 300_000, revision=draft.revision, by=lead, now=now)


def test_nobodys_change_is_lost(
    brand: Brand, lead: User, counsel: User, published: TextVersion, now: datetime
) -> None:
    draft_policy(brand, text=STARTING, revision=0, by=lead, now=now)
    with pytest.raises(TextConflict):
        draft_policy(brand, text=SMALLER, revision=0, by=counsel, now=now)
    publish_policy(brand, text=SMALLER, after=1, note="", by=lead, now=now)
    with pytest.raises(TextConflict):
        publish_policy(brand, text=STARTING, after=published.number, note="", by=counsel, now=now)


@pytest.mark.usefixtures("published")
def test_the_policy_of_another_brand_is_not_ours(brand: Brand, lead: User, now: datetime) -> None:
    other = Brand.objects.create(workspace=brand.workspace, name="Other", slug="other")
    assert policy_in_force(other, at=now) is None
    publish_policy(other, text=SMALLER, after=0, note="", by=lead, now=now)
    mine = policy_in_force(brand, at=now)
    assert mine is not None
    assert len(mine.policy.clauses) == 9


def test_a_language_that_the_brand_speaks_and_the_policy_does_not_is_only_a_warning(
    brand: Brand, lead: User, now: datetime
) -> None:
    assert len(check_text(brand, text=SMALLER).warnings) == 4
    assert publish_policy(brand, text=SMALLER, after=0, note="", by=lead, now=now).number == 1
