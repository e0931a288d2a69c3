"""The editor: from the starting policy to a public version, by form and by file; nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from amends.accounts.models import Brand, TextDraft, TextVersion, User, Workspace
from amends.core.policy.schema import parse_policy, read_shipped_policy
from amends.measures.publish_policy import policy_draft, publish_policy
from tests.core.policy.support import SMALL
from tests.web.conftest import words

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
STARTING = read_shipped_policy().decode()


@pytest.fixture
def draft(lead: User, brand: Brand, sign_in: SignIn) -> TextDraft:
    """What one gets who begins with the starting policy."""
    sign_in(lead).post("/policy/begin/", {"brand": brand.pk})
    return TextDraft.objects.get()


def form_of(client: Client, *, lang: str = "en", **typed: Any) -> dict[str, Any]:
    """What a browser sends from the form as it stands, with other words in some fields."""
    page = client.get("/policy/", {"lang": lang}).context["editor"]
    sent: dict[str, Any] = {"view": "form", "lang": lang, "revision": page.draft.revision}
    for form in [page.page_form, *page.clause_forms.forms]:
        for bound in form:
            value = bound.value()
            if value is not None and value is not False and value != []:
                sent[bound.html_name] = value
    management = page.clause_forms.management_form
    sent |= {bound.html_name: bound.value() for bound in management}
    return sent | {key.replace("__", "-"): value for key, value in typed.items()}


def test_one_begins_with_the_starting_policy(lead: User, brand: Brand, sign_in: SignIn) -> None:
    client = sign_in(lead)
    assert "Begin with ours" in words(client.get("/policy/"))
    answer = client.post("/policy/begin/", {"brand": brand.pk}, follow=True)
    page = words(answer)
    assert "Kept as a draft. It can be published." in page
    assert "Hate against people" in page
    assert TextDraft.objects.get().text == STARTING


def test_the_starting_policy_comes_in_the_languages_of_the_brand(
    lead: User, brand: Brand, sign_in: SignIn
) -> None:
    Brand.objects.filter(pk=brand.pk).update(languages="nl,tr")
    sign_in(lead).post("/policy/begin/", {"brand": brand.pk})
    policy = parse_policy(TextDraft.objects.get().text)
    assert policy.languages == ("tr", "nl")
    assert set(policy.clauses[0].texts) == {"tr", "nl"}


@pytest.mark.usefixtures("draft")
def test_the_form_changes_one_language_and_leaves_the_others(lead: User, sign_in: SignIn) -> None:
    client = sign_in(lead)
    before = parse_policy(TextDraft.objects.get().text)
    sent = form_of(client, lang="tr", clause__0__rule="Kimseyi aşağılamayın.", page__answer="10d")
    assert client.post("/policy/save/", sent).status_code == 302
    after = parse_policy(TextDraft.objects.get().text)
    assert after.clauses[0].texts["tr"].rule == "Kimseyi aşağılamayın."
    assert after.clauses[0].texts["en"] == before.clauses[0].texts["en"]
    assert after.clauses[1:] == before.clauses[1:]
    assert after.pages == before.pages
    assert after.appeal.answer is not None
    assert after.appeal.answer.days == 10


@pytest.mark.usefixtures("draft")
def test_a_clause_is_added_and_another_taken_out(lead: User, sign_in: SignIn) -> None:
    client = sign_in(lead)
    sent = form_of(
        client,
        clause__0__remove="on",
        clause__9__id="threats-at-work",
        clause__9__ground="threat",
        clause__9__ladder=["remove", "temporary_ban"],
        clause__9__ban="14d",
        clause__9__title="Threats against our people",
    )
    client.post("/policy/save/", sent)
    policy = parse_policy(TextDraft.objects.get().text)
    assert policy.clause("hate") is None
    added = policy.clause("threats-at-work")
    assert added is not None
    assert [one.step.value for one in added.ladder] == ["remove", "temporary_ban"]
    page = words(client.get("/policy/", {"lang": "en"}))
    assert "clause threats-at-work has no rule in en" in page
    assert "must be mended before this can be public" in page


@pytest.mark.usefixtures("draft")
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(
    lead: User, sign_in: SignIn
) -> None:
    client = sign_in(lead)
    sent = form_of(
        client, clause__0__ban="soon", clause__1__id="hate", clause__2__rule="Typed words"
    )
    answer = client.post("/policy/save/", sent)
    page = words(answer)
    assert answer.status_code == 422
    assert "Write days or hours, like 7d or 12h." in page
    assert "Another clause has this id." in page
    assert "Typed words" in page
    assert TextDraft.objects.get().text == STARTING


@pytest.mark.usefixtures("draft")
def test_criticism_in_a_rule_is_said_beside_its_clause_and_stops_publication(
    lead: User, sign_in: SignIn
) -> None:
    client = sign_in(lead)
    client.post("/policy/save/", form_of(client, clause__0__rule="No negative comments."))
    page = words(client.get("/policy/", {"lang": "en"}))
    assert "“negative” would make criticism removable" in page
    revision = TextDraft.objects.get().revision
    answer = client.post("/policy/publish/", {"revision": revision, "after": 0})
    assert answer.status_code == 422
    assert "not fit to be published yet" in words(answer)
    assert not TextVersion.objects.exists()


def test_a_lead_publishes_with_a_note(
    draft: TextDraft, lead: User, brand: Brand, sign_in: SignIn
) -> None:
    client = sign_in(lead)
    sent = {"revision": draft.revision, "after": 0, "note": "Our first one."}
    page = words(client.post("/policy/publish/", sent, follow=True))
    assert "Version 1 is public from now on." in page
    assert f"/policy/lumen-{brand.pk}/" in page
    version = TextVersion.objects.get()
    assert (version.note, version.number, version.text) == ("Our first one.", 1, STARTING)
    assert policy_draft(brand) is None


def test_the_draft_is_shown_beside_what_is_in_force(
    lead: User, brand: Brand, now: datetime, sign_in: SignIn
) -> None:
    publish_policy(brand, text=STARTING, after=0, note="", by=lead, now=now)
    client = sign_in(lead)
    changed = STARTING.replace("Do not insult anybody", "Never insult anybody")
    client.post("/policy/save/", {"view": "file", "text": changed, "revision": 0, "lang": "en"})
    page = words(client.get("/policy/", {"lang": "en"}))
    assert "What readers will see changed" in page
    assert "<del>Do not</del><ins>Never</ins>" in page


def test_two_who_edit_at_once_lose_nothing(
    draft: TextDraft, lead: User, counsel: User, sign_in: SignIn
) -> None:
    client = sign_in(lead)
    sent = form_of(client, clause__0__rule="What the lead typed.")
    other = {"view": "file", "text": SMALL.decode(), "revision": draft.revision}
    assert sign_in(counsel).post("/policy/save/", other).status_code == 302
    answer = client.post("/policy/save/", sent)
    assert answer.status_code == 409
    assert "What the lead typed." in words(answer)
    assert "Somebody else changed this draft" in words(answer)
    answer = client.post("/policy/publish/", {"revision": draft.revision, "after": 0})
    assert answer.status_code == 409
    assert not TextVersion.objects.exists()


@pytest.mark.usefixtures("draft")
def test_a_file_goes_out_and_comes_in_again(lead: User, sign_in: SignIn) -> None:
    client = sign_in(lead)
    answer = client.get("/policy/export/")
    assert answer.content.decode() == STARTING
    assert "policy-lumen.yaml" in answer.headers["Content-Disposition"]
    revision = TextDraft.objects.get().revision
    upload = SimpleUploadedFile("mine.yaml", SMALL)
    client.post("/policy/import/", {"file": upload, "revision": revision})
    assert TextDraft.objects.get().text == SMALL.decode()
    for wrong in (SimpleUploadedFile("x.yaml", b"\xff"), SimpleUploadedFile("x", b"x" * 300_000)):
        assert client.post("/policy/import/", {"file": wrong, "revision": 2}).status_code == 422
    assert client.post("/policy/import/", {}).status_code == 422


def test_a_file_that_is_no_policy_is_shown_with_its_lines(
    draft: TextDraft, lead: User, sign_in: SignIn
) -> None:
    client = sign_in(lead)
    sent = {"view": "file", "text": "kind: policy\nname: [x", "revision": draft.revision}
    page = words(client.post("/policy/save/", sent, follow=True))
    assert "line 2:" in page
    assert "not valid YAML" in page
    assert "name: [x" in page


@pytest.mark.usefixtures("draft")
def test_the_preview_shows_the_draft_to_nobody_else(
    lead: User, agent: User, brand: Brand, sign_in: SignIn, client: Client
) -> None:
    answer = sign_in(lead).get("/policy/preview/", {"lang": "ru"})
    page = words(answer)
    assert "Ненависть к людям" in page
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.get(f"/policy/lumen-{brand.pk}/").status_code == 404
    seen = words(sign_in(agent).get("/policy/preview/"))
    assert "Hate against people" not in seen
    assert "Nothing is public yet" in words(sign_in(agent).get("/policy/"))
    assert STARTING not in sign_in(agent).get("/policy/export/").content.decode()


@pytest.mark.usefixtures("draft")
def test_a_language_is_added_and_asked_for(lead: User, brand: Brand, sign_in: SignIn) -> None:
    client = sign_in(lead)
    Brand.objects.filter(pk=brand.pk).update(languages="en")
    client.post("/policy/discard/", {})
    assert not TextDraft.objects.exists()
    client.post("/policy/begin/", {})
    client.post("/policy/begin/", {"language": "nl", "revision": 1})
    draft = TextDraft.objects.get()
    assert parse_policy(draft.text).languages == ("en", "nl")
    page = words(client.get("/policy/", {"lang": "nl"}))
    assert "no page in nl" in page


def test_a_brand_of_elsewhere_is_not_found(
    draft: TextDraft, stranger: User, brand: Brand, sign_in: SignIn, workspace: Workspace
) -> None:
    client = sign_in(stranger)
    for path in ("/policy/", "/policy/export/", "/policy/preview/"):
        assert client.get(path, {"brand": brand.pk}).status_code == 404
    for path in ("/policy/save/", "/policy/publish/", "/policy/discard/", "/policy/begin/"):
        sent = {"brand": brand.pk, "revision": draft.revision, "view": "file", "text": "x"}
        assert client.post(path, sent).status_code == 404
    draft.refresh_from_db()
    assert (draft.text, draft.workspace) == (STARTING, workspace)
