"""The page of a case: what it shows, what is done there, and that nothing typed is ever lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from amends.accounts.models import User
from amends.cases.models import Case, Note, Triage
from amends.connectors.kit.events import EventKind, InboundAttachment, InboundEvent
from amends.core.vocabulary import GoneCause
from amends.inbox.capture import capture_event
from amends.inbox.models import ChannelAccount, Comment
from amends.inbox.queries import latest_version
from amends.replies.models import Reply
from tests.web.conftest import judge, words

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


def test_it_shows_the_words_their_author_and_what_the_engine_rests_on(
    case: Case, agent: User, sign_in: SignIn
) -> None:
    version = latest_version(case.comment)
    assert version is not None
    judge(version, is_sure=False)
    page = words(sign_in(agent).get(url(case)))
    assert "<mark" in page
    assert '<mark title="Severity">Kargom</mark> nerede?' in page
    assert '<q class="small" dir="auto">Kargom</q>' in page
    assert "judged by screen test" in page
    assert "not sure" in page
    assert "business error" in page
    assert "legal threat" in page


def test_an_edit_shows_as_a_readable_difference(
    case: Case, account: ChannelAccount, agent: User, sign_in: SignIn, now: datetime
) -> None:
    edit(case.comment, text="Kargom hâlâ nerede?", at=now, account=account)
    page = words(sign_in(agent).get(url(case)))
    assert "2 versions" in page
    assert "<ins>" in page
    assert "hâlâ" in page


def test_a_deletion_names_cause_method_and_confidence_and_keeps_the_words(
    case: Case, account: ChannelAccount, agent: User, sign_in: SignIn, now: datetime
) -> None:
    take_down(case.comment, at=now, account=account)
    page = words(sign_in(agent).get(url(case)))
    assert "Deleted by the author, as far as we can tell" in page
    assert "How we know: a second look at its address" in page
    assert "How sure: 0.80" in page
    assert "Kargom nerede?" in page


def test_pictures_of_strangers_are_told_of_and_never_loaded(
    make_case: Callable[..., Case], agent: User, sign_in: SignIn
) -> None:
    picture = InboundAttachment("image", "https://cdn.example/kutu.jpg", alt_text="ezik kutu")
    case = make_case("Bakın", attachments=(picture,))
    page = words(sign_in(agent).get(url(case)))
    assert "kutu.jpg" in page
    assert "ezik kutu" in page
    assert "cdn.example" not in page.replace("kutu.jpg", "")


def test_one_press_confirms_the_suggestion_and_the_recommendation_follows(
    case: Case, agent: User, sign_in: SignIn
) -> None:
    client = sign_in(agent)
    response = client.post(url(case, "triage/"), TRIAGE, headers=PART)
    assert response.status_code == 200
    triage = Triage.objects.get()
    assert (triage.category, triage.confirmed_by) == ("business_error", agent)
    page = words(response)
    assert "Triage confirmed." in page
    assert "Our fault is not known yet" in page
    assert "<html" not in page


def test_a_share_of_the_fault_that_is_no_number_is_refused_with_everything_still_chosen(
    case: Case, agent: User, sign_in: SignIn
) -> None:
    form = TRIAGE | {"fault_share": "about half", "category": "praise"}
    response = sign_in(agent).post(url(case, "triage/"), form)
    page = words(response)
    assert response.status_code == 422
    assert "write a number from 0 to 100" in page
    assert 'value="about half"' in page
    assert '<option value="praise" selected>' in page


def test_somebody_who_may_not_triage_gets_no_form_and_no_way_around_it(
    case: Case, viewer: User, sign_in: SignIn
) -> None:
    client = sign_in(viewer)
    page = words(client.get(url(case)))
    for what in ("triage/", "note/", "close/", "assign/", "reply/"):
        assert f'action="{url(case, what)}"' not in page
    assert client.post(url(case, "triage/"), TRIAGE).status_code == 403


def test_a_case_is_taken_given_and_put_back(
    case: Case, agent: User, other_agent: User, sign_in: SignIn
) -> None:
    client = sign_in(agent)
    for to, expected in (("me", agent), (str(other_agent.pk), other_agent), ("nobody", None)):
        assert client.post(url(case, "assign/"), {"to": to}).status_code == 302
        case.refresh_from_db()
        assert case.assignee == expected


def test_a_case_is_not_given_to_somebody_of_another_workspace(
    case: Case, agent: User, stranger: User, sign_in: SignIn
) -> None:
    response = sign_in(agent).post(url(case, "assign/"), {"to": str(stranger.pk)})
    assert response.status_code == 422
    case.refresh_from_db()
    assert case.assignee is None


def test_a_note_is_added_and_an_empty_one_is_refused(
    case: Case, agent: User, sign_in: SignIn
) -> None:
    client = sign_in(agent)
    assert "Aradım" in words(client.post(url(case, "note/"), {"text": "Aradım"}, headers=PART))
    refused = client.post(url(case, "note/"), {"text": "  "}, headers=PART)
    assert refused.status_code == 422
    assert "The note is empty" in words(refused)
    assert Note.objects.count() == 1


def test_a_case_is_closed_with_a_reason_only_and_can_be_reopened(
    case: Case, agent: User, sign_in: SignIn
) -> None:
    client = sign_in(agent)
    assert (
        client.post(url(case, "close/"), {"disposition": "removed", "reason": ""}).status_code
        == 422
    )
    client.post(url(case, "close/"), {"disposition": "removed", "reason": "Reklam"})
    case.refresh_from_db()
    assert (case.status, case.reason) == ("no_action", "Reklam")
    assert "Reklam" in words(client.get(url(case)))
    client.post(url(case, "reopen/"))
    case.refresh_from_db()
    assert case.is_open


def test_a_case_closed_without_a_reply_shows_no_late_reply(
    case: Case, agent: User, sign_in: SignIn, now: datetime
) -> None:
    Case.objects.update(first_reply_due_at=now - timedelta(hours=2))
    client = sign_in(agent)
    assert "First reply is late by 2 h" in words(client.get(url(case), headers=PART))
    client.post(url(case, "close/"), {"disposition": "removed", "reason": "Reklam"})
    assert "First reply" not in words(client.get(url(case), headers=PART))


def test_the_page_costs_a_bounded_number_of_queries(
    draft: Reply,
    make_comment: Callable[..., Comment],
    agent: User,
    sign_in: SignIn,
    now: datetime,
    django_assert_max_num_queries: Any,
) -> None:
    for n in range(8):
        make_comment(
            f"answer {n}",
            external_id=f"answer-{n}",
            at=now,
            thread_external_id=draft.comment.external_id,
            parent_external_id=draft.comment.external_id,
        )
    client = sign_in(agent)
    with django_assert_max_num_queries(100):
        page = words(client.get(url(draft.case), headers=PART))
    assert "answer 7" in page
    assert "<html" not in page


def test_going_back_in_the_browser_gets_a_whole_page(
    case: Case, agent: User, sign_in: SignIn
) -> None:
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in words(sign_in(agent).get(url(case), headers=headers))
