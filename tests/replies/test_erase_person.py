"""Who is erased is gone in public, in private and from the contacts, and does not come back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from amends.accounts.models import Brand, User
from amends.cases.erase import forget_what_was_erased
from amends.cases.models import Case, LegalHold
from amends.cases.search_index import put_documents
from amends.cases.transitions import NotPossible
from amends.connectors.kit.events import InboundAttachment, InboundAuthor, InboundOrder
from amends.inbox.capture import capture_event
from amends.inbox.capture_many import capture_many
from amends.inbox.erase_names import replay_erasures, save_erasures
from amends.inbox.models import Attachment, Author, ChannelAccount, Comment, OrderLink
from amends.pipeline.join import merge
from amends.record.keep import keep_content
from amends.record.models import ActionLog
from amends.replies.contacts import add_contact, details_of
from amends.replies.erase_person import erase_person
from amends.replies.index_search import index_changed, texts_of
from amends.replies.models import Contact, HandOver
from tests.replies.test_contacts import FORM
from tests.support.comments import created
from tests.support.private import Customer

pytestmark = pytest.mark.django_db
MakeCase = Callable[..., Case]
CAN = InboundAuthor("a-2", "can", "Can")
LATER = timedelta(hours=1)


def anew(case: Case) -> Case:
    return Case.objects.select_related("workspace", "comment__author").get(pk=case.pk)


@pytest.fixture
def pair(make_case: MakeCase, customer: Customer, agent: User, now: datetime) -> tuple[Case, Case]:
    """Can's case, into which Ayşe's was merged, and a private talk with each in it."""
    other = make_case("Benim de", author=CAN)
    case = make_case("Kargom nerede?")
    customer.write(other, "Ben Can")
    merge(case, into=anew(other), by=agent, now=now)
    Case.objects.filter(pk=other.pk).update(comment=case.comment)
    customer.write(anew(other), "Ben Ayşe")
    return anew(case), anew(other)


def hold(case: Case, *, by: User, now: datetime) -> None:
    about = {"workspace": case.workspace, "case": case, "reason": "x", "review_on": now.date()}
    LegalHold.objects.create(**about, counsel=by, placed_by=by, placed_at=now)


def said_to(author: Author) -> list[str]:
    talks = HandOver.objects.filter(author=author)
    return [one.content.text for talk in talks for one in talk.messages.all()]


def test_private_words_and_contacts_go_over_all_that_was_merged_but_not_those_of_another_customer(
    pair: tuple[Case, Case], brand: Brand, agent: User, owner: User, now: datetime
) -> None:
    case, survivor = pair
    ayse, can = Author.objects.get(external_id="a-1"), Author.objects.get(external_id="a-2")
    kept = add_contact(
        brand, form=replace(FORM, email="c@ornek.test"), case=None, by=agent, now=now
    )
    contact = add_contact(brand, form=FORM, case=survivor, by=agent, now=now)
    old = add_contact(brand, form=FORM, case=case, by=agent, now=now)
    assert (said_to(ayse), said_to(can)) == (["Ben Ayşe"], ["Ben Can"])
    done = erase_person(ayse, reason="asked", by=owner, now=now)
    assert (done.comments, done.private, done.contacts, done.held) == (1, 1, 2, 0)
    assert (said_to(ayse), said_to(can)) == ([""], ["Ben Can"])
    assert HandOver.objects.get(author=ayse).ended_at == now
    assert HandOver.objects.get(author=can).ended_at is None
    for one, is_gone in ((contact, True), (old, True), (kept, False)):
        one = Contact.objects.select_related("details").get(pk=one.pk)
        assert (one.erased_at is not None) is is_gone
        assert bool(details_of(one).email) is not is_gone


def test_the_contact_of_another_customer_of_a_merged_case_stays(
    pair: tuple[Case, Case], brand: Brand, agent: User, owner: User, now: datetime
) -> None:
    _case, survivor = pair
    reach = keep_content(
        workspace_id=brand.workspace_id, text="Can@ornek.test", payload={}, now=now
    )
    HandOver.objects.filter(author__external_id="a-2").update(reach=reach)
    form = replace(FORM, name="Can", email="can@ornek.test", expires_on=date(2026, 9, 1))
    theirs = add_contact(brand, form=form, case=survivor, by=agent, now=now)
    ayse = Author.objects.get(external_id="a-1")
    assert erase_person(ayse, reason="asked", by=owner, now=now).contacts == 0
    theirs.refresh_from_db()
    assert theirs.erased_at is None


def test_a_legal_hold_on_the_matter_keeps_words_name_and_contacts(
    pair: tuple[Case, Case], brand: Brand, agent: User, owner: User, now: datetime
) -> None:
    case, survivor = pair
    add_contact(brand, form=FORM, case=case, by=agent, now=now)
    hold(survivor, by=owner, now=now)
    ayse = Author.objects.get(external_id="a-1")
    done = erase_person(ayse, reason="asked", by=owner, now=now)
    assert (done.comments, done.private, done.contacts, done.held) == (0, 0, 0, 3)
    ayse.refresh_from_db()
    assert (ayse.display_name, ayse.erased_at) == ("Ayşe K.", None)
    assert said_to(ayse) == ["Ben Ayşe"]


def test_nobody_is_erased_without_a_reason(
    pair: tuple[Case, Case], owner: User, now: datetime
) -> None:
    with pytest.raises(NotPossible):
        erase_person(Author.objects.get(external_id="a-1"), reason=" ", by=owner, now=now)
    assert not Author.objects.filter(erased_at__isnull=False).exists()


def test_an_erased_name_comes_back_by_no_event_no_import_and_no_order(
    make_case: MakeCase, account: ChannelAccount, owner: User, now: datetime
) -> None:
    case = make_case("Kargom nerede?", external_id="c-7", orders=(InboundOrder("A-1", ""),))
    erase_person(case.author, reason="asked", by=owner, now=now)
    told = InboundAuthor("a-1", "ayse.new", "Ayşe Kaya", "https://a.example", followers=9)
    again = created("c-7", at=now + LATER, author=told, orders=(InboundOrder("A-1", "x"),))
    more = created("c-8", at=now + 2 * LATER, author=told, text="Alo?")
    capture_event(again, account=account, now=now + LATER)
    capture_event(more, account=account, now=now + 2 * LATER)
    capture_many([again, more], account=account, now=now + 3 * LATER, is_history=True)
    capture_many([created("c-9", at=now, author=told)], account=account, now=now + 3 * LATER)
    author = Author.objects.get()
    said = (author.handle, author.display_name, author.url, author.followers)
    assert said == (f"erased-{author.pk}", "", "", None)
    assert set(Comment.objects.values_list("author", flat=True)) == {author.pk}
    assert not OrderLink.objects.exists()


def test_who_reads_for_the_index_while_somebody_is_erased_does_not_bring_the_name_back(
    make_case: MakeCase, owner: User, now: datetime
) -> None:
    case = make_case("Kargom nerede?")
    index_changed()
    read = [(one, list(texts)) for one, texts in texts_of([anew(case)])]
    erase_person(case.author, reason="asked", by=owner, now=now + LATER)
    put_documents(read)
    names = {said.text for _case, texts in texts_of([anew(case)]) for said in texts if said.is_name}
    assert names == {f"erased-{case.author_id}"}
    assert not hasattr(anew(case), "search_document")
    assert anew(case).changed_at == now + LATER


def test_a_restore_takes_the_name_away_again(
    make_case: MakeCase, owner: User, now: datetime, tmp_path: Path
) -> None:
    case, other = make_case("Kargom nerede?"), make_case("Benim de", author=CAN)
    before = Author.objects.values().get(pk=case.author_id)
    erase_person(case.author, reason="asked", by=owner, now=now)
    file = tmp_path / "redactions.jsonl"
    save_erasures(file)
    save_erasures(file)
    assert len(file.read_text().splitlines()) == 1
    assert "ayse" not in file.read_text().lower()
    Author.objects.filter(pk=case.author_id).update(**before)
    index_changed()
    assert replay_erasures(file, now=now + LATER) == 1
    assert replay_erasures(file, now=now + LATER) == 0
    forget_what_was_erased(now=now + LATER)
    names = dict(Author.objects.values_list("pk", "display_name"))
    assert names == {case.author_id: "", other.author_id: "Can"}
    assert not hasattr(anew(case), "search_document")
    assert ActionLog.objects.filter(action="author.erase", actor_kind="command").count() == 1


def test_whoever_has_the_key_after_a_restore_is_not_taken_for_who_was_erased(
    make_case: MakeCase, owner: User, now: datetime, tmp_path: Path
) -> None:
    case = make_case("Kargom nerede?")
    erase_person(case.author, reason="asked", by=owner, now=now)
    file = tmp_path / "redactions.jsonl"
    save_erasures(file)
    somebody = {"external_id": "a-99", "display_name": "Eda", "erased_at": None}
    Author.objects.filter(pk=case.author_id).update(**somebody)
    assert replay_erasures(file, now=now) == 0


def test_what_erased_pictures_were_called_goes_with_the_words(
    make_case: MakeCase, owner: User, now: datetime
) -> None:
    picture = InboundAttachment("image", "https://a.example/ayse.png", alt_text="Ayşe at home")
    case = make_case("Bakın", attachments=(picture,))
    kept = make_case("Bende de", author=CAN, attachments=(picture,))
    erase_person(case.author, reason="asked", by=owner, now=now)
    said = Attachment.objects.order_by("pk").values_list("url", "alt_text")
    assert list(said) == [("", ""), (picture.url, picture.alt_text)]
    assert kept.comment.versions.get().attachments.get().alt_text == "Ayşe at home"
