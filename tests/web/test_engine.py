"""The page of the engine: what judges, what was learned, and long works that can be left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from amends.accounts.models import User, Workspace
from amends.cases.models import ModelRelease
from amends.learning.models import Reassessment, Training
from amends.learning.reassess import start_reassessment
from amends.record.models import ActionLog
from amends_engine.classifier import EngineName
from tests.web.conftest import words

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
BASE = EngineName("cascade", "2026.1.1")
PART = {"HX-Request": "true"}


def figure(field: str, language: str = "", *, verdict: str = "better") -> dict[str, object]:
    return {
        "field": field,
        "language": language,
        "count": 52,
        "before": 0.61,
        "after": 0.74,
        "mended": 9,
        "spoiled": 1,
        "verdict": verdict,
    }


@pytest.fixture(autouse=True)
def _installed(monkeypatch: pytest.MonkeyPatch) -> None:
    for place in ("amends.web.engine", "amends.web.engine_page"):
        monkeypatch.setattr(f"{place}.shipped_engine", lambda: BASE)


@pytest.fixture
def release(workspace: Workspace, lead: User, now: datetime) -> ModelRelease:
    return ModelRelease.objects.create(
        workspace=workspace,
        number=3,
        engine="cascade",
        base_version="2026.1.1",
        version="2026.1.1+w3",
        manifest={
            "texts": 52,
            "fields": ["category"],
            "figures": [figure("category"), figure("category", "tr", verdict="unclear")],
            "golden": {"version": "1", "figures": [figure("severity", verdict="unclear")]},
        },
        weights=b"",
        trained_by=lead,
        created_at=now - timedelta(hours=1),
    )


def promoted(client: Client, release: ModelRelease, *, instead_of: int = 0) -> str:
    address = reverse("engine_promote", args=[release.pk])
    return words(client.post(address, {"instead_of": instead_of}, follow=True))


def test_a_new_desk_shows_the_shipped_engine_and_what_to_do_next(
    viewer: User, sign_in: SignIn
) -> None:
    page = words(sign_in(viewer).get(reverse("engine")))
    assert "cascade 2026.1.1" in page
    assert "since this desk began" in page
    assert "each triage that somebody confirms will stand here" in page
    assert "Train on our corrections" not in page  # a viewer only reads


def test_figures_stand_in_a_table_with_counts_and_words(
    release: ModelRelease, viewer: User, sign_in: SignIn
) -> None:
    page = words(sign_in(viewer).get(reverse("engine")))
    for expected in ("Head 3", "0.61", "0.74", "52", "better", "not enough to say", "Turkish"):
        assert expected in page
    assert reverse("engine_promote", args=[release.pk]) not in page


def test_a_lead_promotes_after_reading_what_will_happen(
    release: ModelRelease, lead: User, sign_in: SignIn
) -> None:
    client = sign_in(lead)
    page = words(client.get(reverse("engine_promote", args=[release.pk])))
    assert "Promote head 3?" in page
    assert "Comments of the past are judged anew" in page
    page = promoted(client, release)
    assert "Head 3 judges from now on." in page
    assert "by Lead" in page
    assert "History judged anew" in page
    assert ActionLog.objects.get(action="engine.promote").actor_label == "Lead"


def test_a_lead_goes_back_and_the_head_is_kept(
    release: ModelRelease, lead: User, sign_in: SignIn
) -> None:
    client = sign_in(lead)
    promoted(client, release)
    assert "Go back to the shipped engine?" in words(client.get(reverse("engine_revert")))
    answer = client.post(reverse("engine_revert"), {"instead_of": release.pk}, follow=True)
    page = words(answer)
    assert "The shipped engine judges again." in page
    assert reverse("engine_promote", args=[release.pk]) in page
    release.refresh_from_db()
    assert release.status == "retired"


def test_who_looked_at_an_old_page_is_told(
    release: ModelRelease, lead: User, owner: User, sign_in: SignIn
) -> None:
    promoted(sign_in(owner), release)
    assert "live already" in promoted(sign_in(lead), release, instead_of=release.pk)
    assert "meanwhile" in promoted(sign_in(lead), release, instead_of=0)
    assert "meanwhile" in promoted(sign_in(lead), release, instead_of=987654321987654321)


def test_a_head_of_another_engine_cannot_be_promoted_and_says_why(
    release: ModelRelease, lead: User, sign_in: SignIn
) -> None:
    client = sign_in(lead)
    promoted(client, release)
    ModelRelease.objects.update(base_version="2025.1.1", version="2025.1.1+w3")
    page = words(client.get(reverse("engine")))
    assert "2025.1.1+w3 was promoted, but cascade 2026.1.1 is installed now" in page
    assert "cannot be used any more" in page


def test_a_training_shows_its_progress_and_can_be_left(
    workspace: Workspace, lead: User, viewer: User, sign_in: SignIn
) -> None:
    client = sign_in(lead)
    assert "The training has begun." in words(client.post(reverse("engine_train"), follow=True))
    Training.objects.update(status="running", percent=42)
    page = words(sign_in(viewer).get(reverse("engine")))
    assert 'value="42"' in page
    assert 'hx-trigger="every 2s"' in page
    part = client.get(reverse("engine_progress"), headers=PART)
    assert 'value="42"' in words(part)
    assert "HX-Refresh" not in part.headers
    again = words(client.post(reverse("engine_train"), follow=True))
    assert "A training is running already." in again
    Training.objects.update(status="refused", reason="too_few", facts={"have": 12, "need": 40})
    part = client.get(reverse("engine_progress"), headers=PART)
    assert part.headers["HX-Refresh"] == "true"
    assert "There are 12 texts with a triage; at least 40 are needed." in words(part)


@pytest.mark.parametrize(
    ("reason", "facts", "said"),
    [
        ("all_alike", {"texts": 50}, "already says the same"),
        ("no_gain", {"texts": 50}, "no better, beyond luck"),
        (
            "golden_fell",
            {"field": "severity", "before": 0.7, "after": 0.61, "allowed": 0.01},
            "Severity falls from 0.70 to 0.61",
        ),
        ("engine", {}, "cannot be taught"),
        ("golden_missing", {"error": "x"}, "Install Amends again"),
        ("something_new", {}, "something_new"),
    ],
)
def test_a_refusal_says_why(
    reason: str,
    facts: dict[str, object],
    said: str,
    workspace: Workspace,
    lead: User,
    sign_in: SignIn,
    now: datetime,
) -> None:
    Training.objects.create(
        workspace=workspace,
        asked_by=lead,
        asked_at=now,
        finished_at=now,
        status="refused",
        reason=reason,
        facts=facts,
        figures=[figure("category", verdict="worse")],
    )
    page = words(sign_in(lead).get(reverse("engine")))
    assert said in page
    assert "worse" in page


def test_judging_history_is_paused_and_goes_on(
    workspace: Workspace, lead: User, agent: User, sign_in: SignIn, now: datetime
) -> None:
    row = start_reassessment(workspace.pk, release=None, by=None, now=now)
    Reassessment.objects.filter(pk=row.pk).update(total=200, done=50, skipped=2)
    client = sign_in(lead)
    page = words(client.get(reverse("engine")))
    assert "25 %" in page
    assert "50 of 200 texts." in page
    assert "2 were passed over" in page
    assert "is paused." in words(client.post(reverse("engine_pause"), follow=True))
    assert "goes on." in words(client.post(reverse("engine_resume"), follow=True))
    hidden = words(sign_in(agent).get(reverse("engine")))
    assert "25 %" in hidden
    assert "of 200 texts" not in hidden  # who does not see every lane reads no counts over all


def test_the_page_asks_little_of_the_database(
    release: ModelRelease,
    lead: User,
    sign_in: SignIn,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    client = sign_in(lead)
    client.get(reverse("engine"))
    with django_assert_max_num_queries(14):  # type: ignore[attr-defined]
        client.get(reverse("engine"))
