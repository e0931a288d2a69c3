"""What is typed and not sent yet: kept for its writer alone, until the desk has taken the form."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from amends.accounts.models import User
from amends.cases.keep_words import KEPT_FOR, forget_old_words, keep_words
from amends.cases.models import Case, KeptWords, Note
from amends.web.keep_key import keep_key

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def place(case: Case) -> str:
    return f"/cases/C-{case.number}/note/#text"


def test_typed_words_come_back_to_their_writer_and_to_nobody_else(
    case: Case, agent: User, other_agent: User, stranger: User, sign_in: SignIn
) -> None:
    answer = sign_in(agent).post("/kept/", {"place": place(case), "text": "Depot", "revision": 0})
    assert answer.json()["revision"] == 1
    (own,) = sign_in(agent).get("/kept/").json()["kept"]
    assert (own["place"], own["text"]) == (place(case), "Depot")
    for person in (other_agent, stranger):
        assert sign_in(person).get("/kept/").json() == {"kept": []}


def test_a_second_device_is_told_instead_of_overwriting(
    case: Case, agent: User, sign_in: SignIn
) -> None:
    client = sign_in(agent)
    client.post("/kept/", {"place": place(case), "text": "desk", "revision": 0})
    answer = client.post("/kept/", {"place": place(case), "text": "phone", "revision": 0})
    assert answer.status_code == 409
    assert answer.json()["theirs"]["text"] == "desk"
    again = client.post("/kept/", {"place": place(case), "text": "both", "revision": 1})
    assert again.json()["revision"] == 2
    emptied = client.post("/kept/", {"place": place(case), "text": "", "revision": 1})
    assert emptied.status_code == 409
    assert client.post("/kept/", {"place": place(case), "text": "", "revision": 2}).json()
    assert not KeptWords.objects.exists()


def test_words_of_a_case_that_moved_out_of_sight_come_back_no_more(
    case: Case, agent: User, sign_in: SignIn
) -> None:
    client = sign_in(agent)
    client.post("/kept/", {"place": place(case), "text": "Depot", "revision": 0})
    Case.objects.filter(pk=case.pk).update(lane="legal")
    assert client.get("/kept/").json() == {"kept": []}
    KeptWords.objects.all().delete()
    refused = client.post("/kept/", {"place": place(case), "text": "Depot", "revision": 0})
    assert refused.status_code == 422
    assert not KeptWords.objects.exists()


@pytest.mark.parametrize("form", [{"place": ""}, {"place": "x" * 201}, {"text": "x" * 20_001}])
def test_what_is_too_long_is_refused_in_words(
    form: dict[str, str], agent: User, sign_in: SignIn
) -> None:
    sent = {"place": "/here/#text", "text": "words", "revision": 0} | form
    answer = sign_in(agent).post("/kept/", sent)
    assert answer.status_code == 422
    assert "too long" in answer.json()["problem"]


def test_words_are_let_go_only_when_the_form_was_taken(
    case: Case, agent: User, sign_in: SignIn
) -> None:
    client = sign_in(agent)
    client.post("/kept/", {"place": place(case), "text": "Depot", "revision": 0})
    kept = json.dumps({"stamp": "abc123", "places": [place(case)]})
    refused = client.post(f"/cases/C-{case.number}/note/", {"text": "  ", "kept": kept})
    assert refused.status_code == 422
    assert KeptWords.objects.count() == 1
    assert "kept_arrived" not in refused.cookies
    taken = client.post(f"/cases/C-{case.number}/note/", {"text": "Depot", "kept": kept})
    assert taken.cookies["kept_arrived"].value == "abc123"
    assert not KeptWords.objects.exists()
    assert Note.objects.get().text == "Depot"


@pytest.mark.parametrize(
    "kept", ["", "no json", "[]", '{"stamp": 1}', '{"stamp": "a\\n", "places": 3}']
)
def test_what_a_page_says_wrongly_about_its_words_harms_nothing(
    kept: str, case: Case, agent: User, sign_in: SignIn
) -> None:
    answer = sign_in(agent).post(f"/cases/C-{case.number}/note/", {"text": "Depot", "kept": kept})
    assert answer.status_code == 302


def test_a_page_of_somebody_else_cannot_speak_for_who_is_signed_in(
    case: Case, agent: User, other_agent: User, sign_in: SignIn
) -> None:
    refused = sign_in(agent).post(
        f"/cases/C-{case.number}/note/",
        {"text": "Mine?"},
        headers={"X-Amends-Person": str(other_agent.pk)},
    )
    assert refused.status_code == 403
    assert "Somebody else is signed in" in refused.content.decode()
    assert not Note.objects.exists()


def test_anybody_may_ask_who_is_signed_in_here_and_hears_a_number(
    agent: User, sign_in: SignIn, client: Client
) -> None:
    assert client.get("/who/").json() == {"person": 0}
    assert sign_in(agent).get("/who/").json() == {"person": agent.pk}


def test_the_key_that_locks_a_browser_is_each_persons_own(
    agent: User, other_agent: User, sign_in: SignIn
) -> None:
    page = sign_in(agent).get("/inbox/all/").content.decode()
    assert keep_key(agent) in page
    assert keep_key(other_agent) not in page
    assert len(bytes.fromhex(keep_key(agent))) == 32


def test_what_nobody_touched_for_sixty_days_is_forgotten(
    case: Case, agent: User, now: datetime
) -> None:
    long_ago = now - KEPT_FOR - timedelta(minutes=1)
    for at, name in ((long_ago, "old"), (now, "new")):
        keep_words(case.workspace, place=name, text="words", revision=0, by=agent, now=at)
    assert forget_old_words(now=timezone.now()) == 1
    assert KeptWords.objects.get().place == "new"
