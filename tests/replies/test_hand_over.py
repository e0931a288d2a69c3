"""The one-time link: made in a draft, opened by anybody, used up by the first who writes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from amends.accounts.models import Notification, User
from amends.accounts.permissions import NotAllowed
from amends.cases.models import Case
from amends.cases.transitions import NotPossible
from amends.core.clock import ScriptedClock
from amends.record.models import ActionLog, Content
from amends.replies.hand_over import (
    LINK_FOR,
    TALK_FOR,
    LinkSpent,
    LinkState,
    find_link,
    find_talk,
    link_prefix,
    make_link,
    offer_in_draft,
    write_first,
    write_more,
)
from amends.replies.lint import lint_draft
from amends.replies.models import HandOver, PrivateMessage, Reply
from tests.support.desk import Colleagues
from tests.support.private import Customer, secret_in


@pytest.fixture
def case(make_case: Callable[..., Case], colleagues: Colleagues) -> Case:
    made = make_case()
    colleagues.triage(made)
    return made


def test_the_link_stands_in_the_draft_with_the_reason_and_what_follows(
    case: Case, customer: Customer, colleagues: Colleagues
) -> None:
    customer.link(case)
    reply = Reply.objects.get()
    assert link_prefix() in reply.text
    assert "Paketiniz bugün çıkıyor" in reply.text
    findings = [one.reason for one in lint_draft(reply, now=colleagues.now).findings]
    assert not [one for one in findings if one.startswith(("Q06", "Q16"))], findings


def test_our_own_form_is_no_question_in_public(case: Case, colleagues: Colleagues) -> None:
    text = f"Sipariş numaranızı yazın: {link_prefix()}abcdefgh/ Mert"
    reply = colleagues.draft(case, text)
    assert "Q06.data" not in {one.reason for one in lint_draft(reply, now=colleagues.now).findings}
    reply = colleagues.draft(case, "Sipariş numaranızı yazın. Mert")
    assert "Q06.data" in {one.reason for one in lint_draft(reply, now=colleagues.now).findings}


def test_pressing_again_replaces_the_link(
    case: Case, customer: Customer, colleagues: Colleagues
) -> None:
    first = customer.link(case)
    reply = Reply.objects.get()
    text, now = reply.text, colleagues.now
    again = offer_in_draft(reply, text=text, revision=reply.revision, by=colleagues.writer, now=now)
    second = secret_in(again.text)
    assert second != first
    assert again.text.count(link_prefix()) == 1
    assert find_link(first, now=now).state is LinkState.REPLACED
    assert find_link(second, now=now).state is LinkState.READY
    with pytest.raises(LinkSpent):
        write_first(first, text="Merhaba", now=now)


def test_no_secret_is_kept_but_in_the_public_text(case: Case, customer: Customer) -> None:
    token = customer.link(case)
    visitor = write_first(token, text="Merhaba", now=customer.colleagues.now)
    row = HandOver.objects.get()
    assert token not in {row.token_hash, row.visitor_hash, row.mail_token}
    assert visitor not in {row.token_hash, row.visitor_hash, row.mail_token}
    logged = " ".join(str(one.data) for one in ActionLog.objects.all())
    assert token not in logged
    assert visitor not in logged


def test_looking_never_uses_the_link_up_and_the_first_message_does(
    case: Case, customer: Customer, colleagues: Colleagues
) -> None:
    token = customer.link(case)
    for _ in range(3):
        assert find_link(token, now=colleagues.now).state is LinkState.READY
    visitor = write_first(token, text="Sipariş 4711", now=colleagues.now)
    assert find_link(token, now=colleagues.now).state is LinkState.USED
    assert find_talk(visitor, now=colleagues.now) is not None
    assert find_talk(token, now=colleagues.now) is None
    with pytest.raises(LinkSpent) as spent:
        write_first(token, text="Ben de", now=colleagues.now)
    assert spent.value.state is LinkState.USED
    assert PrivateMessage.objects.count() == 1


def test_a_link_ends_after_two_weeks_and_an_address_ninety_days_after_the_last_word(
    case: Case, customer: Customer, clock: ScriptedClock
) -> None:
    token = customer.link(case)
    late = clock.now() + LINK_FOR
    assert find_link(token, now=late).state is LinkState.EXPIRED
    with pytest.raises(LinkSpent):
        write_first(token, text="Merhaba", now=late)
    visitor = write_first(token, text="Merhaba", now=clock.now())
    nearly = clock.now() + TALK_FOR - timedelta(hours=1)
    talk = find_talk(visitor, now=nearly)
    assert talk is not None
    write_more(talk, text="Hâlâ bekliyorum", now=nearly)
    assert find_talk(visitor, now=nearly + TALK_FOR - timedelta(hours=1)) is not None
    assert find_talk(visitor, now=nearly + TALK_FOR) is None
    with pytest.raises(NotPossible):
        write_more(talk, text="Geç kaldım", now=nearly + TALK_FOR)


def test_an_unknown_token_leads_nowhere(case: Case, colleagues: Colleagues) -> None:
    assert find_link("nobody", now=colleagues.now).state is LinkState.UNKNOWN
    assert find_link("", now=colleagues.now).state is LinkState.UNKNOWN
    assert find_talk("", now=colleagues.now) is None


@pytest.mark.parametrize("text", ["", " \n", "\x00", "x" * 10_001])
def test_an_empty_or_endless_message_does_not_use_the_link_up(
    text: str, case: Case, customer: Customer, colleagues: Colleagues
) -> None:
    token = customer.link(case)
    with pytest.raises(NotPossible):
        write_first(token, text=text, now=colleagues.now)
    assert find_link(token, now=colleagues.now).state is LinkState.READY


def test_the_clock_begins_when_it_was_said_and_who_has_the_case_is_told(
    case: Case, customer: Customer, colleagues: Colleagues, clock: ScriptedClock, agent: User
) -> None:
    Case.objects.filter(pk=case.pk).update(
        status="answered", first_replied_at=clock.now(), assignee=agent
    )
    token = make_link(case, language="tr", by=agent, now=clock.now())
    clock.advance(timedelta(hours=3))
    write_first(token, text="Sipariş 4711", now=clock.now())
    case.refresh_from_db()
    assert (case.status, case.clock_started_at) == ("new", clock.now())
    assert case.first_replied_at is None
    assert case.needs_closing_note
    told = Notification.objects.get(user=agent, kind="assignment")
    assert told.facts == {"what": "private"}
    assert "4711" not in " ".join(str(one.data) for one in ActionLog.objects.all())


def test_a_closed_case_is_opened_by_a_message(
    case: Case, customer: Customer, colleagues: Colleagues
) -> None:
    token = make_link(case, language="tr", by=colleagues.writer, now=colleagues.now)
    Case.objects.filter(pk=case.pk).update(status="resolved", disposition="resolved")
    write_first(token, text="Bitmedi", now=colleagues.now)
    case.refresh_from_db()
    assert case.is_open


def test_a_restricted_case_tells_nobody_who_may_not_see_it(
    case: Case, customer: Customer, colleagues: Colleagues, agent: User, lead: User
) -> None:
    token = make_link(case, language="tr", by=agent, now=colleagues.now)
    Case.objects.filter(pk=case.pk).update(lane="legal", assignee=agent)
    write_first(token, text="Avukatım", now=colleagues.now)
    assert not Notification.objects.filter(user=agent, facts__what="private").exists()


@pytest.mark.parametrize("who", ["viewer", "counsel", "stranger"])
def test_only_who_may_write_replies_leads_into_private(
    who: str, case: Case, request: pytest.FixtureRequest, colleagues: Colleagues
) -> None:
    with pytest.raises(NotAllowed):
        make_link(case, language="tr", by=request.getfixturevalue(who), now=colleagues.now)


def test_words_in_private_lie_apart_and_one_conversation_shows_no_other(
    case: Case, customer: Customer
) -> None:
    first, second = customer.write(case, "Birinci"), customer.write(case, "İkinci")
    assert [one.content.text for one in first.messages.all()] == ["Birinci"]
    assert [one.content.text for one in second.messages.all()] == ["İkinci"]
    assert Content.objects.filter(text__in=["Birinci", "İkinci"]).count() == 2
