"""The whole journey without a browser: real HTTP, the real engine, a log that verifies at its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings

from amends.accounts.models import Brand, User, Workspace
from amends.cases.models import Case, Verdict
from amends.cases.triage import suggest_triage
from amends.core.clock import ScriptedClock
from amends.inbox.connect import connect_account
from amends.inbox.models import ChannelAccount, Comment
from amends.inbox.queries import last_words, versions_of
from amends.pipeline.act import triage_and_decide
from amends.pipeline.desk import Desk
from amends.pipeline.runner import run_until_idle
from amends.pipeline.schedule import seal_record
from amends.record.models import ActionLog
from amends.record.verify import measure, verify_record
from amends.replies.approve import approve_reply, ask_for_approval, reply_digest
from amends.replies.bystander import STATEMENTS
from amends.replies.draft import begin_reply, save_draft
from amends.replies.models import Delivery, Reply
from amends.replies.promise import make_promise, time_named
from amends.sandbox.models import DeletedBy, Person, Post
from amends.sandbox.people import issue_token
from amends.sandbox.publish import PostDraft, delete_post, edit_post, publish_post

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.integration]
COMPLAINT = "@lumbara Kargom 6 gündür yok, arıyorum açan yok!!"
PROMISE = "Yarın 18.00'e kadar elinizde."
ANSWER = f"Ayşe Hanım, paketiniz bugün yola çıktı. {PROMISE} Elif"


def promise_the_parcel(reply: Reply, *, by: User, now: datetime) -> None:
    """Enter what the answer promises into the register."""
    until = time_named(PROMISE, case=reply.case, now=now)
    make_promise(reply.case, text=PROMISE, owner=by, promised_for=until, by=by, now=now)


@pytest.fixture(autouse=True)
def _own_record(settings: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Heads and keys of this test alone: its log begins empty."""
    settings.DATA_DIR, settings.KEYS_DIR = tmp_path, tmp_path / "keys"


@pytest.fixture
def desk(clock: ScriptedClock) -> Desk:
    """With the engine that is shipped."""
    return Desk(clock=clock)


@pytest.fixture
def clock() -> ScriptedClock:
    """The sandbox lives by the real time, so the desk begins there."""
    return ScriptedClock(datetime.now(UTC))


@pytest.fixture
def account(
    live_server: object,
    workspace: Workspace,
    brand: Brand,
    owner: User,
    clock: ScriptedClock,
    settings: pytest.FixtureRequest,
) -> ChannelAccount:
    shop = Person.objects.create(handle="lumbara", name="Lumbara", language="tr", is_brand=True)
    address = str(live_server)
    settings.OUTBOUND_ALLOW = [urlsplit(address).netloc]
    return connect_account(
        workspace,
        brand=brand,
        kind="sandbox",
        values={"base_url": f"{address}/sandbox/api", "token": issue_token(shop)},
        by=owner,
        now=clock.now(),
    )


@pytest.fixture
def customer(db: None) -> Person:
    return Person.objects.create(handle="ayse", name="Ayşe K.", language="tr", followers=212)


@pytest.fixture
def let_pass(desk: Desk, clock: ScriptedClock) -> Callable[[int], None]:
    """Some seconds go by, and the desk does what is due in each."""

    def run(seconds: int = 5) -> None:
        for _ in range(seconds):
            clock.advance(timedelta(seconds=1))
            run_until_idle(desk)

    return run


def complain(customer: Person, clock: ScriptedClock) -> Post:
    draft = PostDraft(author=customer, text=COMPLAINT, lang="tr")
    return publish_post(draft, now=clock.now())


