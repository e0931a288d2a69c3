"""The triage form and what follows from it on the page: quick to use, quiet about what is rare, and tight."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from amends.accounts.models import User
from amends.cases.assign import assign_case
from amends.cases.mark_advocate import mark_advocate
from amends.cases.models import (
    Advocate,
    Case,
    Disposition,
    Fight,
    LegalHold,
    RootCause,
    Triage,
    TrollTest,
)
from amends.cases.move_lane import move_lane
from amends.cases.watch_thread import mark_fight
from amends.connectors.kit.events import InboundAuthor
from amends.inbox.queries import latest_version
from tests.web.conftest import judge, words

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
MakeCase = Callable[..., Case]
PART = {"HX-Request": "true"}
TRIAGE = {
    "category": "business_error",
    "severity": "high",
    "arousal": "high",
    "sentiment": "negative",
    "is_complaint": "yes",
    "asked": "yes",
    "policy_ground": "none",
    "fault": "unknown",
}
CAN = InboundAuthor("a-2", "can", "Can")
SECRET = "Müdürüm bizi tehdit ediyor"


def url(case: Case, what: str = "") -> str:
    return f"/cases/C-{case.number}/{what}"


def test_the_engines_ground_and_flags_stand_in_the_form_to_be_confirmed(
    case: Case, agent: User, sign_in: SignIn
) -> None:
    version = latest_version(case.comment)
    assert version is not None
    judge(version)
    page = words(sign_in(agent).get(url(case)))
    assert '<input type="checkbox" name="flags" value="legal_threat" checked>' in page
    assert '<input type="checkbox" name="flags" value="safety">' in page
    assert '<details class="fold" id="flags" open>' in page
    assert '<details class="fold" id="who-why">' in page


@pytest.mark.parametrize(
    ("said", "stored"),
    [
        ({"fault": "unknown", "fault_share": "50"}, (None, None, "")),
        ({"fault": "ours", "fault_basis": "order_data"}, (100, None, "order_data")),
        (
            {"fault": "ours", "fault_share": "30 %", "fault_basis": "admitted"},
            (30, None, "admitted"),
        ),
        ({"fault": "not_ours_can_help", "fault_basis": "order_data"}, (0, True, "order_data")),
        ({"fault": "not_ours_cannot", "fault_basis": "order_data"}, (0, False, "order_data")),
    ],
)
def test_the_choice_of_three_becomes_a_record(
    case: Case, agent: User, sign_in: SignIn, said: dict[str, str], stored: tuple[object, ...]
) -> None:
    response = sign_in(agent).post(url(case, "triage/"), TRIAGE | said, headers=PART)
    assert response.status_code == 200
    triage = Triage.objects.get()
    assert (triage.fault_share, triage.can_help, triage.fault_basis) == stored


@pytest.mark.parametrize(
    "said",
    [
        {"fault": "ours"},
        {"fault": "ours", "fault_share": "0", "fault_basis": "order_data"},
        {"fault": "nobody"},
        {"fault": "not_ours_can_help", "fault_basis": "other"},
    ],
)
def test_what_is_refused_keeps_everything_that_was_typed(
    case: Case, agent: User, sign_in: SignIn, said: dict[str, str]
) -> None:
    typed = TRIAGE | {"flags": ["safety"], "own_root_cause": "Harbour strike"} | said
    response = sign_in(agent).post(url(case, "triage/"), typed, headers=PART)
    assert response.status_code == 422
    page = words(response)
    assert 'value="Harbour strike"' in page
    assert '<input type="checkbox" name="flags" value="safety" checked>' in page
    assert not Triage.objects.exists()
    assert not RootCause.objects.exists()


def test_an_own_root_cause_is_offered_from_then_on(
    case: Case, make_case: MakeCase, agent: User, sign_in: SignIn
) -> None:
    client = sign_in(agent)
    client.post(url(case, "triage/"), TRIAGE | {"own_root_cause": "Harbour strike"})
    other = make_case("Nerede?", external_id="o-1", author=CAN)
    assert ">Harbour strike</option>" in words(client.get(url(other)))


@pytest.mark.parametrize("headers", [{}, PART], ids=["page", "htmx"])
def test_k24_whoever_triages_a_case_out_of_their_sight_is_led_back_without_its_content(
    case: Case, agent: User, lead: User, sign_in: SignIn, headers: dict[str, str]
) -> None:
    client = sign_in(agent)
    response = client.post(url(case, "triage/"), TRIAGE | {"category": "employee"}, headers=headers)
    target = response.headers.get("HX-Redirect") or response.headers.get("Location")
    assert target == "/inbox/"
    assert "Kargom" not in words(response)
    page = words(client.get("/inbox/", follow=True))
    assert "moved to the colleagues" in page
    assert client.get(url(case)).status_code == 404
    assert sign_in(lead).get(url(case)).status_code == 200


def test_an_agent_finds_nothing_of_a_restricted_case_anywhere(
    make_case: MakeCase, agent: User, lead: User, sign_in: SignIn, now: datetime
) -> None:
    hidden = make_case(SECRET, external_id="h-1")
    seen = make_case("Kargom nerede?", external_id="s-1")
    beside = make_case("Evet", external_id="h-2", thread_external_id="h-1", author=CAN)
    assign_case(hidden, to=lead, by=lead, now=now)
    mark_fight(hidden, by=lead, now=now)
    mark_advocate(hidden.comment, case=hidden, is_advocate=True, by=lead, now=now)
    Case.objects.filter(pk=hidden.pk).update(lane="employee")
    client = sign_in(agent)
    since = (now - timedelta(days=1)).isoformat()
    addresses = [
        *("/inbox/", "/inbox/all/", "/inbox/unassigned/", "/inbox/look_again/", "/endings/"),
        *(url(seen), url(beside), "/engine/"),
        f"/inbox/pulse/?view=all&since={since}&case={hidden.number}&seen={since}",
    ]
    for address in addresses:
        page = words(client.get(address, follow=True))
        for trace in ("tehdit", f"C-{hidden.number}<", f"{hidden.public_id}?", "defends us here"):
            assert trace not in page, (address, trace)
    assert client.get(url(hidden)).status_code == 404
    for what in ("triage/", "lane/", "troll/", "close/", "fight/", "note/", "assign/", "silence/"):
        assert client.post(url(hidden, what), {}).status_code == 404, what
    assert "1 earlier case" not in words(client.get(url(seen)))
    assert "1 earlier case" in words(sign_in(lead).get(url(seen)))


def test_the_lane_can_be_changed_by_hand_and_back_only_with_a_reason(
    case: Case, agent: User, lead: User, sign_in: SignIn
) -> None:
    response = sign_in(agent).post(url(case, "lane/"), {"lane": "legal"})
    assert response.headers["Location"] == "/inbox/"
    client = sign_in(lead)
    assert client.post(url(case, "lane/"), {"lane": "open"}, headers=PART).status_code == 422
    back = {"lane": "open", "reason": "No lawyer is meant."}
    assert client.post(url(case, "lane/"), back, headers=PART).status_code == 200
    assert Case.objects.get().lane == "open"


def test_a_legal_hold_shows_its_reason_to_confidants_only(
    case: Case, agent: User, lead: User, counsel: User, sign_in: SignIn, now: datetime
) -> None:
    said = {
        "reason": "Letter of 3 March",
        "counsel": str(counsel.pk),
        "review_on": (now + timedelta(days=30)).date().isoformat(),
    }
    client = sign_in(lead)
    wrong = client.post(url(case, "legal-hold/"), said | {"review_on": "soon"}, headers=PART)
    assert wrong.status_code == 422
    assert "Letter of 3 March" in words(client.post(url(case, "legal-hold/"), said, headers=PART))
    page = words(sign_in(agent).get(url(case)))
    assert "Letter of 3 March" not in page
    assert "nothing of this case is erased" in page
    client.post(url(case, "legal-hold/lift/"), {"reason": "Settled."})
    assert LegalHold.objects.get().lifted_by == lead


def test_the_troll_test_is_taken_on_the_page(
    case: Case, agent: User, other_agent: User, sign_in: SignIn
) -> None:
    client = sign_in(agent)
    client.post(url(case, "triage/"), TRIAGE | {"category": "troll"})
    assert '<details class="fold" id="troll" open>' in words(client.get(url(case)))
    no = {"is_on_topic": "no", "has_concern": "no", "is_constructive": "no"}
    refused = client.post(url(case, "troll/"), no | {"conduct": "Spams."}, headers=PART)
    assert refused.status_code == 422
    assert 'value="Spams."' in words(refused)
    unanswered = client.post(url(case, "troll/"), {"is_on_topic": "no"}, headers=PART)
    assert "Answer all three questions." in words(unanswered)
    said = no | {"conduct": "Asks the same again and again.", "quotes": "Kargom"}
    assert "ask about the experience" in words(client.post(url(case, "troll/"), said, headers=PART))
    assert TrollTest.objects.get().quotes == [[0, 6]]
    early = client.post(url(case, "troll/answer/"), {"experience": "none"}, headers=PART)
    assert early.status_code == 422
    rule = sign_in(other_agent).post(url(case, "troll/rule/"), {"ruled": "confirmed"}, headers=PART)
    assert rule.status_code == 422


def test_a_case_is_closed_with_what_became_of_it(case: Case, agent: User, sign_in: SignIn) -> None:
    client = sign_in(agent)
    for wrong in ({"reason": "x"}, {"disposition": "silence", "reason": "x"}):
        assert client.post(url(case, "close/"), wrong, headers=PART).status_code == 422
    twin = {"disposition": "duplicate", "reason": "Same parcel", "duplicate_of": "C-999"}
    assert client.post(url(case, "close/"), twin, headers=PART).status_code == 422
    said = {"disposition": "not_ours", "reason": "Another shop."}
    page = words(client.post(url(case, "close/"), said, headers=PART))
    assert "Not ours to answer" in page
    assert "Another shop." in page
    assert Disposition.objects.get().closed_by == agent
    assert "0 cases were closed silently." in words(client.get("/endings/"))


def test_the_number_of_a_duplicate_is_shown_only_to_whom_it_concerns(
    case: Case, make_case: MakeCase, agent: User, lead: User, sign_in: SignIn
) -> None:
    other = make_case("Kargom?", external_id="d-1")
    said = {"disposition": "duplicate", "reason": "Same", "duplicate_of": str(other.number)}
    assert sign_in(agent).post(url(case, "close/"), said, headers=PART).status_code == 200
    Case.objects.filter(pk=other.pk).update(lane="legal")
    assert f'href="/cases/C-{other.number}/' not in words(sign_in(agent).get(url(case)))
    assert f'href="/cases/C-{other.number}/' in words(sign_in(lead).get(url(case)))


def test_a_fight_and_an_advocate_are_marked_on_the_page(
    case: Case, make_case: MakeCase, agent: User, sign_in: SignIn
) -> None:
    thread = case.comment.external_id
    other = make_case("Bana geldi", external_id="f-2", thread_external_id=thread, author=CAN)
    client = sign_in(agent)
    page = words(client.post(url(case, "advocate/"), {"comment": other.comment.pk}, headers=PART))
    assert "1 customer defends us here" in page
    client.post(url(case, "advocate/"), {"take_back": other.comment.pk}, headers=PART)
    assert [one.is_advocate for one in Advocate.objects.order_by("pk")] == [True, False]
    assert client.post(url(case, "advocate/"), {"comment": "x"}, headers=PART).status_code == 422
    page = words(client.post(url(case, "fight/"), headers=PART))
    assert "Write one neutral note" in page
    assert Fight.objects.get().case == case
    assert f"written in {case.public_id}, not here" in words(client.get(url(other)))


def test_a_case_that_moves_out_of_sight_leaves_the_open_list_and_says_no_more(
    case: Case, agent: User, lead: User, sign_in: SignIn, now: datetime
) -> None:
    client = sign_in(agent)
    since = (now - timedelta(minutes=1)).isoformat()
    address = f"/inbox/pulse/?view=all&latest={since}"
    assert client.get(address).json()["hidden"] == []
    move_lane(case, to="legal", reason="", by=lead, now=now)
    assert client.get(address).json()["hidden"] == [f"row-{case.number}"]
    assert sign_in(lead).get(address).json()["hidden"] == []
    later = (now + timedelta(minutes=5)).isoformat()
    Case.objects.filter(pk=case.pk).update(changed_at=now + timedelta(minutes=9))
    assert client.get(f"/inbox/pulse/?view=all&latest={later}").json()["hidden"] == []
