"""The linter in the editor: findings while one types, explained, and never in the way of the words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from amends.accounts.models import Brand, User
from amends.cases.models import Case
from amends.record.models import ActionLog
from amends.replies.approve import ask_for_approval
from amends.replies.bystander import STATEMENTS
from amends.replies.draft import save_draft
from amends.replies.models import Finding, Override, Reply
from amends.replies.promise import make_promise, time_named
from amends.replies.queries import reply_digest
from tests.web.conftest import words

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
PART = {"HX-Request": "true"}
BAD = "Kargom dediğiniz için yanlış anlaşıldıysak üzgünüz. En kısa sürede dönüş yapılacaktır. <b>Elif</b>"


def url(case: Case, what: str = "") -> str:
    return f"/cases/C-{case.number}/{what}"


def lint(client: Client, case: Case, text: str) -> str:
    response = client.post(url(case, "reply/lint/"), {"text": text})
    assert response.status_code == 200
    return words(response)


def test_what_is_typed_is_read_without_being_saved_or_logged(
    draft: Reply, agent: User, sign_in: SignIn
) -> None:
    logged = ActionLog.objects.count()
    said = lint(sign_in(agent), draft.case, BAD)
    assert "<q" in said
    assert "yanlış anlaşıldıysak üzgünüz" in said
    assert 'data-stopped="yes"' in said
    assert "stops it" in said  # a word, not a colour alone
    draft.refresh_from_db()
    assert (draft.text, draft.revision) == ("Merhaba Ayşe Hanım", 1)
    assert (ActionLog.objects.count(), Finding.objects.count()) == (logged, 0)


def test_a_finding_says_who_asks_for_it_and_offers_words_for_its_place(
    draft: Reply, agent: User, sign_in: SignIn
) -> None:
    said = lint(sign_in(agent), draft.case, BAD)
    assert "Says who?" in said
    assert "S4.28" in said
    assert 'data-text="Sizi […] beklettiğimiz için özür dileriz."' in said
    assert 'data-key="1"' in said
    assert 'aria-keyshortcuts="Alt+1"' in said


def test_a_promise_is_offered_with_its_sentence_and_the_time_that_it_names(
    draft: Reply, agent: User, sign_in: SignIn, now: datetime
) -> None:
    Brand.objects.update(time_zone="Europe/Istanbul")
    User.objects.filter(pk=agent.pk).update(time_zone="Europe/Istanbul")
    text = "Kargonuzun gelmediğini görüyoruz. Yarın saat 17.00'ye kadar size yazacağım. Elif"
    said = lint(sign_in(agent), draft.case, text)
    assert 'data-promise="Yarın saat 17.00\'ye kadar size yazacağım."' in said
    assert 'T17:00"' in said


def test_words_of_a_draft_are_never_read_as_markup(
    draft: Reply, agent: User, sign_in: SignIn
) -> None:
    response = sign_in(agent).post(
        url(draft.case, "reply/lint/"),
        {"text": '"><script>alert(1)</script> yanlış anlaşıldıysak üzgünüz <i>Elif</i>'},
    )
    assert "<script" not in response.content.decode()
    assert "<i>" not in response.content.decode()


def test_findings_are_explained_in_the_language_of_the_reader(
    draft: Reply, agent: User, sign_in: SignIn
) -> None:
    User.objects.filter(pk=agent.pk).update(language="nl")
    said = lint(sign_in(agent), draft.case, BAD)
    assert "Excuses voor een gevoel" in said
    assert "özür dileriz" in said  # what is inserted stays in the language of the reply


def test_after_saving_without_script_the_page_shows_the_findings(
    draft: Reply, agent: User, sign_in: SignIn
) -> None:
    client = sign_in(agent)
    client.post(url(draft.case, "reply/save/"), {"text": BAD, "revision": 1})
    page = words(client.get(url(draft.case)))
    assert "yanlış anlaşıldıysak üzgünüz</q>" in page
    assert 'id="override"' in page


def test_a_clean_draft_says_so_and_hides_the_way_around(
    draft: Reply, agent: User, sign_in: SignIn, now: datetime
) -> None:
    make_promise(
        draft.case,
        text="Depoya sordum; bugün 17.00'ye kadar size sonucu yazacağım.",
        owner=agent,
        promised_for=time_named("17.00", case=draft.case, now=now),
        by=agent,
        now=now,
    )
    save_draft(
        draft,
        text="Kargonuzun hâlâ gelmediğini görüyoruz, özür dileriz. Depoya sordum; bugün 17.00'ye "
        "kadar size sonucu yazacağım. Elif",
        revision=1,
        by=agent,
        now=now,
    )
    page = words(sign_in(agent).get(url(draft.case)))
    assert "The linter has nothing to say against it." in page
    assert 'id="override" hidden' in page


def test_what_the_linter_stops_is_refused_beside_the_form_with_everything_typed_still_there(
    draft: Reply, agent: User, sign_in: SignIn
) -> None:
    form = {"text": BAD, "revision": 1}
    refused = sign_in(agent).post(url(draft.case, "reply/ask/"), form, headers=PART)
    assert refused.status_code == 422
    assert "The linter stops this" in words(refused)
    assert BAD.partition("<")[0] in words(refused)
    draft.refresh_from_db()
    assert (draft.status, draft.text) == ("draft", BAD)


def test_a_reason_hands_it_over_and_the_second_person_reads_it(
    draft: Reply, agent: User, other_agent: User, sign_in: SignIn
) -> None:
    form = {"text": BAD, "revision": 1, "override": "Agreed with counsel."}
    client = sign_in(agent)
    assert client.post(url(draft.case, "reply/ask/"), form, headers=PART).status_code == 200
    draft.refresh_from_db()
    form |= {"revision": 2, "bystander": STATEMENTS, "read_digest": reply_digest(draft)}
    assert client.post(url(draft.case, "reply/ask/"), form, headers=PART).status_code == 200
    assert Override.objects.get().reason == "Agreed with counsel."
    page = words(sign_in(other_agent).get(url(draft.case)))
    assert "although the linter stops it" in page
    assert "Agreed with counsel." in page
    assert "By approving you agree as the second person." in page
    approved = sign_in(other_agent).post(
        url(draft.case, "reply/approve/"), {"digest": Override.objects.get().digest}, headers=PART
    )
    assert approved.status_code == 200


def test_without_a_reply_there_is_nothing_to_read(case: Case, agent: User, sign_in: SignIn) -> None:
    response = sign_in(agent).post(url(case, "reply/lint/"), {"text": "x"})
    assert response.status_code == 422


def test_a_case_of_a_hidden_lane_is_not_linted_for_others(
    draft: Reply, agent: User, sign_in: SignIn
) -> None:
    Case.objects.update(lane="legal")
    response = sign_in(agent).post(url(draft.case, "reply/lint/"), {"text": "x"})
    assert response.status_code == 404


def test_the_log_tells_of_an_override_in_words(
    draft: Reply, agent: User, lead: User, sign_in: SignIn, now: datetime
) -> None:
    draft = save_draft(draft, text=BAD, revision=1, by=agent, now=now)
    ask_for_approval(draft, by=agent, now=now, override="Agreed with counsel.", agreed=STATEMENTS)
    assert "overrode the linter" in words(sign_in(lead).get("/log/"))
