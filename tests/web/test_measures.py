"""Measures by page: checking, asking, agreeing, the public appeal; criticism cannot be touched from here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from amends.accounts.models import Brand, User
from amends.cases.models import Case
from amends.cases.triage import confirm_triage
from amends.core.clock import SystemClock
from amends.measures.models import Appeal, Measure, MeasureStatus, ReviewPage
from amends.measures.settle import confirm_by_hand
from amends.measures.statement import give_link
from amends.record.models import ActionLog
from amends.web import public_limits
from tests.support.measures import ABUSE, HATE, INSULT, MIXED, engine_sees, publish_policy
from tests.web.conftest import words

RUDE = "You are a filthy idiot, all of you."


@pytest.fixture(autouse=True)
def _policy(brand: Brand, owner: User, now: datetime) -> None:
    publish_policy(brand, by=owner, at=now - timedelta(days=30))


@pytest.fixture
def rude(make_case: Callable[..., Case]) -> Case:
    return make_case(RUDE)


def post(client: Client, case: Case, name: str, **values: object) -> object:
    return client.post(f"/cases/C-{case.number}/measures/{name}/", values)


def hide(client: Client, case: Case, **values: object) -> object:
    asked = {"step": "ask", "kind": "hide", "clause": HATE, "words": "filthy idiot", **values}
    return post(client, case, "ask", **asked)


def test_the_form_shows_clauses_alternatives_and_what_the_channel_can(
    rude: Case, agent: User, sign_in: Callable[[User], Client]
) -> None:
    """S0.14, S0.16: alternatives first, and what was done before."""
    said = words(sign_in(agent).get(f"/cases/C-{rude.number}/"))
    assert "what else would help" in said
    assert "No hate here." in said
    assert "We hide it." in said
    assert "policy version 1" in said


def test_checking_does_nothing_and_says_what_would_follow(
    rude: Case, agent: User, sign_in: Callable[[User], Client], now: datetime
) -> None:
    engine_sees(rude, "hate", now=now)
    answer = hide(sign_in(agent), rude, step="check")
    said = words(answer)
    assert "looked at within 24 hours by: a second person" in said
    assert "We have hidden your comment" in said
    assert not Measure.objects.exists()
    assert not ActionLog.objects.filter(action__startswith="measure").exists()


def test_criticism_cannot_be_hidden_by_page_and_the_try_is_logged(
    make_case: Callable[..., Case], agent: User, sign_in: Callable[[User], Client], now: datetime
) -> None:
    case = make_case("Your service is the worst, you idiots.")
    confirm_triage(case, form=MIXED, by=agent, now=now)
    client = sign_in(agent)
    for kind in ("hide", "delete"):
        answer = hide(client, case, kind=kind, clause=INSULT, words="the worst")
        assert answer.status_code == 422
        assert "the post stays" in words(answer)
    assert not Measure.objects.exists()
    assert ActionLog.objects.filter(action="measure.refused").count() == 2


def test_words_that_do_not_stand_there_are_named(
    rude: Case, agent: User, sign_in: Callable[[User], Client]
) -> None:
    answer = hide(sign_in(agent), rude, words="Filthy Idiot", step="check")
    assert answer.status_code == 422
    assert "does not stand in the comment" in words(answer)
    assert not ActionLog.objects.filter(action="measure.refused").exists()
    answer = hide(sign_in(agent), rude, words="Filthy Idiot")
    assert "The marked words do not stand there" in words(answer)
    assert ActionLog.objects.get(action="measure.refused").data["codes"] == ["words_not_there"]


def test_a_second_person_agrees_on_the_page_of_all_measures(
    rude: Case, agent: User, other_agent: User, sign_in: Callable[[User], Client]
) -> None:
    hide(sign_in(agent), rude)
    measure = Measure.objects.get()
    page = words(sign_in(other_agent).get("/measures/"))
    assert "filthy idiot" in page
    own = post(sign_in(agent), rude, "confirm", measure=measure.pk, answer="yes")
    assert own.status_code == 422
    post(sign_in(other_agent), rude, "confirm", measure=measure.pk, answer="yes")
    assert measure.confirmations.get().by == other_agent
    assert "Nothing waits" in words(sign_in(other_agent).get("/measures/"))


def test_a_person_carries_it_out_where_the_channel_cannot(
    rude: Case, agent: User, sign_in: Callable[[User], Client], now: datetime
) -> None:
    engine_sees(rude, "hate", now=now)
    client = sign_in(agent)
    hide(client, rude)
    assert "Done on the channel" in words(client.get(f"/cases/C-{rude.number}/"))
    post(client, rude, "by-hand", measure=Measure.objects.get().pk)
    assert Measure.objects.get().status == MeasureStatus.DONE


def test_a_restricted_lane_is_seen_nowhere(
    make_case: Callable[..., Case],
    lead: User,
    agent: User,
    sign_in: Callable[[User], Client],
) -> None:
    case = make_case(RUDE)
    Case.objects.filter(pk=case.pk).update(lane="threat")
    hide(sign_in(lead), case)
    assert Measure.objects.count() == 1
    assert "filthy" not in words(sign_in(agent).get("/measures/"))
    assert post(sign_in(agent), case, "confirm", measure=1, answer="yes").status_code == 404


def done_measure(case: Case, agent: User, client: Client, now: datetime) -> Measure:
    confirm_triage(case, form=ABUSE, by=agent, now=now)
    hide(client, case)
    measure = Measure.objects.get()
    confirm_by_hand(measure, by=agent, clock=SystemClock())
    return Measure.objects.get()


def test_the_author_appeals_without_an_account_and_reads_the_answer(
    rude: Case,
    agent: User,
    lead: User,
    sign_in: Callable[[User], Client],
    now: datetime,
) -> None:
    measure = done_measure(rude, agent, sign_in(agent), now)
    link = give_link(measure.statement, now=now)
    address = link.removeprefix("http://127.0.0.1:8000")
    visitor = Client()
    page = visitor.get(address)
    assert page.status_code == 200
    assert "A person, not a program." in words(page)
    assert "filthy" not in words(page)  # whoever finds the link does not read the words
    assert visitor.post(address, {"text": "I was joking."}).status_code == 302
    assert "has arrived" in words(visitor.get(address))

    client = sign_in(lead)
    assert "I was joking." in words(client.get("/measures/"))
    appeal = Appeal.objects.get()
    form = {"appeal": appeal.pk, "outcome": "upheld", "answer": "You are right, sorry."}
    assert client.post("/measures/appeals/decide/", form).status_code == 302
    assert "You are right, sorry." in words(visitor.get(address))
    assert Measure.objects.get().undone_because == "appeal"


def test_a_wrong_link_is_closed_and_the_form_is_limited(
    rude: Case, agent: User, sign_in: Callable[[User], Client], now: datetime
) -> None:
    cache.clear()
    visitor = Client()
    for _ in range(public_limits.WRITES):
        assert visitor.post("/appeal/nonsense/", {"text": "a"}).status_code == 410
    assert visitor.post("/appeal/nonsense/", {"text": "a"}).status_code == 429


def test_a_lead_says_where_reviews_stand(
    rude: Case, lead: User, agent: User, sign_in: Callable[[User], Client]
) -> None:
    account = rude.comment.account
    form = {"account": account.pk, "country": "TR"}
    assert sign_in(agent).post("/measures/reviews/", form).status_code == 403
    assert sign_in(lead).post("/measures/reviews/", form).status_code == 302
    assert ReviewPage.objects.get().account == account
    sign_in(lead).post("/measures/reviews/", {"account": account.pk, "country": ""})
    assert not ReviewPage.objects.exists()
