"""Whose talk it is: links that are out work on, and each customer of a merged case agrees for themselves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from amends.accounts.models import User
from amends.cases.models import Case
from amends.cases.transitions import NotPossible
from amends.connectors.kit.events import InboundAuthor
from amends.core.clock import ScriptedClock
from amends.pipeline.join import merge
from amends.replies.approve import approve_reply, ask_for_approval
from amends.replies.bystander import STATEMENTS
from amends.replies.closing_note import begin_closing_note
from amends.replies.consent import consent_in_force, give_consent, note_consent
from amends.replies.draft import save_draft, withdraw_reply
from amends.replies.hand_over import LinkState, find_link, offer_in_draft, write_first
from amends.replies.models import ClosingConsent, ClosingNote, HandOver, Reply
from amends.replies.private import begin_private_reply
from amends.replies.queries import reply_digest
from amends.replies.settle import confirm_published
from tests.support.desk import WHY, Colleagues
from tests.support.private import Customer, secret_in

pytestmark = pytest.mark.django_db
MakeCase = Callable[..., Case]
CAN = InboundAuthor("a-2", "can", "Can D.")


def anew(case: Case) -> Case:
    return Case.objects.select_related("workspace", "comment__author").get(pk=case.pk)


def publish(reply: Reply, team: Colleagues) -> None:
    """Approve a reply that is a draft, and post it by hand."""
    ask_for_approval(reply, by=team.writer, now=team.now, override=WHY, agreed=STATEMENTS)
    reply = Reply.objects.get(pk=reply.pk)
    made = approve_reply(reply, digest=reply_digest(reply), by=team.approver, now=team.now)
    assert made is not None
    url = f"https://shop.example/{reply.pk}"
    confirm_published(made, url=url, by=team.writer, now=team.now)


def test_a_link_that_stands_in_public_works_on_when_another_reply_gets_one(
    make_case: MakeCase, customer: Customer, colleagues: Colleagues, clock: ScriptedClock
) -> None:
    case = make_case()
    published = customer.link(case)
    reply = Reply.objects.get()
    publish(reply, colleagues)
    Case.objects.filter(pk=case.pk).update(status="triaged")
    draft = customer.link(case)
    assert find_link(published, now=clock.now()).state is LinkState.READY
    newer = Reply.objects.latest("pk")
    changed = offer_in_draft(
        newer,
        text=newer.text,
        revision=newer.revision,
        by=colleagues.writer,
        now=clock.now(),
    )
    assert find_link(draft, now=clock.now()).state is LinkState.REPLACED  # nobody has seen it
    assert find_link(secret_in(changed.text), now=clock.now()).state is LinkState.READY
    write_first(published, text="Sipariş 4711", now=clock.now())
    assert find_link(published, now=clock.now()).state is LinkState.USED
    assert find_link(secret_in(changed.text), now=clock.now()).state is LinkState.READY
    clock.advance(timedelta(days=15))
    assert find_link(secret_in(changed.text), now=clock.now()).state is LinkState.EXPIRED


def test_the_link_of_a_withdrawn_draft_leads_nowhere(
    make_case: MakeCase, customer: Customer, colleagues: Colleagues, clock: ScriptedClock
) -> None:
    token = customer.link(make_case())
    withdraw_reply(Reply.objects.get(), by=colleagues.writer, now=clock.now())
    assert find_link(token, now=clock.now()).state is LinkState.REPLACED


@pytest.fixture
def talks(
    make_case: MakeCase, customer: Customer, agent: User, clock: ScriptedClock
) -> tuple[HandOver, HandOver]:
    """Two talks of one merged case: with Can, who began it, and with Ayşe."""
    survivor = make_case("Benim de", author=CAN)
    case = make_case("Kargom nerede?")
    can = customer.write(survivor, "Ben Can")
    merge(anew(case), into=anew(survivor), by=agent, now=clock.now())
    Case.objects.filter(pk=survivor.pk).update(comment=case.comment)
    ayse = customer.write(survivor, "Ben Ayşe")
    Case.objects.filter(pk=survivor.pk).update(comment=survivor.comment)
    return talk_again(can), talk_again(ayse)


def talk_again(talk: HandOver) -> HandOver:
    rows = HandOver.objects.select_related("case__workspace", "case__comment__author", "author")
    return rows.get(pk=talk.pk)


def test_what_one_customer_agrees_to_does_not_count_for_another(
    talks: tuple[HandOver, HandOver], agent: User, clock: ScriptedClock
) -> None:
    can, ayse = talks
    give_consent(can, is_given=True, now=clock.now())
    assert consent_in_force(can) is not None
    assert consent_in_force(ayse) is None
    with pytest.raises(NotPossible, match="author"):
        begin_closing_note(ayse, by=agent, now=clock.now())
    note_consent(ayse, is_given=False, how="phone", by=agent, now=clock.now())
    assert consent_in_force(can) is not None


def test_a_closing_note_stands_under_its_persons_words_and_greets_them(
    talks: tuple[HandOver, HandOver], customer: Customer, agent: User, clock: ScriptedClock
) -> None:
    can, ayse = talks
    team = customer.colleagues
    give_consent(ayse, is_given=True, now=clock.now())
    reply = begin_closing_note(ayse, by=agent, now=clock.now())
    assert reply.comment.author == ayse.author
    assert "Ayşe" in reply.text
    assert "Can" not in reply.text
    text = reply.text.replace("[…]", "kargo", 1).replace("[…]", "yenisi yolda", 1)
    reply = save_draft(reply, text=text, revision=reply.revision, by=agent, now=clock.now())
    give_consent(can, is_given=False, now=clock.now())
    publish(reply, team)
    note = ClosingNote.objects.get()
    assert (note.hand_over, note.consent) == (ayse, consent_in_force(ayse))
    assert anew(can.case).needs_closing_note  # of Can's talk nobody has been told


def test_the_case_asks_for_no_note_once_all_of_its_talks_were_told(
    talks: tuple[HandOver, HandOver], customer: Customer, agent: User, clock: ScriptedClock
) -> None:
    for talk in talks:
        give_consent(talk, is_given=True, now=clock.now())
        Case.objects.filter(pk=talk.case_id).update(status="triaged")
        reply = begin_closing_note(talk_again(talk), by=agent, now=clock.now())
        text = reply.text.replace("[…]", "kargo", 1).replace("[…]", "yenisi yolda", 1)
        reply = save_draft(reply, text=text, revision=reply.revision, by=agent, now=clock.now())
        publish(reply, customer.colleagues)
    assert not anew(talks[0].case).needs_closing_note


def test_an_answer_in_private_stands_at_the_place_of_its_person(
    talks: tuple[HandOver, HandOver], agent: User, clock: ScriptedClock
) -> None:
    _can, ayse = talks
    reply = begin_private_reply(ayse, by=agent, now=clock.now())
    assert reply.comment.author == ayse.author
    assert anew(ayse.case).comment == reply.comment


def test_a_consent_from_before_counts_where_the_case_has_one_talk_only(
    make_case: MakeCase, customer: Customer, clock: ScriptedClock
) -> None:
    case = make_case()
    talk = customer.write(case)
    ClosingConsent.objects.create(
        workspace=case.workspace, case=case, is_given=True, how="phone", noted_at=clock.now()
    )
    assert consent_in_force(talk) is not None
    other = customer.write(case, "Ben de")
    assert consent_in_force(talk) is None
    assert consent_in_force(other) is None


def test_the_page_of_the_case_asks_for_each_talk_by_name(
    talks: tuple[HandOver, HandOver], agent: User, clock: ScriptedClock
) -> None:
    can, ayse = talks
    client = Client()
    client.force_login(agent)
    address = f"/cases/C-{can.case.number}/"
    client.post(f"{address}private/consent/", {"talk": ayse.pk, "agree": "yes", "how": "phone"})
    page = client.get(address).content.decode()
    assert f'id="closing-of-{ayse.pk}"' in page
    assert f'id="closing-of-{can.pk}"' not in page
    assert page.count('name="how"') == 2


def test_a_case_whose_link_may_still_be_used_is_not_ended_and_one_whose_link_ran_out_is(
    make_case: MakeCase, customer: Customer, colleagues: Colleagues, clock: ScriptedClock
) -> None:
    linked, other = make_case(), make_case("Başka bir ürün de geldi", author=CAN)
    customer.link(linked)
    publish(Reply.objects.get(), colleagues)
    with pytest.raises(NotPossible, match="in private"):
        merge(anew(linked), into=anew(other), reason="same", by=colleagues.writer, now=clock.now())
    clock.advance(timedelta(days=15))
    merge(anew(linked), into=anew(other), reason="same", by=colleagues.writer, now=clock.now())
    assert anew(linked).merged_into_id == other.pk
