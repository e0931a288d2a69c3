"""The page of an author: facts on every channel, links that people confirm, nothing out of hidden lanes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import transaction
from django.test import Client

from amends.accounts.models import User
from amends.cases.decide import recommend
from amends.cases.erase import erase_comment
from amends.cases.link_authors import (
    decide_link,
    links_of,
    propose_links,
    same_person,
    say_same,
)
from amends.cases.models import Case, IdentityLink, LegalHold, Trace
from amends.cases.note_traces import note_traces
from amends.cases.transitions import NotPossible
from amends.connectors.kit.events import InboundAuthor
from amends.inbox.models import Author, Comment
from amends.record.models import ActionLog
from tests.web.conftest import words

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
MakeCase = Callable[..., Case]


def url(author: Author, what: str = "") -> str:
    return f"/authors/{author.pk}/{what}"


def elsewhere(case: Case, *, handle: str) -> Author:
    """The author of a case, as if they had written on another channel."""
    Author.objects.filter(pk=case.author_id).update(
        kind="bluesky", host="bsky.example", handle=handle
    )
    return Author.objects.get(pk=case.author_id)


@pytest.fixture
def twin(make_case: MakeCase) -> Case:
    case = make_case("Aynı sorun", author=InboundAuthor("b-1", "other", "Ayşe"))
    elsewhere(case, handle="aysekargo")
    return case


def test_the_page_shows_what_was_said_and_what_became_of_it(
    case: Case, agent: User, sign_in: SignIn
) -> None:
    page = words(sign_in(agent).get(url(case.author)))
    for said in ("Ayşe K.", "Kargom nerede?", case.public_id, "What we promised", "Measures"):
        assert said in page
    assert "troll" not in page.lower()
    assert f"/authors/{case.author_id}/" in words(sign_in(agent).get(f"/cases/C-{case.number}/"))


def test_what_lies_in_a_hidden_lane_is_not_there(
    case: Case, twin: Case, agent: User, lead: User, sign_in: SignIn, now: datetime
) -> None:
    say_same(case.author, other=twin.author, reason="He said so", by=lead, now=now)
    Case.objects.filter(pk=twin.pk).update(lane="employee")
    page = words(sign_in(agent).get(url(case.author)))
    for secret in ("Aynı sorun", twin.public_id, "He said so"):
        assert secret not in page
        assert secret in words(sign_in(lead).get(url(case.author)))
    assert sign_in(agent).get(url(twin.author)).status_code == 404


def test_the_machine_proposes_the_same_handle_and_a_person_decides(
    case: Case, twin: Case, agent: User, sign_in: SignIn, now: datetime
) -> None:
    Author.objects.filter(pk=case.author_id).update(handle="AyseKargo")
    case.author.refresh_from_db()
    assert propose_links(case.author, now=now) == 1
    assert propose_links(case.author, now=now) == 0
    assert same_person(case.author_id) == [case.author_id]
    client = sign_in(agent)
    page = words(client.get(url(case.author)))
    assert "perhaps the same person" in page
    assert "the same handle" in page
    link = IdentityLink.objects.get()
    client.post(url(case.author, "link/decide/"), {"link": link.pk, "is": "same"})
    assert same_person(twin.author_id) == [twin.author_id, case.author_id]
    assert "Aynı sorun" in words(client.get(url(case.author)))
    client.post(url(case.author, "link/decide/"), {"link": link.pk, "is": "other"})
    assert same_person(case.author_id) == [case.author_id]
    assert ActionLog.objects.filter(subject_kind="author", action="author.link").count() == 2
    assert propose_links(case.author, now=now) == 0  # what was refused or undone is not asked again
    assert not links_of(case.author).exists()


@pytest.mark.parametrize("given", ["ayse.k@posta.example", "+90 532 123 45 67"])
def test_a_contact_that_both_gave_is_a_reason_and_only_its_digest_is_kept(
    make_comment: Callable[..., Comment], owner: User, now: datetime, given: str
) -> None:
    first = make_comment(f"Bana ulaşın, telefonum ya da adresim: {given}")
    other = make_comment(f"Hâlâ bekliyorum, arayın: {given}", author=InboundAuthor("b", "zz", "A"))
    Author.objects.filter(pk=other.author_id).update(kind="bluesky")
    for comment in (first, other):
        note_traces(comment.versions.get())
    assert propose_links(first.author, now=now) == 1
    assert IdentityLink.objects.get().ground in {"email", "phone"}
    kept = "".join(Trace.objects.values_list("digest", flat=True))
    assert "321234567" not in kept
    assert "ayse" not in kept
    erase_comment(first, reason="asked", by=owner, now=now)
    assert not Trace.objects.filter(comment=first).exists()


def test_short_handles_and_one_channel_are_no_reason(
    case: Case, make_case: MakeCase, now: datetime
) -> None:
    make_case(author=InboundAuthor("a-9", "ayse", "A"))  # the same channel
    far = make_case(author=InboundAuthor("a-8", "x", "A"))
    elsewhere(far, handle="ayse")
    assert propose_links(case.author, now=now) == 0


def test_a_person_may_say_it_with_a_reason(
    case: Case, twin: Case, agent: User, viewer: User, sign_in: SignIn
) -> None:
    form = {"other": twin.public_id, "reason": ""}
    refused = sign_in(agent).post(url(case.author, "link/"), form)
    assert refused.status_code == 422
    assert "Say how you know" in words(refused)
    sign_in(agent).post(url(case.author, "link/"), form | {"reason": "Told us on the phone"})
    assert IdentityLink.objects.get().state == "confirmed"
    assert sign_in(viewer).post(url(case.author, "link/"), form).status_code == 403


def test_two_who_decide_at_once_have_one_winner(
    case: Case, twin: Case, agent: User, now: datetime
) -> None:
    Author.objects.filter(pk=case.author_id).update(handle="aysekargo")
    propose_links(Author.objects.get(pk=case.author_id), now=now)
    link, again = IdentityLink.objects.get(), IdentityLink.objects.get()
    decide_link(link, is_same=True, by=agent, now=now)
    with pytest.raises(NotPossible, match="Somebody else"):
        decide_link(again, is_same=False, by=agent, now=now)


def test_an_erasure_works_across_links_and_stops_at_a_hold(
    case: Case, twin: Case, lead: User, counsel: User, agent: User, sign_in: SignIn, now: datetime
) -> None:
    say_same(case.author, other=twin.author, reason="phone", by=lead, now=now)
    about = {"workspace": twin.workspace, "counsel": counsel, "placed_by": counsel}
    LegalHold.objects.create(case=twin, reason="Suit", review_on=now.date(), placed_at=now, **about)
    assert sign_in(agent).post(url(case.author, "erase/"), {"reason": "x"}).status_code == 403
    response = sign_in(counsel).post(url(case.author, "erase/"), {"reason": "asked"}, follow=True)
    page = words(response)
    assert "1 comment was erased. 1 stay under a legal hold." in page
    assert Author.objects.get(pk=case.author_id).display_name == ""
    assert Author.objects.get(pk=twin.author_id).display_name == "Ayşe"
    assert IdentityLink.objects.get().reason == ""
    assert ActionLog.objects.filter(action="author.erase").count() == 2


def test_the_worker_notes_traces_and_proposals_with_each_new_word(
    case: Case, desk: object, now: datetime
) -> None:
    version = case.comment.versions.get()
    with transaction.atomic():
        note_traces(version)
        note_traces(version)
        recommend(case, playbook=desk.playbook(case.workspace_id), now=now)  # type: ignore[attr-defined]
    assert Trace.objects.filter(comment=case.comment).count() == len(
        set(Trace.objects.values_list("kind", "digest"))
    )
