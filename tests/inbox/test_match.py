"""A brand is recognised in words that nobody addressed to it, and the reason is kept without the words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from amends.accounts.models import Brand, User, Workspace
from amends.accounts.permissions import NotAllowed
from amends.inbox.capture import capture_event
from amends.inbox.change_mentions import (
    ChangedMeanwhile,
    MentionsRefused,
    TermForm,
    change_mentions,
)
from amends.inbox.match import places_from_json, rule_in_force
from amends.inbox.models import ChannelAccount, Comment, Mention, MentionQuery
from amends.inbox.queries import mention_of, mention_queries_visible_to
from amends.record.models import ActionLog
from tests.support.comments import created

pytestmark = pytest.mark.django_db
ACME = TermForm(name="Acme")
Change = Callable[..., MentionQuery]


@pytest.fixture
def change(brand: Brand, lead: User, now: datetime) -> Change:
    def save(*forms: TermForm, query: str = "", seen: int = 0, by: User = lead) -> MentionQuery:
        return change_mentions(brand, forms=forms, query=query, seen_version=seen, by=by, now=now)

    return save


def places(comment: Comment) -> list[Any]:
    mention = mention_of(comment.versions.get())
    return places_from_json(mention.places) if mention else []


def test_an_untagged_and_misspelt_name_is_recognised(
    change: Change, make_comment: Callable[..., Comment]
) -> None:
    change(ACME)
    (place,) = places(make_comment("Acmee kargo rezalet"))
    assert (place.start, place.end, place.term, place.kind) == (0, 5, "Acme", "misspelt")


def test_what_names_nobody_leaves_no_mention(
    change: Change, make_comment: Callable[..., Comment]
) -> None:
    change(ACME)
    make_comment("Kargom nerede?")
    assert not Mention.objects.exists()


def test_the_query_decides_not_the_name_alone(
    change: Change, make_comment: Callable[..., Comment]
) -> None:
    change(ACME, query='brand:acme -"iş ilanı"')
    assert not places(make_comment("Acme iş ilanı arıyor"))
    assert places(make_comment("Acme kargo yok"))


def test_a_mention_keeps_places_and_never_words(
    change: Change, make_comment: Callable[..., Comment]
) -> None:
    change(ACME)
    make_comment("Acmee kargo rezalet")
    assert "Acmee" not in str(Mention.objects.get().places)


def test_our_own_posts_mention_nobody(change: Change, make_comment: Callable[..., Comment]) -> None:
    change(ACME)
    make_comment("Acme yanınızda", is_ours=True)
    assert not Mention.objects.exists()


def test_what_stood_in_a_thread_before_it_was_found_is_recognised_as_well(
    change: Change, account: ChannelAccount, now: datetime
) -> None:
    change(ACME)
    event = created("c-9", at=now, text="Acmee kargo rezalet")
    capture_event(event, account=account, now=now, is_context=True)
    assert not Mention.objects.exists()
    capture_event(event, account=account, now=now)
    assert Mention.objects.count() == 1
    assert not Comment.objects.get().is_context


def test_every_change_adds_a_version_and_stands_in_the_log(
    change: Change, brand: Brand, viewer: User, stranger: User
) -> None:
    change(ACME)
    change(ACME, TermForm(name="Acme Kargo", kind="product"), query="brand:acme", seen=1)
    versions = mention_queries_visible_to(viewer, brand=brand)
    assert [row.version for row in versions] == [2, 1]
    assert not mention_queries_visible_to(stranger, brand=brand).exists()
    entries = ActionLog.objects.filter(action="mentions.change")
    assert [entry.data["version"] for entry in entries.order_by("pk")] == [1, 2]


def test_saving_what_stands_already_adds_nothing(change: Change) -> None:
    first = change(ACME)
    assert change(ACME, seen=1) == first


def test_two_people_at_once_do_not_overwrite_each_other(change: Change) -> None:
    change(ACME)
    with pytest.raises(ChangedMeanwhile):
        change(TermForm(name="Other"), seen=0)
    assert MentionQuery.objects.count() == 1


def test_only_owners_and_leads_say_what_counts(
    change: Change, owner: User, agent: User, counsel: User, viewer: User, stranger: User
) -> None:
    for person in (agent, counsel, viewer, stranger):
        with pytest.raises(NotAllowed):
            change(ACME, by=person)
    assert change(ACME, by=owner).version == 1


@pytest.mark.parametrize(
    ("forms", "query", "field", "row", "code"),
    [
        ([TermForm(name="?!")], "", "name", 0, "bad_key"),
        ([ACME, TermForm(name="Lumbara", variants=("x",))], "", "variants", 1, "too_short"),
        ([ACME, TermForm(name="ACME")], "", "name", 1, "repeated"),
        ([ACME], "brand:acne", "query", -1, "unknown_term"),
        ([ACME], "(acme", "query", -1, "unclosed_parenthesis"),
    ],
)
def test_what_cannot_be_used_names_its_field(
    change: Change, forms: list[TermForm], query: str, field: str, row: int, code: str
) -> None:
    with pytest.raises(MentionsRefused) as refused:
        change(*forms, query=query)
    assert (refused.value.field, refused.value.row, refused.value.code) == (field, row, code)
    assert not MentionQuery.objects.exists()


def test_a_version_that_cannot_be_used_any_more_keeps_nothing_out(
    brand: Brand, lead: User, make_comment: Callable[..., Comment], now: datetime
) -> None:
    MentionQuery.objects.create(
        workspace=brand.workspace,
        brand=brand,
        version=1,
        terms=[{"key": "acme"}],
        changed_by=lead,
        changed_at=now,
    )
    assert rule_in_force(brand.pk) is None
    assert make_comment("Acmee kargo rezalet").versions.count() == 1


def test_without_names_the_watch_is_off(change: Change, brand: Brand) -> None:
    change(ACME)
    change(seen=1)
    assert rule_in_force(brand.pk) is None


def test_each_brand_has_a_watch_of_its_own(
    change: Change, workspace: Workspace, make_comment: Callable[..., Comment]
) -> None:
    other = Brand.objects.create(workspace=workspace, name="Other", slug="other")
    change(ACME)
    assert rule_in_force(other.pk) is None
