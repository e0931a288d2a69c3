"""A desk with cases in it, and people who are signed in."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from amends.accounts.models import User
from amends.cases.models import Case, Verdict
from amends.cases.open import case_for
from amends.cases.triage import TriageForm, confirm_triage
from amends.inbox.models import Comment, Version
from amends.replies.draft import begin_reply, save_draft
from amends.replies.models import Reply

FORM = TriageForm(
    category="business_error",
    sentiment="negative",
    is_complaint=True,
    severity="high",
    arousal="high",
)


@pytest.fixture
def now() -> datetime:
    """The pages live by the clock of the machine, so these tests do too."""
    return timezone.now()


@pytest.fixture
def make_case(make_comment: Callable[..., Comment], now: datetime) -> Callable[..., Case]:
    """A case as the pipeline leaves it for people: its clock runs since five minutes ago."""

    def make(text: str = "Kargom nerede?", **values: Any) -> Case:
        comment = make_comment(text, **{"at": now - timedelta(minutes=5)} | values)
        case = case_for(comment, now=now - timedelta(minutes=5))
        Case.objects.filter(pk=case.pk).update(first_reply_due_at=now + timedelta(minutes=55))
        case.refresh_from_db()
        return case

    return make


@pytest.fixture
def case(make_case: Callable[..., Case]) -> Case:
    return make_case()


@pytest.fixture
def draft(case: Case, agent: User, now: datetime) -> Reply:
    """A reply that the agent has begun."""
    confirm_triage(case, form=FORM, by=agent, now=now)
    case.refresh_from_db()
    reply = begin_reply(case, by=agent, now=now)
    return save_draft(reply, text="Merhaba Ayşe Hanım", revision=0, by=agent, now=now)


@pytest.fixture
def sign_in() -> Callable[[User], Client]:
    def enter(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return enter


def judge(version: Version, *, is_sure: bool = True) -> Verdict:
    """What an engine would say of a version, with one reason that points into its words."""

    def field(label: object) -> dict[str, object]:
        return {"label": label, "score": 0.91, "sure": is_sure}

    return Verdict.objects.create(
        workspace_id=version.workspace_id,
        version=version,
        engine="screen",
        engine_version="test",
        language="tr",
        sentiment="negative",
        is_complaint=True,
        category="business_error",
        severity="high",
        created_at=version.captured_at,
        assessment={
            "category": field("business_error"),
            "severity": field("high"),
            "arousal": field("high"),
            "sentiment": field("negative"),
            "complaint": field(True),
            "policy_ground": field("none"),
            "flags": {"legal_threat": True},
            "flag_scores": {"legal_threat": 0.8},
            "reasons": [
                {"field": "severity", "start": 0, "end": 6, "text": "Kargom", "source": "screen"}
            ],
        },
    )


def words(response: HttpResponse) -> str:
    """What stands on a page, entities read."""
    return html.unescape(response.content.decode())
