"""Finding and sorting on the page: filters as chips, saved views, results while one types."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from amends.accounts.models import User, Workspace
from amends.cases.models import Case, CaseLabel, Label, SavedView
from amends.cases.save_view import save_view
from amends.replies.index_search import index_changed
from amends.web.list_place import ListPlace
from tests.web.conftest import words

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
TYPING = {"HX-Request": "true", "HX-Target": "rows"}


@pytest.fixture
def label(workspace: Workspace, now: datetime) -> Label:
    return Label.objects.create(workspace=workspace, name="Kayıp paket", created_at=now)


def test_filters_stand_as_chips_that_take_them_away_and_travel_to_the_case_and_back(
    case: Case, label: Label, agent: User, sign_in: SignIn, now: datetime
) -> None:
    CaseLabel.objects.create(case=case, label=label, put_at=now)
    Case.objects.update(severity="high")
    client = sign_in(agent)
    page = client.get(f"/inbox/unassigned/?severity=high&label={label.pk}&order=newest")
    assert [(chip.name, chip.words) for chip in page.context["chips"]] == [
        ("Label", "Kayıp paket"),
        ("Severity", "high"),
    ]
    assert page.context["chips"][1].address == f"/inbox/unassigned/?label={label.pk}&order=newest"
    query = f"view=unassigned&label={label.pk}&severity=high&order=newest"
    assert f"/cases/C-{case.number}/?{query}" in words(page)
    there = client.get(f"/cases/C-{case.number}/?{query}")
    assert there.context["place"] == page.context["place"]
    assert f'name="place" value="{query}"' in words(there)
    answer = client.post(
        f"/cases/C-{case.number}/note/", {"place": query, "text": "a", "severity": "low"}
    )
    assert answer.url == f"/cases/C-{case.number}/?{query}"


def test_a_list_that_a_filter_empties_says_so_and_offers_to_take_it_away(
    case: Case, agent: User, sign_in: SignIn
) -> None:
    page = words(sign_in(agent).get("/inbox/unassigned/?language=nl&since=2020-01-01"))
    assert "No case is like that" in page
    assert "Dutch" in page
    assert "Take all away" in page


def test_rare_views_are_hidden_while_they_are_empty(
    case: Case, agent: User, sign_in: SignIn, now: datetime
) -> None:
    client = sign_in(agent)

    def hidden() -> set[str]:
        tabs = words(client.get("/inbox/all/")).split("<li data-rare")[1:]
        return {tab.split('data-view="')[1].split('"')[0] for tab in tabs if tab[:7] == " hidden"}

    assert {"snoozed", "mentions", "waiting", "look_again"} <= hidden()
    Case.objects.update(snoozed_until=now + timedelta(hours=2))
    assert "snoozed" not in hidden()


def test_results_come_while_one_types_with_the_words_marked_and_nothing_run(
    make_case: Callable[..., Case], agent: User, sign_in: SignIn
) -> None:
    make_case("<script>alert(1)</script> kargom <b>nerede</b>", external_id="x")
    Case.objects.update(language="tr")
    index_changed()
    client = sign_in(agent)
    answer = client.get("/inbox/all/?q=karg", headers=TYPING)
    page = answer.content.decode()
    assert "<mark>kargom</mark>" in page
    assert "<script>" not in page
    assert "&lt;b&gt;nerede" in page
    assert "<html" not in page
    assert "1 case found" in page
    assert '"query": "view=all&q=karg"' in answer.headers["HX-Trigger"]
    whole = client.get("/inbox/all/?q=karg")
    assert "<mark>kargom</mark>" in whole.content.decode()
    assert 'value="karg"' in words(whole)
    assert "No case has these words" in words(client.get("/inbox/all/?q=uçak"))


def test_a_number_leads_straight_to_its_case_and_nowhere_when_it_is_hidden(
    case: Case, agent: User, sign_in: SignIn
) -> None:
    client = sign_in(agent)
    assert client.get(f"/inbox/all/?q=c{case.number}").url == f"/cases/C-{case.number}/"
    assert f"row-{case.number}" in words(
        client.get(f"/inbox/all/?q=C-{case.number}", headers=TYPING)
    )
    Case.objects.update(lane="legal")
    assert "No case has these words" in words(client.get(f"/inbox/all/?q=C-{case.number}"))


def test_a_restricted_case_stands_in_no_result_and_no_count_of_a_saved_view(
    case: Case, agent: User, counsel: User, lead: User, sign_in: SignIn, now: datetime
) -> None:
    index_changed()
    save_view(case.workspace, name="Ours", query="view=all", is_shared=True, by=lead, now=now)
    Case.objects.update(lane="legal")
    for person, seen in ((agent, False), (counsel, True)):
        client = sign_in(person)
        found = client.get("/inbox/all/?q=kargom")
        assert [row.case.number for row in found.context["rows"]] == [case.number] * seen
        (saved,) = client.get("/inbox/all/").context["sidebar"].saved
        assert saved.count == ("1" if seen else "")


def test_the_pulse_asks_for_the_list_that_is_shown(
    case: Case, agent: User, sign_in: SignIn, now: datetime
) -> None:
    client = sign_in(agent)
    Case.objects.update(changed_at=now, language="tr")
    beat = {"stamp": "old", "latest": now.isoformat()}
    for query, ids in (
        ("view=all&language=tr", 1),
        ("view=all&language=nl", 0),
        ("view=all&q=a", 0),
    ):
        news = client.get("/inbox/pulse/", {"place": query, **beat}).json()
        assert len(news["rows"]) == ids, query
    assert client.get("/inbox/pulse/", {"place": "view=nonsense", **beat}).status_code == 404


def test_a_list_is_saved_found_beside_the_inbox_renamed_and_deleted(
    case: Case, agent: User, sign_in: SignIn
) -> None:
    Case.objects.update(language="tr")
    client = sign_in(agent)
    answer = client.post("/views/save/", {"place": "view=unassigned&language=tr", "name": "Türkçe"})
    view = SavedView.objects.get()
    assert answer.url == f"/inbox/unassigned/?language=tr&saved={view.pk}"
    page = client.get(answer.url)
    (tab,) = page.context["sidebar"].saved
    assert (tab.saved.name, tab.count, tab.warning) == ("Türkçe", "1", "")
    assert "<bdi>Türkçe</bdi></h1>" in words(page)
    client.post(f"/views/{view.pk}/rename/", {"name": "Kargo"})
    client.post(f"/views/{view.pk}/update/", {"place": "view=all&language=nl"})
    view.refresh_from_db()
    assert (view.name, view.query) == ("Kargo", "view=all&language=nl")
    assert "Kargo" in words(client.get("/views/"))
    refused = client.post(f"/views/{view.pk}/rename/", {"name": " "})
    assert refused.status_code == 422
    assert "Give the view a name." in words(refused)
    client.post(f"/views/{view.pk}/delete/")
    assert not SavedView.objects.exists()
    assert Case.objects.exists()


def test_a_saved_view_is_for_its_owner_and_a_shared_one_is_changed_by_leads(
    workspace: Workspace, agent: User, other_agent: User, lead: User, sign_in: SignIn, now: datetime
) -> None:
    own = save_view(workspace, name="Own", query="", by=agent, now=now)
    shared = save_view(workspace, name="All", query="", is_shared=True, by=lead, now=now)
    other = sign_in(other_agent)
    assert other.post(f"/views/{own.pk}/delete/").status_code == 404
    assert other.post(f"/views/{shared.pk}/delete/").status_code == 422
    assert other.post(f"/views/{shared.pk}/share/", {"shared": "no"}).status_code == 403
    assert sign_in(lead).post(f"/views/{shared.pk}/share/", {"shared": "no"}).status_code == 302
    assert "All" not in {one.name for one in SavedView.objects.filter(is_shared=True)}


def test_a_saved_view_says_when_its_label_was_retired(
    label: Label, agent: User, sign_in: SignIn, now: datetime
) -> None:
    view = save_view(
        label.workspace, name="A", query=f"view=all&label={label.pk}", by=agent, now=now
    )
    client = sign_in(agent)
    address = f"/inbox/all/?label={label.pk}&saved={view.pk}"
    assert "was retired" not in words(client.get(address))
    Label.objects.update(retired_at=now)
    page = words(client.get(address))
    assert "The label “Kayıp paket” was retired" in page
    assert "Kayıp paket (retired)" in page
    Label.objects.all().delete()
    assert "A label of this view is gone" in words(client.get(address))


def test_the_frame_of_the_inbox_costs_the_same_queries_however_many_views_are_saved(
    case: Case,
    agent: User,
    sign_in: SignIn,
    now: datetime,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    for n in range(9):
        save_view(case.workspace, name=f"{n}", query=f"view=all&channel={n + 1}", by=agent, now=now)
    client = sign_in(agent)
    with django_assert_max_num_queries(32):  # type: ignore[attr-defined]
        client.get("/inbox/all/")


def test_a_place_is_read_from_its_own_address() -> None:
    place = ListPlace.read("mine", "severity=high&severity=low&q=a+b&saved=3")
    assert place is not None
    assert ListPlace.read("mine", place.query) == place
    assert place.address.endswith("/inbox/mine/?severity=low&severity=high&q=a+b&saved=3")
    assert ListPlace.read("nonsense") is None
