"""The inbox: what a person finds in it, how it pages, and how an open page hears what is new."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from amends.accounts.models import User
from amends.cases.models import Case
from amends.cases.note import write_note
from amends.core.playbook.terms import Component
from amends.inbox.models import ChannelAccount
from amends.web import labels
from amends.web.rows import PAGE_SIZE
from amends.web.sidebar import capped
from tests.web.conftest import words

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def pulse(client: Client, **query: Any) -> Any:
    return client.get("/inbox/pulse/", {"view": "all", **query})


def test_a_new_case_stands_in_unassigned_with_its_first_words(
    case: Case, agent: User, sign_in: SignIn
) -> None:
    page = words(sign_in(agent).get("/inbox/unassigned/"))
    assert "Kargom nerede?" in page
    assert "Ayşe K." in page
    assert f"/cases/C-{case.number}/?view=unassigned" in page


def test_the_start_leads_to_the_view_that_has_something_in_it(
    case: Case, agent: User, sign_in: SignIn
) -> None:
    client = sign_in(agent)
    assert client.get("/inbox/").url == "/inbox/unassigned/"
    Case.objects.update(assignee=agent)
    assert client.get("/inbox/").url == "/inbox/mine/"


@pytest.mark.parametrize("view", ["mine", "unassigned", "due_soon", "approvals", "all"])
def test_an_empty_view_says_what_to_do_next(view: str, agent: User, sign_in: SignIn) -> None:
    response = sign_in(agent).get(f"/inbox/{view}/")
    assert response.status_code == 200
    assert 'class="empty"' in words(response)


def test_a_desk_without_channels_offers_its_owner_to_connect_one(
    owner: User, agent: User, sign_in: SignIn
) -> None:
    assert 'href="/channels/"' in words(sign_in(owner).get("/inbox/all/")).partition("<main")[2]
    assert "An owner or lead can do that." in words(sign_in(agent).get("/inbox/all/"))


def test_a_view_that_does_not_exist_is_not_found(agent: User, sign_in: SignIn) -> None:
    assert sign_in(agent).get("/inbox/nonsense/").status_code == 404


def test_the_list_can_be_narrowed_to_one_channel(
    case: Case, account: ChannelAccount, agent: User, sign_in: SignIn
) -> None:
    client = sign_in(agent)
    assert "Kargom nerede?" in words(client.get(f"/inbox/all/?channel={account.pk}"))
    assert "Kargom nerede?" not in words(client.get(f"/inbox/all/?channel={account.pk + 1}"))


def test_pages_of_the_list_follow_each_other_without_gap_or_repetition(
    make_case: Callable[..., Case], agent: User, sign_in: SignIn, now: datetime
) -> None:
    cases = [make_case(f"text {n}") for n in range(PAGE_SIZE + 7)]
    for n, one in enumerate(cases):  # many are due at the same moment, some never
        due = None if n % 5 == 0 else now + timedelta(minutes=n // 4)
        Case.objects.filter(pk=one.pk).update(first_reply_due_at=due, author=one.author_id)
    client = sign_in(agent)
    for view in ("unassigned", "all"):
        first = client.get(f"/inbox/{view}/")
        numbers = [row.case.number for row in first.context["rows"]]
        more = first.context["more"]
        rest = client.get(f"/inbox/{view}/", {"after": more}, headers={"HX-Request": "true"})
        numbers += [row.case.number for row in rest.context["rows"]]
        assert sorted(numbers) == sorted({one.number for one in Case.objects.all()})
        assert len(numbers) == len(set(numbers))
        assert rest.context["more"] == ""
        assert "<html" not in words(rest)


@pytest.mark.parametrize("cursor", ["~", "x~1", "2026~", "-~99999999999999999999", "%00~1"])
def test_a_broken_cursor_begins_at_the_top(
    cursor: str, case: Case, agent: User, sign_in: SignIn
) -> None:
    assert sign_in(agent).get("/inbox/all/", {"after": cursor}).status_code == 200


def test_counts_end_at_the_cap() -> None:
    assert [capped(n) for n in (0, 1, 999, 1000)] == ["", "1", "999", "999+"]


def test_the_list_costs_the_same_queries_however_long_it_is(
    make_case: Callable[..., Case],
    agent: User,
    sign_in: SignIn,
    django_assert_max_num_queries: Any,
) -> None:
    for n in range(12):
        make_case(f"text {n}")
    client = sign_in(agent)
    with django_assert_max_num_queries(40):
        client.get("/inbox/all/")


def test_the_pulse_is_silent_while_nothing_changed(
    case: Case, agent: User, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    client = sign_in(agent)
    stamp = client.get("/inbox/all/").context["stamp"]
    with django_assert_max_num_queries(12):
        assert pulse(client, stamp=stamp).status_code == 204


def test_the_pulse_brings_a_new_case_as_a_row_and_the_counts(
    case: Case, make_case: Callable[..., Case], agent: User, sign_in: SignIn, now: datetime
) -> None:
    client = sign_in(agent)
    page = client.get("/inbox/unassigned/").context
    fresh = make_case("Paket kırık geldi", external_id="other")
    Case.objects.filter(pk=fresh.pk).update(changed_at=now, created_at=now)
    news = pulse(
        client, view="unassigned", stamp=page["stamp"], latest=page["latest"].replace("+", " ")
    ).json()
    (row,) = [one for one in news["rows"] if one["id"] == f"row-{fresh.number}"]
    assert "Paket kırık geldi" in row["html"]
    assert row["is_new"]
    assert news["counts"]["unassigned"] == str(Case.objects.count())


def test_the_pulse_tells_which_cases_left_the_view(
    case: Case, agent: User, other_agent: User, sign_in: SignIn, now: datetime
) -> None:
    client = sign_in(agent)
    page = client.get("/inbox/unassigned/").context
    Case.objects.filter(pk=case.pk).update(assignee=other_agent, changed_at=now)
    news = pulse(client, view="unassigned", stamp=page["stamp"], latest=page["latest"]).json()
    assert [one["id"] for one in news["gone"]] == [f"row-{case.number}"]
    assert news["rows"] == []


def test_the_pulse_says_what_others_did_to_the_open_case_and_not_what_one_did_oneself(
    case: Case, agent: User, other_agent: User, sign_in: SignIn, now: datetime
) -> None:
    client = sign_in(agent)
    seen, later = now.isoformat(), now + timedelta(seconds=1)
    write_note(case, text="Aradım", by=agent, now=later)
    write_note(case, text="Ben de", by=other_agent, now=later)
    news = pulse(client, stamp="old", case=case.number, seen=seen).json()
    assert news["case"]["said"] == [f"{other_agent} wrote a note."]


def test_a_change_in_a_restricted_lane_does_not_even_move_the_pulse_of_an_agent(
    make_case: Callable[..., Case], agent: User, counsel: User, sign_in: SignIn, now: datetime
) -> None:
    hidden = make_case("Sırrımız", external_id="hidden")
    Case.objects.filter(pk=hidden.pk).update(lane="legal")
    client = sign_in(agent)
    stamp = client.get("/inbox/all/").context["stamp"]
    Case.objects.filter(pk=hidden.pk).update(changed_at=now + timedelta(seconds=1))
    assert pulse(client, stamp=stamp).status_code == 204
    assert "Sırrımız" not in words(client.get("/inbox/all/"))
    assert client.get(f"/cases/C-{hidden.number}/").status_code == 404
    assert "Sırrımız" in words(sign_in(counsel).get("/inbox/all/"))


def test_words_of_strangers_are_text_and_never_markup(
    make_case: Callable[..., Case], agent: User, sign_in: SignIn
) -> None:
    case = make_case("<script>alert(1)</script>", url="javascript:alert(1)")
    client = sign_in(agent)
    for address in ("/inbox/all/", f"/cases/C-{case.number}/"):
        page = client.get(address).content.decode()
        assert "<script>alert(1)" not in page
        assert "javascript:alert" not in page


def test_every_part_of_a_reply_has_words() -> None:
    assert set(labels.COMPONENTS) == {part.value for part in Component}


def test_the_language_changes_with_one_click_and_stays_with_the_person(
    agent: User, sign_in: SignIn
) -> None:
    response = sign_in(agent).post("/language/", {"language": "tr", "next": "/inbox/all/"})
    assert response.url == "/inbox/all/"
    agent.refresh_from_db()
    assert agent.language == "tr"


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", "ja:x"])
def test_a_switch_never_leads_to_another_site(target: str, agent: User, sign_in: SignIn) -> None:
    response = sign_in(agent).post("/theme/", {"theme": "dark", "next": target})
    assert response.url == "/"
