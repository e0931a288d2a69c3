"""Retention and legal holds by page: seen first, confirmed by name, and a reminder when the day comes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from amends.accounts.models import Notification, User, Workspace
from amends.accounts.notice_words import notice_sentence
from amends.cases.hold_legally import place_legal_hold, remind_of_holds
from amends.cases.models import Case, LegalHold, Retention
from tests.web.conftest import words


@pytest.fixture
def hold(make_case: Callable[..., Case], lead: User, counsel: User, now: datetime) -> LegalHold:
    return place_legal_hold(
        make_case(),
        reason="The court may ask for it.",
        counsel=counsel,
        review_on=(now + timedelta(days=1)).date(),
        by=lead,
        now=now,
    )


def test_an_owner_sees_what_it_would_touch_and_confirms_by_name(
    case: Case, workspace: Workspace, owner: User, sign_in: Callable[[User], Client], now: datetime
) -> None:
    Case.objects.update(
        status="resolved", disposition="resolved", closed_at=now - timedelta(days=100)
    )
    client = sign_in(owner)
    assert "Off: words are kept." in words(client.get("/retention/"))
    said = words(client.get("/retention/?days=90"))
    assert "1 case would lose its words now." in said
    assert "0 cases would lose" in words(client.get("/retention/?days=120"))
    refused = client.post("/retention/change/", {"days": "90", "confirmed": "yes"})
    assert refused.status_code == 422
    assert not Retention.objects.exists()
    client.post("/retention/change/", {"days": "90", "confirmed": workspace.name})
    assert Retention.objects.get().days == 90
    assert "90 days after a case was closed" in words(client.get("/retention/"))
    client.post("/retention/change/", {"turn": "off"})
    assert not Retention.objects.exists()


@pytest.mark.parametrize("typed", ["", "0", "-5", "ninety", "29", "99999", "9" * 40, "٩٠"])
def test_a_number_that_is_none_is_refused(
    owner: User, sign_in: Callable[[User], Client], typed: str
) -> None:
    answer = sign_in(owner).get("/retention/", {"days": typed})
    assert answer.status_code == 422
    assert "Between 30 and 3650 days" in words(answer)


def test_who_may_know_sees_the_holds_and_lets_them_go_on(
    hold: LegalHold, counsel: User, agent: User, sign_in: Callable[[User], Client], now: datetime
) -> None:
    LegalHold.objects.update(review_on=now.date())
    assert sign_in(agent).get("/legal-holds/").status_code == 403
    client = sign_in(counsel)
    assert "The court may ask for it." in words(client.get("/legal-holds/"))
    address = f"/legal-holds/{hold.pk}/review/"
    for wrong in ("", "tomorrow", now.date().isoformat()):
        client.post(address, {"review_on": wrong})
        assert LegalHold.objects.get().review_on == now.date()
    ahead = (now + timedelta(days=60)).date()
    client.post(address, {"review_on": ahead.isoformat()})
    assert LegalHold.objects.get().review_on == ahead


def test_another_workspace_sees_none_of_them(
    hold: LegalHold, stranger: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(stranger)
    assert "The court" not in words(client.get("/legal-holds/"))
    assert client.post(f"/legal-holds/{hold.pk}/review/", {}).status_code == 404


def test_counsel_is_reminded_once_when_the_day_comes(
    hold: LegalHold, counsel: User, lead: User, now: datetime
) -> None:
    assert remind_of_holds(now=now) == 0
    day = now + timedelta(days=1)
    assert [remind_of_holds(now=day), remind_of_holds(now=day + timedelta(hours=1))] == [1, 0]
    for person in (counsel, lead):
        notice = Notification.objects.get(user=person)
        assert notice_sentence(notice) == "The legal hold on C-1 is to be looked at again."
