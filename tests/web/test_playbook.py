"""The pages of the playbook: read by everybody, edited, tried and published by owners and leads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from amends.accounts.models import TextDraft, TextKind, TextVersion, User, Workspace
from amends.cases.models import Case, WhatIf
from amends.cases.playbook_queries import what_if_changes_visible_to
from amends.cases.publish_playbook import publish_playbook, save_playbook_draft
from amends.cases.what_if import WHAT_IF, ask_what_if
from amends.core.clock import ScriptedClock
from amends.core.playbook.inputs import FIELDS
from amends.pipeline.act import triage_and_decide
from amends.pipeline.desk import Desk
from amends.pipeline.runner import run_until_idle
from amends.pipeline.steps import BACKGROUND
from amends.web import labels
from tests.support.playbooks import SHIPPED, another, broken, with_default
from tests.web.conftest import FORM, words

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
DAY = timedelta(days=1)
PART = {"HX-Request": "true"}


@pytest.fixture
def leads(sign_in: SignIn, lead: User) -> Client:
    return sign_in(lead)


def publish(workspace: Workspace, text: str, *, by: User, now: datetime) -> TextVersion:
    draft = save_playbook_draft(workspace, text=text, revision=0, by=by, now=now)
    after = TextVersion.objects.filter(workspace=workspace).count()
    return publish_playbook(
        workspace, revision=draft.revision, after=after, note="calmer", by=by, now=now
    )


def save(client: Client, text: str, revision: int = 0) -> HttpResponse:
    return client.post(reverse("playbook_draft"), {"text": text, "revision": revision})


def test_everybody_reads_what_is_in_force_and_who_says_so(sign_in: SignIn, viewer: User) -> None:
    shown = words(sign_in(viewer).get(reverse("playbook")))
    assert "as it ships" in shown
    assert "category is business error and our share of the fault is at least 50" in shown
    assert "Says who?" in shown
    assert "Change it" not in shown


def test_a_rule_says_how_often_it_was_followed_and_overridden(
    sign_in: SignIn, agent: User, case: Case, now: datetime, lead: User
) -> None:
    triage_and_decide(case, form=FORM, by=agent, now=now, desk=Desk(clock=ScriptedClock(now)))
    assert "followed 1, overridden 0" in words(sign_in(agent).get(reverse("playbook")))
    client = sign_in(agent)
    decision = case.decisions.latest("pk")
    said = {"decision": decision.pk, "rule": "D1", "reason": "The depot admitted it."}
    client.post(reverse("case_depart", args=[case.number]), said)
    assert "followed 0, overridden 1" in words(client.get(reverse("playbook")))
    Case.objects.filter(pk=case.pk).update(lane="legal")
    assert "overridden 1" not in words(client.get(reverse("playbook")))
    assert "overridden 1" in words(sign_in(lead).get(reverse("playbook")))


def test_a_damaged_playbook_says_so_with_its_lines(
    sign_in: SignIn, viewer: User, workspace: Workspace, now: datetime
) -> None:
    TextVersion.objects.create(
        workspace=workspace,
        kind=TextKind.PLAYBOOK,
        number=1,
        text="kind: playbook\nfrom: another age\n",
        digest="d",
        published_at=now,
    )
    shown = words(sign_in(viewer).get(reverse("playbook")))
    assert "cannot be read any more" in shown
    assert "Line 2" in shown


def test_a_draft_is_saved_with_its_mistakes_and_each_leads_to_its_line(leads: Client) -> None:
    text, line = broken()
    answer = save(leads, text)
    assert answer.status_code == 302
    page = leads.get(answer["Location"])
    assert f'href="#line-{line}" data-line="{line}"' in page.content.decode()
    assert f'id="line-{line}"' in page.content.decode()
    assert "A9 is not known" in words(page)
    assert TextDraft.objects.get().text == text


def test_a_check_keeps_nothing(leads: Client) -> None:
    text, line = broken()
    for headers in ({}, PART):
        answer = leads.post(
            reverse("playbook_check"), {"text": text, "revision": 0}, headers=headers
        )
        assert f'data-line="{line}"' in answer.content.decode()
        assert ("<textarea" in answer.content.decode()) is (headers == {})
    assert not TextDraft.objects.exists()
    assert "No mistakes" in words(leads.post(reverse("playbook_check"), {"text": another()}))


def test_a_conflict_shows_both_and_overwrites_nothing(
    leads: Client, sign_in: SignIn, owner: User
) -> None:
    save(leads, another("mine"))
    save(sign_in(owner), another("theirs"), 1)
    answer = save(leads, another("mine again"), 1)
    assert answer.status_code == 409
    shown = words(answer)
    assert "Somebody else changed this draft" in shown
    assert 'version: "theirs"' in shown
    assert 'version: "mine again"' in shown
    assert TextDraft.objects.get().text == another("theirs")
    assert save(leads, another("mine again"), 2).status_code == 302
    assert TextDraft.objects.get().text == another("mine again")


def test_a_check_without_script_rests_on_the_draft_that_was_seen(
    leads: Client, sign_in: SignIn, owner: User
) -> None:
    save(leads, another("mine"))
    save(sign_in(owner), another("theirs"), 1)
    answer = leads.post(reverse("playbook_check"), {"text": another("mine"), "revision": 1})
    assert 'name="revision" value="1"' in answer.content.decode().split("problem", 1)[0]


def test_a_draft_is_compared_and_published_with_a_note(leads: Client, workspace: Workspace) -> None:
    save(leads, with_default("A2"))
    shown = words(leads.get(reverse("playbook_publish")))
    assert "approval: A1" in shown
    assert "approval: A2" in shown
    assert "not tried on past cases" in shown
    said = {"revision": 1, "after": 0, "note": "Vague things wait for us."}
    answer = leads.post(reverse("playbook_publish"), said, follow=True)
    assert "Version 1 is in force" in words(answer)
    assert "Vague things wait for us." in words(answer)
    version = TextVersion.objects.get()
    assert (version.text, version.workspace) == (with_default("A2"), workspace)
    assert not TextDraft.objects.exists()


@pytest.mark.parametrize("text", [broken()[0], SHIPPED], ids=["mistakes", "nothing new"])
def test_what_cannot_be_published_is_refused(text: str, leads: Client) -> None:
    save(leads, text)
    assert "disabled" in leads.get(reverse("playbook_publish")).content.decode()
    answer = leads.post(reverse("playbook_publish"), {"revision": 1, "after": 0, "note": "x"})
    assert answer.status_code == 422
    assert not TextVersion.objects.exists()


def test_an_old_version_is_shown_saved_and_put_in_force_again(
    leads: Client, lead: User, workspace: Workspace, now: datetime
) -> None:
    publish(workspace, another("a"), by=lead, now=now)
    publish(workspace, another("b"), by=lead, now=now)
    shown = words(leads.get(reverse("playbook_version", args=[2])))
    assert 'version: "a"' in shown
    assert 'version: "b"' in shown
    saved = leads.get(reverse("playbook_version_file", args=[1]))
    assert saved.content.decode() == another("a")
    assert "attachment" in saved["Content-Disposition"]
    answer = leads.post(reverse("playbook_take_back", args=[1]), {"after": 2}, follow=True)
    assert "in force again, as version 3" in words(answer)
    assert leads.get(reverse("playbook_file")).content.decode() == another("a")
    late = leads.post(reverse("playbook_take_back", args=[2]), {"after": 2}, follow=True)
    assert "Another version was published" in words(late)


def test_a_file_comes_in_and_goes_out_as_it_is(leads: Client) -> None:
    upload = SimpleUploadedFile("mine.yaml", b"\xef\xbb\xbf" + another("mine").encode())
    leads.post(reverse("playbook_begin"), {"revision": 0, "file": upload})
    assert leads.get(reverse("playbook_draft_file")).content.decode() == another("mine")
    for wrong in (b"\xff\xfe\x00", b"x" * 300_000):
        upload = SimpleUploadedFile("x.yaml", wrong)
        answer = leads.post(reverse("playbook_begin"), {"revision": 1, "file": upload}, follow=True)
        assert "message-error" in answer.content.decode()
    assert TextDraft.objects.get().text == another("mine")


def test_a_draft_begins_anew_or_is_discarded(leads: Client) -> None:
    save(leads, "begun")
    leads.post(reverse("playbook_begin"), {"revision": 1, "source": "general"})
    assert TextDraft.objects.get().text == SHIPPED
    late = leads.post(reverse("playbook_discard"), {"revision": 1}, follow=True)
    assert "Somebody else changed" in words(late)
    leads.post(reverse("playbook_discard"), {"revision": 2})
    assert not TextDraft.objects.exists()


@pytest.fixture
def tried(
    leads: Client, lead: User, agent: User, make_case: Callable[..., Case], now: datetime
) -> Case:
    """A case that the draft would decide differently, and one in a lane that agents do not see."""
    desk = Desk(clock=ScriptedClock(now))
    form = replace(FORM, category="other", is_complaint=False, severity="low")
    cases = [make_case(f"Soru {number}", external_id=f"q-{number}") for number in (1, 2)]
    for case in cases:
        triage_and_decide(case, form=form, by=agent, now=now, desk=desk)
    Case.objects.filter(pk=cases[1].pk).update(lane="legal")
    save(leads, with_default("A3"))
    return cases[0]


def run_what_ifs(now: datetime) -> None:
    steps = [one for one in BACKGROUND if one.name == WHAT_IF]
    run_until_idle(Desk(clock=ScriptedClock(now + DAY)), steps=steps)


def test_a_what_if_is_started_left_and_read(leads: Client, tried: Case, now: datetime) -> None:
    today = now.date()
    said = {"since": today - DAY, "until": today + DAY}
    answer = leads.post(reverse("playbook_trial"), said, follow=True)
    assert "You can leave this page" in words(answer)
    part = leads.get(reverse("playbook_trial_progress"), headers=PART)
    assert "0 %" in words(part)
    run_what_ifs(now)
    assert leads.get(reverse("playbook_trial_progress")).headers["HX-Refresh"] == "true"
    shown = words(leads.get(reverse("playbook_trial")))
    assert "<strong>2</strong> of 2 cases would have been decided differently" in shown
    assert "<del>A1: a second agent</del> → <ins>A3: the lead and counsel</ins>" in shown
    assert tried.public_id in shown
    assert tried.public_id not in words(leads.get(reverse("playbook_trial"), {"by": "clocks"}))
    assert "2 past cases" in words(leads.get(reverse("playbook_publish")))
    save(leads, with_default("A2"), 1)
    assert "draft was changed since" in words(leads.get(reverse("playbook_trial")))


def test_a_what_if_shows_and_counts_only_what_one_may_see(
    leads: Client, lead: User, tried: Case, now: datetime, workspace: Workspace
) -> None:
    leads.post(reverse("playbook_trial"), {"since": now.date() - DAY, "until": now.date() + DAY})
    run_what_ifs(now)
    run = WhatIf.objects.get()
    agents = what_if_changes_visible_to(workspace.memberships.get(role="agent").user, run=run)
    assert [one.case for one in agents] == [tried]
    assert what_if_changes_visible_to(lead, run=run).count() == 2


def test_a_what_if_is_cancelled(leads: Client, tried: Case, lead: User, now: datetime) -> None:
    ask_what_if(tried.workspace, since=now - DAY, until=now + DAY, by=lead, now=now)
    assert "cancelled" in words(leads.post(reverse("playbook_trial_cancel"), follow=True))
    assert "found until then" in words(leads.get(reverse("playbook_trial")))


def test_days_that_make_no_sense_are_said_at_once(leads: Client, tried: Case) -> None:
    answer = leads.post(reverse("playbook_trial"), {"since": "yesterday", "until": ""})
    assert answer.status_code == 422
    said = {"since": "2026-03-10", "until": "2026-03-01"}
    assert "lies before" in words(leads.post(reverse("playbook_trial"), said, follow=True))
    assert not WhatIf.objects.exists()


def test_a_departure_stands_beside_the_recommendation_with_its_reason(
    sign_in: SignIn, agent: User, viewer: User, case: Case, now: datetime
) -> None:
    triage_and_decide(case, form=FORM, by=agent, now=now, desk=Desk(clock=ScriptedClock(now)))
    client = sign_in(agent)
    url = reverse("case_depart", args=[case.number])
    decision = case.decisions.latest("pk")
    said = {"decision": decision.pk, "rule": "D1", "reason": "  "}
    refused = client.post(url, said)
    assert refused.status_code == 422
    assert "Say why you depart" in words(refused)
    client.post(url, said | {"reason": "The depot admitted it."})
    for person in (agent, viewer):
        shown = words(sign_in(person).get(reverse("case", args=[case.number])))
        assert "departed from this" in shown
        assert "The depot admitted it." in shown
        assert "Rule D1" in shown
    assert "Depart from it" not in words(sign_in(viewer).get(reverse("case", args=[case.number])))


def test_a_departure_from_an_earlier_recommendation_is_still_told(
    sign_in: SignIn, agent: User, case: Case, now: datetime
) -> None:
    desk = Desk(clock=ScriptedClock(now))
    triage_and_decide(case, form=FORM, by=agent, now=now, desk=desk)
    said = {"decision": case.decisions.latest("pk").pk, "rule": "D1", "reason": "They admitted it."}
    client = sign_in(agent)
    client.post(reverse("case_depart", args=[case.number]), said)
    case.refresh_from_db()
    triage_and_decide(case, form=FORM, by=agent, now=now, desk=desk)
    shown = words(client.get(reverse("case", args=[case.number])))
    assert "departed from an earlier recommendation (D4)" in shown
    assert "They admitted it." in shown
    assert "Instead counts" not in shown


def test_other_parts_count_only_when_they_are_chosen_one_by_one(
    sign_in: SignIn, agent: User, case: Case, now: datetime
) -> None:
    triage_and_decide(case, form=FORM, by=agent, now=now, desk=Desk(clock=ScriptedClock(now)))
    decision = case.decisions.latest("pk")
    url = reverse("case_depart", args=[case.number])
    said = {"decision": decision.pk, "part": ["ACK", "ASK"], "reason": "Ask first."}
    assert "Nothing differs" in words(sign_in(agent).post(url, said))
    sign_in(agent).post(url, said | {"own_parts": "yes"})
    assert decision.overrides.get().strategy == ["ACK", "ASK"]


def test_every_input_of_a_condition_has_words() -> None:
    assert set(FIELDS) <= set(labels.INPUTS)


def test_waiting_owning_and_parts_are_told_in_words(sign_in: SignIn, viewer: User) -> None:
    shown = words(sign_in(viewer).get(reverse("playbook")))
    assert "the clock “first reply” is met, and “progress, resolution” stands still" in shown
    assert "for 48 hours at most" in shown
    assert "the case is closed as not answered" in shown
    assert "It is watched for 7 days." in shown
    assert "Our fault: 50 to 100 %" in shown
    assert "Say what keeps it from happening again." in shown


def test_the_comparison_names_rules_and_what_they_say_now(leads: Client) -> None:
    save(leads, another(words={"at_most: 48h": "at_most: 6h"}))
    shown = words(leads.get(reverse("playbook_publish")))
    assert "When clocks stand still" in shown
    assert "<ins>6h</ins>" in shown
    assert "<code>at_most</code>" in shown
    assert "<del>P3</del>" not in shown, "what stayed is not told"


def test_a_published_version_says_what_it_changed(
    leads: Client, workspace: Workspace, lead: User, now: datetime
) -> None:
    publish(workspace, another(words={"at_most: 48h": "at_most: 6h"}), by=lead, now=now)
    shown = words(leads.get(reverse("playbook_version", args=[1])))
    assert "<ins>6h</ins>" in shown


def test_what_is_worth_a_look_is_said_and_keeps_nobody(leads: Client) -> None:
    twice = another().replace(
        "gates:\n",
        "gates:\n"
        "  - id: G0a\n    title: First\n    when: {category: spam, severity: high}\n    strategy: [ASK]\n"
        "    approval: A0\n    say: Ask.\n    because: [S0.1]\n"
        "  - id: G0b\n    title: Second\n    when: {category: spam, severity: high, arousal: high}\n"
        "    strategy: [ASK]\n    approval: A0\n    say: Ask.\n    because: [S0.1]\n",
    )
    checked = words(leads.post(reverse("playbook_check"), {"text": twice}, headers=PART))
    assert "1 thing is worth a look." in checked
    assert "No mistakes" in checked
