"""Replies on the page of a case: drafts, approval, delivery, and that nothing typed is ever lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from amends.accounts.models import Membership, User, Workspace
from amends.cases.models import Case
from amends.connectors.kit.events import EventKind, InboundEvent
from amends.core.vocabulary import GoneCause
from amends.inbox.capture import capture_event
from amends.inbox.models import ChannelAccount, Comment
from amends.replies.approve import approve_reply, ask_for_approval, reply_digest
from amends.replies.bystander import STATEMENTS
from amends.replies.draft import save_draft
from amends.replies.models import Delivery, Reply
from tests.web.conftest import words

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
TRIAGE = {
    "category": "business_error",
    "severity": "high",
    "arousal": "high",
    "sentiment": "negative",
    "is_complaint": "yes",
}
PART = {"HX-Request": "true"}


def url(case: Case, what: str = "") -> str:
    return f"/cases/C-{case.number}/{what}"


def edit(comment: Comment, *, text: str, at: datetime, account: ChannelAccount) -> None:
    """The author edits the comment on the channel."""
    from tests.support.comments import created

    event = created(
        comment.external_id, at=at, text=text, version_key=f"{comment.external_id}-v2", edited_at=at
    )
    capture_event(event, account=account, now=at)


def take_down(comment: Comment, *, at: datetime, account: ChannelAccount) -> None:
    """The comment disappears from the channel."""
    event = InboundEvent(
        key=f"{comment.external_id}@gone",
        kind=EventKind.DELETED,
        external_id=comment.external_id,
        observed_at=at,
        gone_cause=GoneCause.AUTHOR,
        gone_method="refetch",
        gone_confidence=0.8,
    )
    capture_event(event, account=account, now=at)


def test_a_reply_needs_a_confirmed_triage(case: Case, agent: User, sign_in: SignIn) -> None:
    response = sign_in(agent).post(url(case, "reply/"), headers=PART)
    assert response.status_code == 422
    assert "Confirm the triage first" in words(response)


def test_a_draft_saves_itself_and_says_when(draft: Reply, agent: User, sign_in: SignIn) -> None:
    response = sign_in(agent).post(
        url(draft.case, "reply/save/"),
        {"text": "Ayşe Hanım,\r\nözür dileriz", "revision": draft.revision},
        headers={"Accept": "application/json"},
    )
    answer = response.json()
    draft.refresh_from_db()
    assert draft.text == "Ayşe Hanım,\nözür dileriz"
    assert answer["revision"] == draft.revision == 2
    assert "Saved at" in answer["said"]


def test_two_texts_at_once_are_shown_side_by_side_and_neither_is_lost(
    draft: Reply, agent: User, other_agent: User, sign_in: SignIn, now: datetime
) -> None:
    save_draft(draft, text="Theirs", revision=1, by=other_agent, now=now)
    form = {"text": "Mine", "revision": 1}
    client = sign_in(agent)
    asked = client.post(
        url(draft.case, "reply/save/"), form, headers={"Accept": "application/json"}
    )
    assert asked.status_code == 409
    assert asked.json() == {"theirs": {"text": "Theirs", "revision": 2}}
    page = client.post(url(draft.case, "reply/ask/"), form)
    assert page.status_code == 409
    assert "Mine" in words(page)
    assert "Theirs" in words(page)
    draft.refresh_from_db()
    assert draft.text == "Theirs"


def test_an_empty_reply_is_not_handed_over(draft: Reply, agent: User, sign_in: SignIn) -> None:
    response = sign_in(agent).post(
        url(draft.case, "reply/ask/"), {"text": " ", "revision": draft.revision}, headers=PART
    )
    assert response.status_code == 422
    assert "The reply is empty" in words(response)


def ask(draft: Reply, *, by: User, now: datetime) -> None:
    ask_for_approval(draft, by=by, now=now, agreed=STATEMENTS)


def test_the_writer_cannot_approve_and_the_second_person_sees_exactly_what_goes_out(
    draft: Reply, agent: User, other_agent: User, sign_in: SignIn, now: datetime
) -> None:
    ask(draft, by=agent, now=now)
    own = words(sign_in(agent).get(url(draft.case)))
    assert "somebody else must approve it" in own
    assert 'id="approve"' not in own
    client = sign_in(other_agent)
    theirs = words(client.get(url(draft.case)))
    assert "This is exactly what will be sent" in theirs
    assert f'name="digest" value="{reply_digest(draft)}"' in theirs
    response = client.post(url(draft.case, "reply/approve/"), {"digest": reply_digest(draft)})
    assert response.status_code == 302
    assert Delivery.objects.get().approval.approved_by == other_agent


def test_an_approval_of_another_text_than_the_one_shown_is_refused(
    draft: Reply, agent: User, other_agent: User, sign_in: SignIn, now: datetime
) -> None:
    ask(draft, by=agent, now=now)
    response = sign_in(other_agent).post(
        url(draft.case, "reply/approve/"), {"digest": "0" * 64}, headers=PART
    )
    assert response.status_code == 422
    assert "read it again before you approve" in words(response)


def test_a_reply_goes_back_with_its_reason_and_the_writer_reads_it(
    draft: Reply, agent: User, other_agent: User, sign_in: SignIn, now: datetime
) -> None:
    ask(draft, by=agent, now=now)
    client = sign_in(other_agent)
    empty = client.post(url(draft.case, "reply/return/"), {"reason": ""}, headers=PART)
    assert empty.status_code == 422
    client.post(url(draft.case, "reply/return/"), {"reason": "Saat ver"})
    page = words(sign_in(agent).get(url(draft.case)))
    assert "sent it back:" in page
    assert "Saat ver" in page


def test_one_person_alone_waits_for_the_pause_and_then_approves(
    draft: Reply, agent: User, workspace: Workspace, sign_in: SignIn, now: datetime
) -> None:
    Membership.objects.exclude(user=agent).delete()
    ask(draft, by=agent, now=now)
    client = sign_in(agent)
    page = words(client.get(url(draft.case)))
    assert "You work alone here" in page
    assert "data-until" in page
    form = {"digest": reply_digest(draft)}
    assert client.post(url(draft.case, "reply/approve/"), form).status_code == 422
    Reply.objects.update(changed_at=now - timedelta(minutes=11))
    assert client.post(url(draft.case, "reply/approve/"), form).status_code == 302


def test_an_edit_after_the_draft_freezes_it_until_somebody_has_read_the_new_version(
    draft: Reply, account: ChannelAccount, agent: User, sign_in: SignIn, now: datetime
) -> None:
    edit(draft.comment, text="Kargom geldi", at=now, account=account)
    client = sign_in(agent)
    page = words(client.get(url(draft.case)))
    assert "The comment changed since v1" in page
    assert "<del>nerede" in page
    assert 'id="ask"' not in page
    assert "Merhaba Ayşe Hanım" in page
    client.post(url(draft.case, "reply/pin/"))
    assert "Answers v2 of the comment" in words(client.get(url(draft.case)))


def test_a_comment_that_is_gone_leaves_only_the_withdrawal(
    draft: Reply, account: ChannelAccount, agent: User, sign_in: SignIn, now: datetime
) -> None:
    take_down(draft.comment, at=now, account=account)
    client = sign_in(agent)
    page = words(client.get(url(draft.case)))
    assert "The comment is gone, so nothing is sent." in page
    assert 'id="pin"' not in page
    client.post(url(draft.case, "reply/withdraw/"))
    draft.refresh_from_db()
    assert draft.status == "withdrawn"


def test_an_approved_reply_is_posted_by_hand_and_confirmed(
    draft: Reply, agent: User, other_agent: User, sign_in: SignIn, now: datetime
) -> None:
    ask(draft, by=agent, now=now)
    approve_reply(draft, digest=reply_digest(draft), by=other_agent, now=now)
    client = sign_in(agent)
    page = words(client.get(url(draft.case)))
    assert 'data-copy="approved-text"' in page
    response = client.post(url(draft.case, "delivery/confirm/"), {"url": ""}, headers=PART)
    assert "Noted on your word" in words(response)
    assert Delivery.objects.get().status == "sent"


@pytest.mark.parametrize(
    ("status", "says"),
    [
        ("failed", "It was not sent."),
        ("unknown", "It is not known whether the reply arrived."),
        ("sending", "It is being sent right now."),
    ],
)
def test_the_way_of_a_reply_is_told_in_plain_words(
    status: str,
    says: str,
    draft: Reply,
    agent: User,
    other_agent: User,
    sign_in: SignIn,
    now: datetime,
) -> None:
    ask(draft, by=agent, now=now)
    approve_reply(draft, digest=reply_digest(draft), by=other_agent, now=now)
    Delivery.objects.update(status=status, mode="api", error_code="refused")
    page = words(sign_in(agent).get(url(draft.case)))
    assert says in page
    assert ("The channel refused." in page) is (status == "failed")


def test_what_became_of_an_unknown_reply_is_settled_by_a_person(
    draft: Reply, agent: User, other_agent: User, sign_in: SignIn, now: datetime
) -> None:
    ask(draft, by=agent, now=now)
    approve_reply(draft, digest=reply_digest(draft), by=other_agent, now=now)
    Delivery.objects.update(status="unknown", mode="api")
    sign_in(agent).post(
        url(draft.case, "delivery/settle/"), {"arrived": "yes", "url": "https://net.example/9"}
    )
    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.url) == ("sent", "https://net.example/9")


def test_a_second_send_of_something_that_is_gone_says_so(
    case: Case, agent: User, sign_in: SignIn
) -> None:
    response = sign_in(agent).post(url(case, "delivery/again/"), headers=PART)
    assert response.status_code == 422
    assert "There is no reply to this case any more" in words(response)
