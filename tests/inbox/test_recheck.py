"""Looking again: what the channel tells nobody is noticed all the same, and nothing is noted twice."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from amends.core.clock import ScriptedClock
from amends.inbox.models import ChannelAccount, Comment
from amends.inbox.queries import latest_version, versions_of
from amends.inbox.recheck import AGES, next_look, recheck_comment, recheck_due
from amends.pipeline.desk import Desk
from amends.pipeline.runner import run_until_idle
from amends.pipeline.steps import STEPS
from amends.sandbox.models import DeletedBy, Person, Post
from amends.sandbox.publish import PostDraft, delete_post, edit_post, publish_post

pytestmark = pytest.mark.django_db(transaction=True)
HEARING = [step for step in STEPS if step.name in {"listen", "capture"}]


@pytest.fixture
def post(shop_account: ChannelAccount, customer: Person, clock: ScriptedClock) -> Post:
    """A comment that the desk has heard; from here on it hears nothing more by itself."""
    draft = PostDraft(author=customer, text="@lumbara kargom nerede?", lang="tr")
    post = publish_post(draft, now=clock.now())
    clock.advance(timedelta(seconds=1))
    run_until_idle(Desk(clock=clock), steps=HEARING)
    ChannelAccount.objects.update(next_step="", due_at=None)
    return post


def comment_of(post: Post) -> Comment:
    return Comment.objects.select_related("account").get(external_id=post.id)


def texts(comment: Comment) -> list[str]:
    return ["†" if one.is_tombstone else one.text for one in versions_of(comment)]


def test_an_unchanged_comment_makes_no_version(post: Post, clock: ScriptedClock) -> None:
    clock.advance(timedelta(minutes=1))
    assert recheck_comment(comment_of(post), clock=clock) is None
    assert len(texts(comment_of(post))) == 1


def test_an_edit_is_noticed_once(post: Post, clock: ScriptedClock) -> None:
    clock.advance(timedelta(minutes=1))
    edit_post(post, text="@lumbara kargom geldi", now=clock.now())
    assert recheck_comment(comment_of(post), clock=clock) is not None
    clock.advance(timedelta(minutes=1))
    assert recheck_comment(comment_of(post), clock=clock) is None
    assert texts(comment_of(post)) == ["@lumbara kargom nerede?", "@lumbara kargom geldi"]


def test_a_deletion_is_noticed_once_with_its_cause(post: Post, clock: ScriptedClock) -> None:
    clock.advance(timedelta(minutes=1))
    delete_post(post, by=DeletedBy.PLATFORM, now=clock.now())
    for _ in range(2):
        recheck_comment(comment_of(post), clock=clock)
        clock.advance(timedelta(minutes=1))
    assert texts(comment_of(post)) == ["@lumbara kargom nerede?", "†"]
    tombstone = latest_version(comment_of(post))
    assert tombstone is not None
    assert tombstone.gone_cause == "platform"


def test_words_that_come_back_are_a_new_version(post: Post, clock: ScriptedClock) -> None:
    for text in ("@lumbara boş verin", "@lumbara kargom nerede?"):
        clock.advance(timedelta(minutes=1))
        edit_post(post, text=text, now=clock.now())
        recheck_comment(comment_of(post), clock=clock)
    assert texts(comment_of(post)) == [
        "@lumbara kargom nerede?",
        "@lumbara boş verin",
        "@lumbara kargom nerede?",
    ]


def test_the_clock_looks_again_by_age_and_ever_more_rarely(
    post: Post, clock: ScriptedClock
) -> None:
    comment = comment_of(post)
    looks = []
    for _ in range(4):
        due = comment_of(post).recheck_at
        assert due is not None
        clock.move_to(due)
        assert recheck_due(clock=clock) == 1
        looks.append(due - comment.published_at)
    gaps = [later - earlier for earlier, later in pairwise(looks)]
    assert gaps == sorted(gaps)
    assert recheck_due(clock=clock) == 0


def test_an_old_comment_is_left_alone(post: Post, clock: ScriptedClock) -> None:
    comment = comment_of(post)
    assert next_look(comment, now=comment.published_at + AGES[-1]) is None


def test_a_channel_in_trouble_is_not_asked_for_every_comment(
    post: Post, clock: ScriptedClock, settings: object
) -> None:
    settings.OUTBOUND_ALLOW = []  # type: ignore[attr-defined]
    clock.advance(timedelta(minutes=1))
    recheck_due(clock=clock)
    due = comment_of(post).recheck_at
    assert due is None or due > clock.now()
    assert len(texts(comment_of(post))) == 1