def test_a_complaint_is_heard_understood_answered_and_followed_to_its_end(
    account: ChannelAccount,
    customer: Person,
    desk: Desk,
    clock: ScriptedClock,
    let_pass: Callable[..., None],
    agent: User,
    other_agent: User,
) -> None:
    post = complain(customer, clock)
    let_pass()

    comment = Comment.objects.get()
    assert (comment.external_id, str(comment.author)) == (post.id, "Ayşe K.")
    verdict = Verdict.objects.get()
    assert (verdict.language, verdict.sentiment, verdict.is_complaint) == ("tr", "negative", True)
    case = Case.objects.get()
    assert case.decisions.get().verdict == verdict
    assert case.first_reply_due_at is not None

    form = replace(suggest_triage(case).form, category="business_error")
    triage_and_decide(case, form=form, by=agent, now=clock.now(), desk=desk)
    reply = begin_reply(Case.objects.get(), by=agent, now=clock.now())
    reply = save_draft(reply, text=ANSWER, revision=0, by=agent, now=clock.now())
    promise_the_parcel(reply, by=agent, now=clock.now())
    ask_for_approval(reply, by=agent, now=clock.now(), agreed=STATEMENTS)
    seen = Reply.objects.get()
    approve_reply(seen, digest=reply_digest(seen), by=other_agent, now=clock.now())
    let_pass()

    (answer,) = Post.objects.filter(parent=post)
    assert (answer.text, answer.author.handle) == (ANSWER, "lumbara")
    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.external_id, delivery.is_verified) == (
        "sent",
        answer.id,
        True,
    )
    assert Case.objects.get().status == "answered"
    ours = Comment.objects.get(is_ours=True)  # heard again as context, not as a case
    assert (ours.external_id, Case.objects.count()) == (answer.id, 1)

    edit_post(post, text="@lumbara Kargom geldi, teşekkürler", now=clock.now())
    let_pass()
    assert [one.text for one in versions_of(comment)] == [
        COMPLAINT,
        "@lumbara Kargom geldi, teşekkürler",
    ]
    delete_post(Post.objects.get(pk=post.pk), by=DeletedBy.AUTHOR, now=clock.now())
    let_pass()
    *words, tombstone = versions_of(comment)
    assert (tombstone.is_tombstone, tombstone.gone_cause, tombstone.gone_confidence) == (
        True,
        "author",
        1.0,
    )
    assert last_words([*words, tombstone]) == words[-1]
    assert words[0].text == COMPLAINT  # what was captured stays

    actions = set(ActionLog.objects.values_list("action", flat=True))
    expected = {"channel.connect", "case.open", "case.triage", "case.move", "reply.ask"}
    assert actions >= expected | {"reply.approve", "reply.send"}
    assert problems_of_the_log(clock) == []


def test_the_author_deletes_before_it_is_approved_and_nothing_is_sent(
    account: ChannelAccount,
    customer: Person,
    desk: Desk,
    clock: ScriptedClock,
    let_pass: Callable[..., None],
    agent: User,
    other_agent: User,
) -> None:
    post = complain(customer, clock)
    let_pass()
    form = suggest_triage(Case.objects.get()).form
    triage_and_decide(Case.objects.get(), form=form, by=agent, now=clock.now(), desk=desk)
    reply = begin_reply(Case.objects.get(), by=agent, now=clock.now())
    reply = save_draft(reply, text=ANSWER, revision=0, by=agent, now=clock.now())
    promise_the_parcel(reply, by=agent, now=clock.now())
    ask_for_approval(reply, by=agent, now=clock.now(), agreed=STATEMENTS)
    approve_reply(reply, digest=reply_digest(reply), by=other_agent, now=clock.now())
    delete_post(post, by=DeletedBy.AUTHOR, now=clock.now())  # in the moment before sending
    let_pass()
    assert not Post.objects.filter(parent=post).exists()
    assert Reply.objects.get().status == "frozen"
    assert Comment.objects.get(is_ours=False).versions.filter(is_tombstone=True).count() == 1


def test_a_desk_that_slept_catches_up_and_asks_nobody_twice(
    account: ChannelAccount,
    customer: Person,
    clock: ScriptedClock,
    let_pass: Callable[..., None],
) -> None:
    posts = [complain(customer, clock) for _ in range(7)]
    edit_post(posts[0], text="@lumbara yine yok", now=clock.now())
    delete_post(posts[1], by=DeletedBy.PLATFORM, now=clock.now())
    let_pass()
    ChannelAccount.objects.update(cursor="")  # the cursor was lost: everything is heard again
    let_pass()
    assert Comment.objects.count() == Case.objects.count() == 7
    edited = Comment.objects.get(external_id=posts[0].id)
    assert [one.text for one in versions_of(edited)] == [COMPLAINT, "@lumbara yine yok"]
    gone = Comment.objects.get(external_id=posts[1].id)
    assert versions_of(gone)[-1].gone_cause == "platform"


def problems_of_the_log(clock: ScriptedClock) -> list[object]:
    """What `amends log verify` would say after the log was sealed."""
    seal_record(clock.now())
    heads = Path(django_settings.DATA_DIR) / "log-heads.jsonl"
    return list(verify_record(measure(heads), keys_dir=django_settings.KEYS_DIR, heads_file=heads))
