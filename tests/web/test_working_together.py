"""The pages of working together, for who may, who may not, and who must not even know."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from amends.accounts.models import User, Workspace
from amends.cases.acts import Act
from amends.cases.assign import assign_case
from amends.cases.label import labels_on, make_label, put_label
from amends.cases.macros import make_macro
from amends.cases.models import Case, Label, Macro, Presence, RoutingRules, Stroke
from amends.cases.note import write_note
from amends.cases.presence import note_presence
from amends.cases.triage import confirm_triage
from amends.replies.models import Reply
from tests.web.conftest import FORM, words

SignIn = Callable[[User], Client]
PART = {"HX-Request": "true"}


@pytest.fixture
def label(workspace: Workspace, lead: User, now: datetime) -> Label:
    return make_label(workspace, name="İade", colour="red", by=lead, now=now)


@pytest.fixture
def macro(workspace: Workspace, lead: User, label: Label, now: datetime) -> Macro:
    steps = [Act("assign", {"to": "me"}), Act("label", {"label": str(label.pk)})]
    return make_macro(workspace, name="Ours", steps=steps, is_shared=True, by=lead, now=now)


def url(case: Case, what: str = "") -> str:
    return f"/cases/C-{case.number}/{what}"


def pulse(client: Client, **query: Any) -> Any:
    return client.get("/inbox/pulse/", {"view": "all", **query})


def test_a_label_is_typed_shown_in_row_and_head_and_taken_off(
    case: Case, label: Label, agent: User, sign_in: SignIn
) -> None:
    client = sign_in(agent)
    client.post(url(case, "label/"), {"name": "iade"})
    assert labels_on(case) == [label]
    page = words(client.get(url(case)))
    assert page.count("label-red") == 3  # in the row, in the case, and offered for several
    client.post(url(case, "label/"), {"off": label.pk})
    assert labels_on(case) == []


def test_an_agent_who_types_an_unknown_label_is_told_who_can_make_one(
    case: Case, agent: User, lead: User, sign_in: SignIn
) -> None:
    answer = sign_in(agent).post(url(case, "label/"), {"name": "Warranty"}, headers=PART)
    assert answer.status_code == 422
    assert "owner or lead" in words(answer)
    sign_in(lead).post(url(case, "label/"), {"name": "Warranty"})
    assert [one.name for one in labels_on(case)] == ["Warranty"]


def test_the_labels_are_managed_on_their_page(
    case: Case,
    label: Label,
    workspace: Workspace,
    agent: User,
    lead: User,
    sign_in: SignIn,
    now: datetime,
) -> None:
    put_label(case, label=label, by=agent, now=now)
    other = make_label(workspace, name="Return", by=lead, now=now)
    client = sign_in(lead)
    assert "1 open case" in words(client.get("/settings/labels/"))
    client.post(
        "/settings/labels/",
        {"do": "change", "label": other.pk, "name": "Returns", "colour": "blue"},
    )
    refused = client.post("/settings/labels/", {"do": "make", "name": "İADE", "colour": "grey"})
    assert (refused.status_code, "already" in words(refused)) == (422, True)
    client.post("/settings/labels/", {"do": "merge", "label": label.pk, "into": other.pk})
    assert [one.name for one in labels_on(case)] == ["Returns"]
    client.post("/settings/labels/", {"do": "retire", "label": other.pk})
    assert "Offer it again" in words(client.get("/settings/labels/"))
    assert sign_in(agent).post("/settings/labels/", {"do": "make", "name": "x"}).status_code == 403


def test_snoozing_says_until_when_and_the_list_shows_it_until_it_is_woken(
    case: Case, agent: User, sign_in: SignIn, now: datetime
) -> None:
    client = sign_in(agent)
    answer = client.post(url(case, "snooze/"), {"choice": "tomorrow"}, headers=PART)
    page = words(answer)
    assert "Asleep only until" in page  # its first reply is due within the hour
    assert "Wake it now" in page
    assert "asleep until" in words(client.get("/inbox/all/"))
    assert url(case) not in words(client.get("/inbox/unassigned/"))
    client.post(url(case, "snooze/"), {"choice": "wake"})
    assert Case.objects.get().snoozed_until is None
    bad = client.post(url(case, "snooze/"), {"choice": "own", "until": "soon"}, headers=PART)
    assert (bad.status_code, "Name a day" in words(bad)) == (422, True)
    Case.objects.update(woken_at=now, woken_because="customer")
    assert "Woken: the customer wrote" in words(client.get(url(case)))


def test_the_pulse_tells_who_is_here_and_who_types_within_seconds(
    case: Case, agent: User, other_agent: User, sign_in: SignIn
) -> None:
    here, there = sign_in(agent), sign_in(other_agent)
    stamp = there.get("/inbox/all/").context["stamp"]
    assert pulse(there, stamp=stamp).status_code == 204
    pulse(here, case=case.number, seen=case.changed_at.isoformat(), typing="1")
    news = pulse(there, stamp=stamp).json()
    piece = news["presence"][str(case.number)]
    assert "Agent is writing a reply" in piece["case"]
    assert "Agent is writing a reply" in piece["row"]
    assert pulse(there, stamp=news["stamp"]).status_code == 204
    assert "Agent is writing a reply" in words(there.get(url(case)))
    here.post("/presence/leave/", {"case": case.number})
    assert pulse(there, stamp=news["stamp"]).json()["presence"] == {}


def test_nobody_hears_of_somebody_at_a_case_that_they_may_not_see(
    case: Case, agent: User, lead: User, counsel: User, sign_in: SignIn, now: datetime
) -> None:
    note_presence(case, person=lead, is_typing=True, now=now)
    Case.objects.update(lane="legal")
    agents, counsels = sign_in(agent), sign_in(counsel)
    pulse(agents, case=case.number)
    assert not Presence.objects.filter(person=agent).exists()
    assert pulse(agents).json()["presence"] == {}
    assert str(case.number) in pulse(counsels).json()["presence"]


def test_taking_over_tells_of_the_draft_and_a_late_click_learns_who_was_first(
    case: Case,
    draft: Reply,
    agent: User,
    other_agent: User,
    owner: User,
    sign_in: SignIn,
    now: datetime,
) -> None:
    assign_case(case, to=agent, by=agent, now=now)
    client = sign_in(other_agent)
    page = words(client.get(url(case)))
    assert "Take over" in page
    assert "Agent wrote this draft last" in page
    answer = client.post(url(case, "take/"), {"holder": agent.pk}, headers=PART)
    assert "the draft that Agent left" in words(answer)
    assert Case.objects.get().assignee == other_agent
    late = sign_in(owner).post(url(case, "take/"), {"holder": agent.pk}, headers=PART)
    assert (late.status_code, "Other_Agent took the case" in words(late)) == (422, True)


def test_what_was_done_to_several_cases_is_said_and_undone(
    make_case: Callable[..., Case], agent: User, sign_in: SignIn, now: datetime
) -> None:
    cases = [make_case(external_id=f"c-{n}", thread_external_id=f"t-{n}") for n in range(3)]
    Case.objects.filter(pk=cases[0].pk).update(assignee=agent)
    client = sign_in(agent)
    form = {"case": [one.number for one in cases], "act": "assign:me", "view": "all"}
    answer = client.post("/bulk/", form, follow=True)
    page = words(answer)
    assert "2 done, 1 not:" in page
    assert f"{cases[0].public_id}: It stood so already." in page
    stroke = Stroke.objects.get()
    client.post("/bulk/undo/", {"stroke": stroke.pk, "view": "all"})
    assert Case.objects.filter(assignee=agent).count() == 1
    assert "2 done" not in words(client.get(f"/inbox/all/?done={stroke.pk}"))


def test_closing_several_needs_what_became_of_them_and_why(
    make_case: Callable[..., Case], agent: User, sign_in: SignIn, now: datetime
) -> None:
    case = make_case()
    confirm_triage(case, form=FORM, by=agent, now=now)
    client = sign_in(agent)
    form = {"case": [case.number], "act": "close", "view": "all"}
    page = words(client.post("/bulk/", {**form, "disposition": "not_ours"}, follow=True))
    assert "Say why" in page
    page = words(
        client.post("/bulk/", {**form, "disposition": "not_ours", "reason": "Not us"}, follow=True)
    )
    assert "1 done." in page
    assert "half a minute" not in page


@pytest.mark.parametrize("act", ["send", "approve", "delete:1", "hide", "note", "measure", ""])
def test_an_act_that_is_not_for_many_does_nothing(
    act: str, case: Case, agent: User, sign_in: SignIn
) -> None:
    page = words(sign_in(agent).post("/bulk/", {"case": [case.number], "act": act}, follow=True))
    assert "cannot be done to several cases" in page


def test_a_viewer_sees_no_boxes_and_another_persons_result_is_not_shown(
    case: Case, agent: User, other_agent: User, viewer: User, sign_in: SignIn
) -> None:
    assert 'class="pick"' not in words(sign_in(viewer).get("/inbox/all/"))
    sign_in(agent).post("/bulk/", {"case": [case.number], "act": "assign:me"})
    stroke = Stroke.objects.get()
    page = words(sign_in(other_agent).get(f"/inbox/all/?done={stroke.pk}"))
    assert "1 done" not in page


def test_all_of_a_view_is_those_the_person_may_see(
    make_case: Callable[..., Case], agent: User, counsel: User, sign_in: SignIn
) -> None:
    cases = [make_case(external_id=f"c-{n}", thread_external_id=f"t-{n}") for n in range(3)]
    Case.objects.filter(pk=cases[0].pk).update(lane="legal")
    found = sign_in(agent).get("/bulk/numbers/?view=all").json()["numbers"]
    assert set(found) == {one.number for one in cases[1:]}
    assert len(sign_in(counsel).get("/bulk/numbers/?view=all").json()["numbers"]) == 3


def test_a_macro_says_what_it_will_do_runs_and_is_undone_by_one_click(
    case: Case, macro: Macro, label: Label, agent: User, sign_in: SignIn
) -> None:
    client = sign_in(agent)
    page = words(client.get(url(case)))
    assert "1. Give the case to whoever runs it" in page
    assert "2. Put the label “İade”" in page
    page = words(client.post(url(case, "macro/"), {"macro": macro.pk}, headers=PART))
    assert "Undo all of it" in page
    assert (Case.objects.get().assignee, labels_on(case)) == (agent, [label])
    stroke = Stroke.objects.get()
    client.post(url(case, "macro/undo/"), {"stroke": stroke.pk})
    assert (Case.objects.get().assignee, labels_on(case)) == (None, [])


def test_a_macro_is_made_changed_and_retired_on_its_page(
    agent: User, other_agent: User, label: Label, sign_in: SignIn
) -> None:
    client = sign_in(agent)
    typed = {
        "name": "Mine",
        "verb-1": "label",
        "label-1": label.pk,
        "verb-3": "assign",
        "to-3": "me",
    }
    client.post("/settings/macros/", typed)
    macro = Macro.objects.get()
    assert [step["verb"] for step in macro.steps] == ["label", "assign"]
    assert macro.owner == agent
    page = words(client.get(f"/settings/macros/?macro={macro.pk}"))
    assert 'value="Mine"' in page
    refused = client.post(f"/settings/macros/?macro={macro.pk}", {"name": "Mine", "verb-1": "note"})
    assert (refused.status_code, "Step 1 is not complete" in words(refused)) == (422, True)
    assert sign_in(other_agent).get(f"/settings/macros/?macro={macro.pk}").status_code == 404
    assert client.post("/settings/macros/", {**typed, "shared": "on"}).status_code == 403
    client.post("/settings/macros/", {"do": "retire", "macro": macro.pk})
    assert "Mine" not in words(client.get("/settings/macros/")).partition("<h2")[2]


def test_routing_is_saved_tried_and_explained(
    case: Case, agent: User, lead: User, workspace: Workspace, sign_in: SignIn
) -> None:
    client = sign_in(lead)
    typed = {
        "to-1": "team",
        "skill-1": "Invoices",
        "to-2": str(agent.pk),
        "order-2": "0.5",
        "seen": "0",
    }
    page = words(client.post("/settings/routing/", {**typed, "try": "", "try_case": case.number}))
    assert "Agent would get" in page
    assert not RoutingRules.objects.exists()  # it was tried, not saved
    client.post("/settings/routing/", typed)
    rules = RoutingRules.objects.get().rules
    assert [(one["to"], one["skill"]) for one in rules] == [("person", ""), ("team", "invoices")]
    stale = client.post("/settings/routing/", {**typed, "remove-1": "on"})
    assert (stale.status_code, "Somebody else" in words(stale)) == (422, True)
    page = words(sign_in(agent).get(f"/settings/routing/?try=C-{case.number}"))
    assert "Agent would get" in page
    assert sign_in(agent).post("/settings/routing/", typed).status_code == 403


def test_the_try_out_knows_no_case_that_the_person_may_not_see(
    case: Case, agent: User, sign_in: SignIn
) -> None:
    Case.objects.update(lane="legal")
    page = words(sign_in(agent).get(f"/settings/routing/?try=C-{case.number}"))
    assert "not yours to see" in page


def test_the_own_work_profile_is_changed_and_a_colleagues_only_by_a_lead(
    agent: User, other_agent: User, lead: User, sign_in: SignIn, now: datetime
) -> None:
    member = other_agent.memberships.get()
    away = (now + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    typed = {
        "languages": ["tr", "nl"],
        "skills": "Invoices, İade",
        "away_until": away,
        "days": ["0"],
    }
    sign_in(agent).post(f"/profile/work/?member={member.pk}", typed)
    assert agent.memberships.get().work_profile.skills == ["invoices", "iade"]
    assert not hasattr(other_agent.memberships.get(), "work_profile")  # it changed the own one
    sign_in(lead).post(f"/profile/work/?member={member.pk}", {"works_from": "09:00"})
    assert not hasattr(other_agent.memberships.get(), "work_profile")
    sign_in(lead).post(f"/profile/work/?member={member.pk}", typed)
    assert other_agent.memberships.get().work_profile.languages == ["tr", "nl"]
    assert "away until" in words(sign_in(lead).get("/settings/routing/"))


def test_a_note_marks_whom_it_calls_and_offers_only_who_may_see_the_case(
    case: Case, agent: User, counsel: User, sign_in: SignIn, now: datetime
) -> None:
    write_note(case, text="@Counsel <b> please, not @nobody", by=agent, now=now)
    page = sign_in(counsel).get(url(case)).content.decode()
    assert '<mark class="mention">@Counsel</mark> &lt;b&gt; please, not @nobody' in page
    assert 'data-word="Agent"' in page
    Case.objects.update(lane="legal")
    assert 'data-word="Agent"' not in sign_in(counsel).get(url(case)).content.decode()


def test_several_cases_sleep_until_a_moment_of_ones_own_by_ones_own_wall(
    make_case: Callable[..., Case], agent: User, sign_in: SignIn, now: datetime
) -> None:
    cases = [make_case(external_id=f"c-{n}", thread_external_id=f"t-{n}") for n in range(2)]
    Case.objects.update(first_reply_due_at=None, clock_started_at=None)
    type(agent).objects.filter(pk=agent.pk).update(time_zone="Asia/Jakarta")
    wall = (
        (now + timedelta(days=3))
        .astimezone(ZoneInfo("Asia/Jakarta"))
        .replace(second=0, microsecond=0)
    )
    form = {"case": [one.number for one in cases], "act": "snooze:own", "view": "all"}
    form["until"] = wall.strftime("%Y-%m-%dT%H:%M")
    page = words(sign_in(agent).post("/bulk/", form, follow=True))
    assert "2 done." in page
    assert set(Case.objects.values_list("snoozed_until", flat=True)) == {wall}


@pytest.mark.parametrize(
    ("until", "says"),
    [
        ("", "Name a day and a time."),
        ("soon", "Name a day and a time."),
        ("2026-13-45T99:00", "Name a day and a time."),
        ("2001-01-01T09:00", "Choose a time ahead"),
        ("9999-12-31T23:59", "Choose a time ahead"),
        ("0001-01-01T00:00", "Choose a time ahead"),
    ],
)
def test_a_moment_that_is_none_keeps_what_was_selected_and_typed(
    until: str, says: str, make_case: Callable[..., Case], agent: User, sign_in: SignIn
) -> None:
    cases = [make_case(external_id=f"c-{n}", thread_external_id=f"t-{n}") for n in range(3)]
    client = sign_in(agent)
    chosen = [one.number for one in cases[:2]]
    form = {"case": chosen, "act": "snooze:own", "until": until, "view": "all"}
    page = words(client.post("/bulk/", form, follow=True))
    assert says in page
    assert page.count('autocomplete="off" checked') == 2
    assert f'data-kept="{chosen[0]} {chosen[1]} "' in page
    assert f'name="until" value="{until}"' in page
    assert not Case.objects.filter(snoozed_until__isnull=False).exists()
    assert "checked" not in words(client.get("/inbox/all/?picked=x.99999999999.-1"))


def test_one_case_keeps_the_moment_that_was_refused(
    case: Case, agent: User, sign_in: SignIn
) -> None:
    form = {"choice": "own", "until": "2001-01-01T09:00"}
    answer = sign_in(agent).post(url(case, "snooze/"), form)
    assert answer.status_code == 422
    page = words(answer)
    assert "Choose a time ahead" in page
    assert 'name="until" value="2001-01-01T09:00"' in page
