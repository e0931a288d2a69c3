"""A post on the practice network that names the brand without its handle comes in; the others stay out."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from amends.accounts.models import Brand, User
from amends.core.clock import ScriptedClock
from amends.inbox.change_mentions import TermForm, change_mentions
from amends.inbox.match import places_from_json
from amends.inbox.models import ChannelAccount, Comment, Mention, RawEvent
from amends.inbox.queries import latest_version, mention_of
from amends.pipeline.desk import Desk
from amends.pipeline.runner import run_until_idle
from amends.sandbox.models import DeletedBy, Person, Post
from amends.sandbox.publish import PostDraft, delete_post, edit_post, publish_post

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.integration]
Say = Callable[[str], Post]


@pytest.fixture
def watch(shop_account: ChannelAccount, brand: Brand, owner: User, clock: ScriptedClock) -> None:
    change_mentions(
        brand,
        forms=[TermForm(name="Acme", exclusions=("Acme sokağı",))],
        query="",
        seen_version=0,
        by=owner,
        now=clock.now(),
    )


@pytest.fixture
def listen(desk: Desk, clock: ScriptedClock) -> Callable[[], None]:
    """Let the desk look once more."""

    def look() -> None:
        ChannelAccount.objects.update(due_at=clock.now())
        run_until_idle(desk)

    return look


@pytest.fixture
def say(customer: Person, clock: ScriptedClock) -> Say:
    def publish(text: str) -> Post:
        return publish_post(PostDraft(author=customer, text=text, lang="tr"), now=clock.now())

    return publish


def heard() -> dict[str, Comment]:
    return {one.external_id: one for one in Comment.objects.filter(is_context=False)}


@pytest.mark.usefixtures("watch")
def test_an_untagged_misspelt_post_lands_in_the_inbox_with_its_reason(
    listen: Callable[[], None], say: Say
) -> None:
    listen()
    post = say("Acmee kargo rezalet")
    say("bugün hava güzel")
    say("Acme sokağı trafiğe kapalı")
    listen()
    assert set(heard()) == {post.id}
    mention = mention_of(heard()[post.id].versions.get())
    assert mention is not None
    (place,) = places_from_json(mention.places)
    assert (place.term, place.kind, place.distance) == ("Acme", "misspelt", 1)


@pytest.mark.usefixtures("watch")
def test_what_was_posted_before_anybody_watched_stays_out(
    listen: Callable[[], None], say: Say
) -> None:
    say("Acmee kargo rezalet")
    listen()
    assert heard() == {}


@pytest.mark.usefixtures("shop_account")
def test_without_a_watch_only_what_is_said_to_us_comes_in(
    listen: Callable[[], None], say: Say
) -> None:
    listen()
    say("Acmee kargo rezalet")
    listen()
    assert heard() == {}
    assert ChannelAccount.objects.get().search_cursor == ""


@pytest.mark.usefixtures("watch")
def test_a_post_that_tags_and_names_us_comes_in_once(listen: Callable[[], None], say: Say) -> None:
    listen()
    post = say("@lumbara Acme kargo yok")
    listen()
    listen()
    assert set(heard()) == {post.id}
    assert RawEvent.objects.filter(external_id=post.id).count() == 1


@pytest.mark.usefixtures("watch")
def test_what_happens_to_an_untagged_post_afterwards_is_heard(
    listen: Callable[[], None], say: Say, clock: ScriptedClock
) -> None:
    listen()
    post = say("Acmee kargo rezalet")
    listen()
    edit_post(post, text="adını anmak istemediğim firma rezalet", now=clock.now())
    listen()
    comment = heard()[post.id]
    assert comment.versions.count() == 2
    assert mention_of(latest_version(comment)) is None  # its words name nobody any more
    delete_post(post, by=DeletedBy.AUTHOR, now=clock.now())
    listen()
    latest = latest_version(comment)
    assert latest is not None
    assert latest.is_tombstone


@pytest.mark.usefixtures("watch")
def test_a_post_that_names_us_only_after_an_edit_comes_in(
    listen: Callable[[], None], say: Say, clock: ScriptedClock
) -> None:
    listen()
    post = say("kargo rezalet")
    listen()
    edit_post(post, text="Acme'nin kargosu rezalet", now=clock.now())
    listen()
    assert set(heard()) == {post.id}
    assert Mention.objects.count() == 1
