"""The page of authority, and what a case shows of the level of its reply."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from amends.accounts.authority import Answer, log_use
from amends.accounts.models import Authority, Deputy, User, Workspace
from amends.cases.models import Case, Decision
from amends.cases.triage import latest_triage
from amends.record.log import Subject
from amends.replies.bystander import STATEMENTS
from amends.replies.models import Approval, ApprovalRequest, Delivery, Promise, Reply
from amends.replies.queries import reply_digest
from amends.web.authority_forms import end_of
from tests.web.conftest import words

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
PART = {"HX-Request": "true"}
CLEAN = "Kargonuzun gelmediğini görüyoruz, özür dileriz. Bugün 17.00'ye kadar size yazacağım. Elif"


def url(case: Case, what: str = "") -> str:
    return f"/cases/C-{case.number}/{what}"


def grant_form(**changes: object) -> dict[str, object]:
    return {"act": "compensate", "amount": "200", "currency": "EUR", "reason": "Sale"} | changes


def test_the_matrix_shows_what_each_role_may(lead: User, sign_in: SignIn) -> None:
    page = words(sign_in(lead).get("/authority/"))
    assert "up to 50\N{NO-BREAK SPACE}EUR" in page.replace(
        "up to 50 EUR", "up to 50\N{NO-BREAK SPACE}EUR"
    )
    assert "up to 7 days" in page
    assert "Nobody has more or less than their role." in page


def test_a_lead_grants_something_to_a_person_and_ends_it(
    lead: User, agent: User, sign_in: SignIn
) -> None:
    client = sign_in(lead)
    wrong = client.post("/authority/grant/", grant_form(to=f"person:{agent.pk}", amount="1.000,00"))
    assert wrong.status_code == 422
    assert "Write the amount in figures" in words(wrong)
    far = client.post("/authority/grant/", grant_form(to=f"person:{agent.pk}", amount="9000"))
    assert far.status_code == 422
    assert "Nobody gives what they do not have" in words(far)
    client.post(
        "/authority/grant/",
        grant_form(to=f"person:{agent.pk}", languages=["tr"], until="2099-01-31"),
    )
    row = Authority.objects.get()
    assert (row.person, str(row.money), row.languages) == (agent, "200 EUR", ["tr"])
    page = words(client.get("/authority/"))
    assert "Compensate: up to 200 EUR · Turkish" in page
    assert "Sale" in page
    client.post("/authority/end/", {"row": row.pk})
    row.refresh_from_db()
    assert row.ended_by == lead
    assert "Nobody has more or less" in words(client.get("/authority/"))


def test_only_an_owner_lays_down_what_a_role_may(lead: User, owner: User, sign_in: SignIn) -> None:
    form = grant_form(to="role:agent", amount="10")
    assert sign_in(lead).post("/authority/grant/", form).status_code == 422
    assert sign_in(owner).post("/authority/grant/", form).status_code == 302
    assert "laid down by Owner: Sale" in words(sign_in(lead).get("/authority/"))


def test_a_deputy_is_appointed_and_ended(
    owner: User, lead: User, agent: User, sign_in: SignIn
) -> None:
    client = sign_in(owner)
    form = {"person": lead.pk, "deputy": agent.pk, "until": "2099-01-31", "reason": "On leave"}
    assert (
        client.post("/authority/deputies/appoint/", {**form, "until": "2001-01-01"}).status_code
        == 422
    )
    client.post("/authority/deputies/appoint/", form)
    row = Deputy.objects.get()
    assert row.valid_until == end_of(datetime(2099, 1, 31).date())  # noqa: DTZ001 - a day
    assert "stands in for Lead" in words(client.get("/authority/"))
    client.post("/authority/deputies/end/", {"row": row.pk})
    assert "Nobody stands in for anybody" in words(client.get("/authority/"))


def test_rows_of_another_workspace_are_out_of_reach(
    stranger: User, owner: User, agent: User, workspace: Workspace, sign_in: SignIn, now: datetime
) -> None:
    sign_in(owner).post("/authority/grant/", grant_form(to=f"person:{agent.pk}"))
    row = Authority.objects.get()
    sign_in(stranger).post("/authority/end/", {"row": row.pk})
    row.refresh_from_db()
    assert row.ended_at is None
    theirs = sign_in(stranger).post("/authority/grant/", grant_form(to=f"person:{agent.pk}"))
    assert theirs.status_code == 422
    assert "Sale" not in words(sign_in(stranger).get("/authority/"))


def test_the_use_of_a_grant_stands_on_the_page_with_its_case(
    owner: User, agent: User, case: Case, workspace: Workspace, sign_in: SignIn, now: datetime
) -> None:
    answer = Answer(is_allowed=True, why="deputy", in_name_of=owner)
    about = Subject("case", case.public_id, case.public_id)
    log_use(answer, what="compensate 80 EUR", by=agent, workspace=workspace, about=about, now=now)
    page = words(sign_in(owner).get("/authority/"))
    assert "in the name of Owner" in page
    assert "Compensate 80 EUR" in page
    assert f'<a href="/cases/{case.public_id}/">' in page


# --- the reply --------------------------------------------------------------------------------


@pytest.fixture
def at_level(draft: Reply, agent: User, now: datetime) -> Callable[[str], Case]:
    """The draft of the agent, with a decision of a level and words that nothing stops."""

    def decide(level: str) -> Case:
        case = draft.case
        Decision.objects.create(
            workspace=case.workspace,
            case=case,
            triage=latest_triage(case),
            rule_id="D4",
            priority="P3",
            approval=level,
            playbook="p",
            playbook_version="1",
            playbook_digest="d",
            decision={},
            inputs={},
            created_at=now,
        )
        Promise.objects.create(
            workspace=case.workspace,
            case=case,
            text=CLEAN,
            owner=agent,
            promised_for=now + timedelta(hours=30),
            made_by=agent,
            made_at=now,
        )
        return case

    return decide


def send_alone(client: Client, case: Case, draft: Reply) -> object:
    return read_and_post(client, case, draft, to="reply/release/")


def read_and_post(client: Client, case: Case, draft: Reply, *, to: str) -> object:
    """Save the text, read it as a stranger would, and post it with all four ticks."""
    form = {"text": CLEAN, "revision": draft.revision}
    client.post(url(case, "reply/save/"), form)
    draft.refresh_from_db()
    ticks = {"bystander": STATEMENTS, "read_digest": reply_digest(draft)}
    form = {"text": CLEAN, "revision": draft.revision, **ticks}
    return client.post(url(case, to), form, headers=PART)


def test_at_a0_the_writer_sends_alone_what_was_just_typed(
    at_level: Callable[[str], Case],
    draft: Reply,
    agent: User,
    other_agent: User,
    sign_in: SignIn,
) -> None:
    case, client = at_level("A0"), sign_in(agent)
    page = words(client.get(url(case)))
    assert 'id="release"' in page
    assert "Approval A0: the writer alone" in page
    response = send_alone(client, case, draft)
    assert "Post the text by hand now" in words(response)  # type: ignore[arg-type]
    draft.refresh_from_db()
    assert (draft.text, draft.status) == (CLEAN, "approved")
    assert Approval.objects.get().is_self
    assert "alone, at level A0" in words(client.get(url(case)))


@pytest.mark.parametrize("level", ["A1", "A2", "A3", "A4"])
def test_above_a0_there_is_no_such_button_and_no_such_address(
    at_level: Callable[[str], Case],
    draft: Reply,
    agent: User,
    other_agent: User,
    sign_in: SignIn,
    level: str,
) -> None:
    case, client = at_level(level), sign_in(agent)
    assert 'id="release"' not in words(client.get(url(case)))
    response = send_alone(client, case, draft)
    assert response.status_code == 422  # type: ignore[attr-defined]
    draft.refresh_from_db()
    assert (draft.text, draft.status) == (CLEAN, "draft")
    assert not Delivery.objects.exists()


def test_the_waiting_reply_says_whom_it_waits_for_and_the_second_word_sends_it(
    at_level: Callable[[str], Case],
    draft: Reply,
    agent: User,
    lead: User,
    counsel: User,
    other_agent: User,
    sign_in: SignIn,
) -> None:
    case = at_level("A3")
    read_and_post(sign_in(agent), case, draft, to="reply/ask/")
    assert ApprovalRequest.objects.get().level == "A3"
    other = words(sign_in(other_agent).get(url(case)))
    assert "Level A3 asks for somebody else: a lead, counsel." in other
    assert 'id="approve"' not in other
    draft.refresh_from_db()
    digest = {"digest": reply_digest(draft)}
    first = words(sign_in(lead).get(url(case)))
    assert 'id="approve"' in first
    said = sign_in(lead).post(url(case, "reply/approve/"), digest, headers=PART)
    assert "Noted: you agree." in words(said)
    assert "has agreed" in words(sign_in(counsel).get(url(case)))
    assert sign_in(counsel).post(url(case, "reply/approve/"), digest).status_code == 302
    assert Delivery.objects.exists()


def test_a_promise_says_what_it_costs_and_the_level_rises(
    at_level: Callable[[str], Case], agent: User, sign_in: SignIn
) -> None:
    case, client = at_level("A0"), sign_in(agent)
    form = {"text": "A voucher", "owner": agent.pk, "until": "2099-01-01T10:00", "currency": "EUR"}
    wrong = client.post(url(case, "promises/make/"), {**form, "amount": "a lot"}, headers=PART)
    assert wrong.status_code == 422
    client.post(url(case, "promises/make/"), {**form, "amount": "80"})
    page = words(client.get(url(case)))
    assert "Approval A2" in page
    assert "beyond the limit of who hands it over" in page
    assert "80 EUR" in page
