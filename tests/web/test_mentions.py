"""The page of mentions: names and query are edited by leads, tried by everybody, without a script."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from amends.accounts.models import Brand, User, Workspace
from amends.cases.models import Case
from amends.inbox.change_mentions import TermForm, change_mentions
from amends.inbox.models import Mention, MentionQuery
from tests.web.conftest import words

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
TEXT = "Acmee kargo rezalet"


def form_of(*names: dict[str, Any], query: str = "", seen: int = 0, **more: Any) -> dict[str, Any]:
    """What a browser sends: a row for each name and two that stayed empty."""
    rows = [*names, {}, {}]
    sent: dict[str, Any] = {
        "form-TOTAL_FORMS": len(rows),
        "form-INITIAL_FORMS": 0,
        "query": query,
        "seen_version": seen,
        **more,
    }
    for at, row in enumerate(rows):
        for field, value in {"name": "", "kind": "brand", **row}.items():
            sent[f"form-{at}-{field}"] = value
    return sent


@pytest.fixture
def watched(brand: Brand, lead: User, now: datetime) -> MentionQuery:
    forms = [TermForm(name="Acme", variants=("acmeco",), exclusions=("acme street",))]
    return change_mentions(brand, forms=forms, query="", seen_version=0, by=lead, now=now)


def test_a_lead_writes_names_and_a_query(lead: User, sign_in: SignIn) -> None:
    client = sign_in(lead)
    row = {"name": "Acme", "variants": "acmeco, ACM", "languages": ["tr", "nl"]}
    answer = client.post("/mentions/save/", form_of(row, query="brand:acme -kampanya"))
    assert answer.status_code == 302
    saved = MentionQuery.objects.get()
    assert saved.query == "brand:acme -kampanya"
    assert saved.terms[0]["variants"] == ["acmeco", "ACM"]
    assert saved.terms[0]["languages"] == ["tr", "nl"]
    page = words(client.get(answer["Location"]))
    assert "From now on this counts as a mention." in page
    assert 'value="acmeco, ACM"' in page


@pytest.mark.usefixtures("watched")
def test_others_read_and_cannot_save(agent: User, viewer: User, sign_in: SignIn) -> None:
    for person in (agent, viewer):
        client = sign_in(person)
        page = words(client.get("/mentions/"))
        assert "Acme" in page
        assert "/mentions/save/" not in page
        assert client.post("/mentions/save/", form_of({"name": "X2"})).status_code == 403
    assert MentionQuery.objects.count() == 1


@pytest.mark.parametrize(
    ("rows", "query", "sentence"),
    [
        ([{"name": "Acme"}], "brand:acme OR", "Character 12: Something is missing after OR."),
        ([{"name": "Acme"}], "kargo (acme", "Character 7: This ( is never closed."),
        ([{"name": "Acme"}], "brand:acne", "There are: brand:acme."),
        ([{"name": "Acme"}], "-kargo", "NOT kargo would match everything else."),
        ([{"name": "Acme"}, {"name": "acme"}], "", "stands here twice"),
        ([{"name": "Acme", "variants": "?"}], "", "“?” is too short"),
        ([{"name": "Acme", "kind": "planet"}], "", "planet"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(
    lead: User, sign_in: SignIn, rows: list[dict[str, Any]], query: str, sentence: str
) -> None:
    answer = sign_in(lead).post("/mentions/save/", form_of(*rows, query=query))
    assert answer.status_code == 422
    page = words(answer)
    assert sentence in page
    assert 'value="Acme"' in page
    assert not MentionQuery.objects.exists()


@pytest.mark.usefixtures("watched")
def test_an_old_page_does_not_overwrite_a_newer_version(lead: User, sign_in: SignIn) -> None:
    answer = sign_in(lead).post("/mentions/save/", form_of({"name": "Late"}, seen=0))
    assert answer.status_code == 422
    assert "Somebody else changed this meanwhile." in words(answer)


@pytest.mark.usefixtures("watched")
def test_everybody_may_try_a_text_and_sees_why_it_matches(viewer: User, sign_in: SignIn) -> None:
    page = words(sign_in(viewer).post("/mentions/try/", {"text": TEXT}))
    assert "This is a mention." in page
    assert "“Acmee” is read as Acme: 1 letter is wrong" in page
    assert ">Acmee</mark> kargo rezalet" in page


def test_a_lead_tries_what_is_typed_before_it_is_saved(lead: User, sign_in: SignIn) -> None:
    sent = form_of({"name": "Acme"}, query="brand:acme near/1 rezalet -iade", text=TEXT)
    page = words(sign_in(lead).post("/mentions/try/", sent))
    assert "This is a mention." in page
    assert "stand near enough" in page
    assert "is not there, as wished" in page
    assert 'value="Acme"' in page
    assert not MentionQuery.objects.exists()


def test_a_text_that_does_not_match_says_which_part_fails(lead: User, sign_in: SignIn) -> None:
    sent = form_of({"name": "Acme"}, query="brand:acme iade lang:nl", text=TEXT, language="tr")
    page = words(sign_in(lead).post("/mentions/try/", sent))
    assert "This is no mention." in page
    assert "is not there" in page
    assert "does not fit" in page


def test_with_htmx_only_the_answer_comes_back(lead: User, sign_in: SignIn) -> None:
    client = sign_in(lead)
    headers = {"HX-Request": "true"}
    good = client.post("/mentions/try/", form_of({"name": "Acme"}, text=TEXT), headers=headers)
    assert "This is a mention." in words(good)
    assert "<html" not in words(good)
    sent = form_of({"name": "Acme"}, query="(", text=TEXT)
    bad = client.post("/mentions/try/", sent, headers=headers)
    assert bad.status_code == 422
    assert "This ( is never closed." in words(bad)
    empty = client.post("/mentions/try/", form_of({"name": "Acme"}, text=""), headers=headers)
    assert "Paste a text to try." in words(empty)


def test_pasted_markup_stays_text(lead: User, sign_in: SignIn) -> None:
    text = "<script>alert(1)</script> Acme <b>x</b>"
    answer = sign_in(lead).post("/mentions/try/", form_of({"name": "<i>Acme</i>"}, text=text))
    raw = answer.content.decode()
    assert "<script>alert(1)" not in raw
    assert "<i>Acme" not in raw


def test_an_empty_desk_says_what_to_do_and_what_is_ordinary(
    brand: Brand, lead: User, agent: User, sign_in: SignIn, now: datetime
) -> None:
    assert "Nothing is watched for yet." in words(sign_in(agent).get("/mentions/"))
    tried = words(sign_in(agent).post("/mentions/try/", {"text": TEXT}))
    assert "there is no name to look for" in tried
    forms = [TermForm(name="Kafe")]
    change_mentions(brand, forms=forms, query="", seen_version=0, by=lead, now=now)
    assert "“Kafe” is an ordinary word too" in words(sign_in(agent).get("/mentions/"))


def test_a_version_that_cannot_be_read_can_be_written_anew(
    brand: Brand, lead: User, sign_in: SignIn, now: datetime
) -> None:
    MentionQuery.objects.create(
        workspace=brand.workspace,
        brand=brand,
        version=1,
        terms=[{"name": "Acme"}],
        changed_by=lead,
        changed_at=now,
    )
    client = sign_in(lead)
    assert client.get("/mentions/").status_code == 200
    assert client.post("/mentions/save/", form_of({"name": "Acme"}, seen=1)).status_code == 302


@pytest.mark.usefixtures("watched")
def test_a_brand_of_another_workspace_is_not_there(
    lead: User, stranger: User, sign_in: SignIn
) -> None:
    foreign = stranger.memberships.get().workspace.brands.get()
    assert sign_in(lead).get(f"/mentions/?brand={foreign.pk}").status_code == 404
    assert "acmeco" not in words(sign_in(stranger).get("/mentions/"))


def test_a_workspace_of_two_brands_has_a_watch_for_each(
    workspace: Workspace, lead: User, sign_in: SignIn
) -> None:
    other = Brand.objects.create(workspace=workspace, name="Zarnovik", slug="zarnovik")
    client = sign_in(lead)
    client.post("/mentions/save/", form_of({"name": "Zarnovik"}, brand=other.pk))
    assert MentionQuery.objects.get().brand == other
    assert f"?brand={other.pk}" in words(client.get("/mentions/"))


@pytest.mark.usefixtures("watched")
def test_the_case_says_by_what_it_was_found(
    make_case: Callable[..., Case], agent: User, sign_in: SignIn
) -> None:
    case = make_case(TEXT)
    assert Mention.objects.count() == 1
    page = words(sign_in(agent).get(f"/cases/C-{case.number}/"))
    assert "Found by: “Acmee” is read as Acme: 1 letter is wrong" in " ".join(page.split())
    assert "Found by:" not in words(sign_in(agent).get(f"/cases/C-{make_case('Selam').number}/"))
