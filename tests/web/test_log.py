"""The log as a page: newest first, page by page, one subject alone, never another workspace's."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from amends.accounts.models import User, Workspace
from amends.record.log import CLOCK, Actor, Subject, log_action
from amends.web.log_words import ACTIONS

pytestmark = pytest.mark.django_db


def write(workspace: Workspace, number: int, *, now: datetime, **values: Any) -> None:
    log_action(
        values.get("action", "case.note"),
        workspace_id=workspace.pk,
        actor=values.get("actor", Actor.person(id="1", label="Ece")),
        subject=Subject("case", f"C-{number}", f"C-{number}"),
        now=now + timedelta(seconds=number),
        data=values.get("data"),
    )


def test_entries_stand_newest_first_in_words(
    client: Client, lead: User, workspace: Workspace, now: datetime
) -> None:
    write(workspace, 1, now=now)
    write(workspace, 2, now=now, actor=CLOCK, action="case.clock", data={"level": 80})
    client.force_login(lead)
    answer = client.get(reverse("log"))
    body = answer.content.decode()
    assert [row.entry.subject_id for row in answer.context["rows"]] == ["C-2", "C-1"]
    assert "The clock" in body
    assert "wrote a note on" in body
    assert "&quot;level&quot;: 80" in body
    assert reverse("case", args=[2]) in body


def test_pages_follow_each_other_without_a_gap(
    client: Client, lead: User, workspace: Workspace, now: datetime
) -> None:
    for number in range(120):
        write(workspace, number, now=now)
    client.force_login(lead)
    seen: list[str] = []
    url = reverse("log")
    while url:
        shown = client.get(url).context
        seen += [row.entry.subject_id for row in shown["rows"]]
        url = shown["older_url"]
    assert seen == [f"C-{number}" for number in reversed(range(120))]


def test_one_subject_alone(client: Client, lead: User, workspace: Workspace, now: datetime) -> None:
    for number in (1, 2, 1):
        write(workspace, number, now=now)
    client.force_login(lead)
    rows = client.get(reverse("log"), {"subject": "case:C-1"}).context["rows"]
    assert [row.entry.subject_id for row in rows] == ["C-1", "C-1"]


@pytest.mark.parametrize(
    "query",
    [
        {"subject": "case:C-999"},
        {"subject": "nonsense"},
        {"subject": ":"},
        {"before": "x"},
        {"before": "9" * 30},
        {"before": "-5"},
        {"before": "0"},
        {"subject": "case:\x00"},
    ],
)
def test_an_odd_address_gives_a_page(client: Client, lead: User, query: dict[str, str]) -> None:
    client.force_login(lead)
    assert client.get(reverse("log"), query).status_code == 200


def test_the_log_of_another_workspace_is_not_shown(
    client: Client, stranger: User, workspace: Workspace, now: datetime
) -> None:
    write(workspace, 77, now=now)
    client.force_login(stranger)
    for query in ({}, {"subject": "case:C-77"}):
        body = client.get(reverse("log"), query).content.decode()
        assert "C-77</a>" not in body
        assert "Ece" not in body


def test_what_others_wrote_is_escaped(
    client: Client, lead: User, workspace: Workspace, now: datetime
) -> None:
    write(workspace, 1, now=now, data={"reason": "<script>alert(1)</script>"})
    client.force_login(lead)
    assert "<script>alert" not in client.get(reverse("log")).content.decode()


def test_every_action_that_the_code_logs_has_words() -> None:
    import re
    from pathlib import Path

    import amends

    source = Path(amends.__file__).parent
    pattern = re.compile(r'(?:log_action|note_event|_log)\(\s*"([a-z_]+\.[a-z_]+)"')
    logged = {
        found
        for path in source.rglob("*.py")
        for found in pattern.findall(path.read_text(encoding="utf-8"))
    }
    assert logged - set(ACTIONS) == set()
