"""Hostile words are veiled as the person wants, and a case is handed over without a word against anybody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from amends.accounts.models import User
from amends.cases.assign import assign_case
from amends.cases.erase import erase_comment
from amends.cases.models import Case, HostileMark, Verdict
from amends.cases.note import write_note
from amends.cases.transitions import NotPossible
from amends.cases.triage import confirm_triage
from amends.cases.welfare import hostile_today, note_hostile_taken_on, pass_on, passed_on_by
from amends.inbox.queries import latest_version
from amends.record.models import ActionLog
from amends.replies.index_search import index_all
from tests.support.pictures import kept_file
from tests.web.conftest import FORM, judge, words

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
VEIL = "These words may be hard to read"


def url(case: Case, what: str = "") -> str:
    return f"/cases/C-{case.number}/{what}"


@pytest.fixture
def hostile(case: Case) -> Case:
    """A case whose words the engine calls offensive."""
    version = latest_version(case.comment)
    assert version is not None
    verdict = judge(version)
    said = verdict.assessment | {"flags": {"offensive": True}}
    values = {
        field.attname: getattr(verdict, field.attname)
        for field in Verdict._meta.concrete_fields
        if not field.primary_key
    }
    Verdict.objects.create(**values | {"engine_version": "test-2", "assessment": said})
    return case


def test_hostile_words_wait_behind_show_unless_the_person_wants_them_at_once(
    hostile: Case, agent: User, other_agent: User, sign_in: SignIn
) -> None:
    client = sign_in(agent)
    assert VEIL in words(client.get(url(hostile)))
    assert VEIL in words(client.get(f"/authors/{hostile.author_id}/"))
    client.post("/profile/folding/", {"folds": "no"})
    assert VEIL not in words(client.get(url(hostile)))
    assert VEIL in words(sign_in(other_agent).get(url(hostile)))  # each for themselves
    assert "Off: you see them at once." in words(client.get("/profile/"))


def test_other_words_stand_open_until_a_person_marks_them(
    case: Case, agent: User, viewer: User, sign_in: SignIn
) -> None:
    client = sign_in(agent)
    assert VEIL not in words(client.get(url(case)))
    client.post(url(case, "hostile/"), {"is": "hostile"})
    assert VEIL in words(client.get(url(case)))
    client.post(url(case, "hostile/"), {"is": "fine"})
    assert VEIL not in words(client.get(url(case)))
    assert HostileMark.objects.get().is_hostile is False
    assert sign_in(viewer).post(url(case, "hostile/"), {"is": "hostile"}).status_code == 403


def test_pictures_of_hostile_comments_are_veiled_whatever_the_setting(
    hostile: Case, agent: User, sign_in: SignIn, now: datetime
) -> None:
    kept_file(hostile.comment, now=now)
    client = sign_in(agent)
    client.post("/profile/folding/", {"folds": "no"})
    page = words(client.get(url(hostile)))
    assert "This picture may be hard to look at" in page


def test_a_case_is_passed_on_by_one_click_and_no_reason_stands_anywhere(
    hostile: Case, agent: User, other_agent: User, sign_in: SignIn, now: datetime
) -> None:
    assign_case(hostile, to=agent, by=agent, now=now)
    client = sign_in(agent)
    assert "No reason is asked" in words(client.get(url(hostile)))
    client.post(url(hostile, "pass-on/"))
    hostile.refresh_from_db()
    assert hostile.assignee is None
    entry = ActionLog.objects.latest("pk")
    assert (entry.action, entry.data) == ("case.assign", {"to": None, "name": None})
    assert passed_on_by(hostile) == {agent.pk}
    with pytest.raises(NotPossible, match="not yours"):
        pass_on(hostile, by=other_agent, now=now)


def test_the_count_of_a_day_is_shown_to_nobody_else(
    hostile: Case, agent: User, lead: User, sign_in: SignIn, now: datetime
) -> None:
    confirm_triage(hostile, form=FORM, by=agent, now=now)
    note_hostile_taken_on(hostile, by=agent, now=now)
    confirm_triage(hostile, form=FORM, by=agent, now=now)
    note_hostile_taken_on(hostile, by=agent, now=now)
    assert hostile_today(agent, workspace=hostile.workspace, now=now) == 1
    assert "1 hard case today" in words(sign_in(agent).get(url(hostile)))
    assert "hard case today" not in words(sign_in(lead).get(url(hostile)))


VEILED = "May be hard to read: open the case to see the words."


def test_the_list_and_what_changed_in_it_say_that_the_words_wait_on_the_page(
    hostile: Case, make_case: Callable[..., Case], agent: User, sign_in: SignIn
) -> None:
    fine = make_case("Paketim geldi", external_id="c-fine")
    client = sign_in(agent)
    for address in ("/inbox/all/", url(fine)):  # the list, and the list beside a case
        page = words(client.get(address))
        assert page.count(VEILED) == 1
        assert "Kargom nerede?" not in page
        assert "Paketim geldi" in page
    pulse = client.get("/inbox/pulse/?view=all&latest=2020-01-01T00:00:00Z").json()
    (row,) = [one for one in pulse["rows"] if one["id"] == f"row-{hostile.number}"]
    assert VEILED in row["html"]
    assert "Kargom" not in row["html"]
    client.post("/profile/folding/", {"folds": "no"})
    page = words(client.get("/inbox/all/"))
    assert VEILED not in page
    assert "Kargom nerede?" in page


def test_a_search_shows_no_hostile_words_but_what_else_answers_it(
    hostile: Case, make_case: Callable[..., Case], agent: User, sign_in: SignIn, now: datetime
) -> None:
    make_case("Kargom yolda mı?", external_id="c-fine")
    index_all()
    client = sign_in(agent)
    for headers in ({}, {"HX-Request": "true", "HX-Target": "rows"}):  # while typing as well
        page = words(client.get("/inbox/all/?q=kargom", headers=headers))
        assert page.count(VEILED) == 1
        assert "<mark>Kargom</mark> nerede" not in page
        assert "<mark>Kargom</mark> yolda" in page
    write_note(hostile, text="Kargom: asked the depot", by=agent, now=now)
    index_all()
    page = words(client.get("/inbox/all/?q=kargom"))
    assert VEILED not in page
    assert "asked the depot" in page
    assert "nerede" not in page


def test_words_that_are_erased_wait_behind_no_veil(
    hostile: Case, agent: User, owner: User, sign_in: SignIn, now: datetime
) -> None:
    erase_comment(hostile.comment, reason="asked", by=owner, now=now)
    assert VEILED not in words(sign_in(agent).get("/inbox/all/"))
