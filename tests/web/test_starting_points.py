"""The page of the starting points, their menu in the editor, and what the channel shows of a reply."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from amends.accounts.models import User, Workspace
from amends.cases.models import Case
from amends.core.starting.points import StartingPoint
from amends.inbox.capture import capture_event
from amends.inbox.models import ChannelAccount
from amends.replies.draft import save_draft
from amends.replies.models import (
    Approval,
    Delivery,
    DeliveryMode,
    DeliveryStatus,
    Reply,
    ReplyStatus,
)
from amends.replies.queries import reply_digest
from amends.replies.starting_points import change_points, points_in_force
from tests.support.comments import created
from tests.web.conftest import words

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
PAGE = "/settings/templates/"
FORM = {
    "title": "Kargo gecikti",
    "language": "tr",
    "category": "business_error",
    "text": "{author} Hanım, paketiniz gecikti.",
    "after": 0,
}


def test_a_lead_writes_changes_and_takes_away(
    workspace: Workspace, lead: User, sign_in: SignIn
) -> None:
    client = sign_in(lead)
    assert "There is none yet" in words(client.get(PAGE))
    assert client.post(PAGE, FORM).status_code == 302
    (point,) = points_in_force(workspace)
    assert (point.title, point.text) == (FORM["title"], FORM["text"])
    assert "Kargo gecikti" in words(client.get(f"{PAGE}?edit={point.code}"))
    client.post(PAGE, FORM | {"code": point.code, "title": "Kargo", "after": 1})
    assert [one.title for one in points_in_force(workspace)] == ["Kargo"]
    late = client.post(PAGE, FORM | {"after": 1})
    assert late.status_code == 409
    assert "paketiniz gecikti" in words(late), "what was typed stays"
    client.post(f"{PAGE}remove/", {"code": point.code, "after": 2})
    assert points_in_force(workspace) == ()
    assert "Kargo gecikti" in client.get(f"{PAGE}?version=1").content.decode()
    assert client.get(f"{PAGE}?version=9").status_code == 404


def test_a_word_in_braces_that_is_no_variable_is_said_beside_the_text(
    lead: User, sign_in: SignIn
) -> None:
    answer = sign_in(lead).post(PAGE, FORM | {"text": "Sayın {isim}"})
    assert answer.status_code == 422
    assert "{isim} is no variable" in words(answer)


def test_an_agent_reads_them_and_changes_nothing(
    workspace: Workspace, agent: User, sign_in: SignIn
) -> None:
    client = sign_in(agent)
    assert "A new starting point" not in words(client.get(PAGE))
    assert client.post(PAGE, FORM).status_code == 403


def test_an_empty_draft_offers_them_and_begins_from_one(
    draft: Reply, agent: User, lead: User, sign_in: SignIn, now: datetime
) -> None:
    text = "Merhaba {author}, […] Sorununuzu okudum."
    point = StartingPoint(code="a", title="Genel", language="tr", text=text)
    change_points(draft.workspace, to=[point], after=0, by=lead, now=now)
    Reply.objects.filter(pk=draft.pk).update(language="tr")
    client, url = sign_in(agent), f"/cases/C-{draft.case.number}/"
    refused = client.post(f"{url}reply/start/", {"code": "a"})
    assert refused.status_code == 422
    save_draft(draft, text="", revision=draft.revision, by=agent, now=now)
    page = client.get(url).content.decode()
    assert 'id="starting-points"' in page
    assert "Genel" in page
    assert client.post(f"{url}reply/start/", {"code": "a"}).status_code == 302
    assert Reply.objects.get().text == "Merhaba Ayşe, […] Sorununuzu okudum."


@pytest.fixture
def sent(draft: Reply, lead: User, now: datetime) -> Reply:
    """The draft as it is when it stands on its channel."""
    approval = Approval.objects.create(
        reply=draft,
        revision=draft.revision,
        digest=reply_digest(draft),
        approved_by=lead,
        approved_at=now,
    )
    Delivery.objects.create(
        workspace=draft.workspace,
        reply=draft,
        approval=approval,
        account=draft.account,
        mode=DeliveryMode.API,
        status=DeliveryStatus.SENT,
        idempotency_key="key",
        created_at=now,
        sent_at=now,
        external_id="ours-1",
    )
    Reply.objects.filter(pk=draft.pk).update(status=ReplyStatus.SENT)
    return draft


def seen_on_the_channel(text: str, *, account: ChannelAccount, at: datetime, key: str) -> None:
    event = created("ours-1", at=at, text=text, is_ours=True, version_key=key)
    capture_event(event, account=account, now=at)


def test_what_was_approved_stands_beside_what_the_channel_shows(
    sent: Reply, agent: User, sign_in: SignIn, now: datetime
) -> None:
    client, url = sign_in(agent), f"/cases/C-{sent.case.number}/"
    assert "has not read it back" in words(client.get(url))
    seen_on_the_channel("Merhaba Ayşe Hanım \r\n", account=sent.account, at=now, key="1")
    page = words(client.get(url))
    assert "exactly what was approved" in page
    assert "What the channel shows" not in page
    later = now + timedelta(seconds=2)
    seen_on_the_channel("Merhaba Ayşe Hanım!", account=sent.account, at=later, key="2")
    page = client.get(url)
    assert "shows something else than was approved" in words(page)
    assert "What the channel shows" in words(page)
    assert "<ins>" in page.content.decode()


def test_comparing_costs_the_same_for_one_reply_and_for_none_captured(
    sent: Reply,
    agent: User,
    case: Case,
    sign_in: SignIn,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    from amends.replies.queries import sent_replies
    from amends.web.sent_view import read_sent

    with django_assert_max_num_queries(4):
        (view,) = read_sent(sent_replies(case))
    assert view.state == "unseen"
