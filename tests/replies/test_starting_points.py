"""A reply begins from a starting point and is never handed over as it is (Q12, R20)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from amends.accounts.models import User, Workspace
from amends.accounts.permissions import NotAllowed
from amends.accounts.texts import TextConflict
from amends.cases.models import Case
from amends.cases.transitions import NotPossible
from amends.core.starting.points import StartingPoint
from amends.record.models import ActionLog
from amends.replies.approve import ask_for_approval
from amends.replies.begin_from_point import begin_from_point
from amends.replies.bystander import STATEMENTS
from amends.replies.draft import save_draft
from amends.replies.lint import lint_draft
from amends.replies.models import Reply
from amends.replies.starting_points import change_points, points_for, points_in_force
from tests.support.desk import WHY, Colleagues

pytestmark = pytest.mark.django_db
TEXT = (
    "{author} Hanım, {order} numaralı paketiniz gecikti, bu bizim hatamız. "
    "Beklettiğimiz için özür dileriz; paketin nerede olduğunu depo ile birlikte takip ediyoruz. "
    "Size bugün saat {time} içinde buradan yazacağım. {agent}"
)
LATE = StartingPoint(
    code="late", title="Kargo", language="tr", category="business_error", text=TEXT
)
ANY = StartingPoint(code="any", title="Genel", language="tr", text="Merhaba {author}, […]")
OTHER = StartingPoint(code="en", title="Late", language="en", text="Dear {author}, […]")


@pytest.fixture
def points(workspace: Workspace, lead: User, now: datetime) -> None:
    change_points(workspace, to=[ANY, LATE, OTHER], after=0, by=lead, now=now)


@pytest.fixture
def reply(points: None, make_case: Callable[..., Case], colleagues: Colleagues) -> Reply:
    return colleagues.draft(make_case(), "")


def test_leads_write_them_in_versions_and_the_log_knows(
    workspace: Workspace, lead: User, agent: User, now: datetime
) -> None:
    change_points(workspace, to=[LATE], after=0, by=lead, now=now)
    change_points(workspace, to=[LATE, ANY], after=1, by=lead, now=now, note="for all")
    assert points_in_force(workspace) == (LATE, ANY)
    assert ActionLog.objects.filter(action="starting_points.publish").count() == 2
    with pytest.raises(TextConflict):
        change_points(workspace, to=[], after=1, by=lead, now=now)
    with pytest.raises(NotAllowed):
        change_points(workspace, to=[], after=2, by=agent, now=now)
    wrong = StartingPoint(code="x", title="x", language="en", text="{who}")
    with pytest.raises(NotPossible, match="no variable"):
        change_points(workspace, to=[wrong], after=2, by=lead, now=now)


def test_what_suits_language_and_matter_comes_first(reply: Reply) -> None:
    assert points_for(reply, language="tr") == (LATE, ANY)
    assert points_for(reply, language="en-GB") == (OTHER,)
    assert points_for(reply, language="und") == ()


def test_it_begins_an_empty_draft_and_replaces_nothing(
    reply: Reply, colleagues: Colleagues, now: datetime
) -> None:
    begun = begin_from_point(reply, code="late", by=colleagues.writer, now=now)
    assert begun.text.startswith("Ayşe Hanım, […] numaralı")
    assert begun.text.endswith(colleagues.writer.name.split()[0])
    with pytest.raises(NotPossible, match="written here already"):
        begin_from_point(begun, code="any", by=colleagues.writer, now=now)


def test_it_is_refused_while_only_names_and_numbers_differ_and_says_which_words(
    reply: Reply, colleagues: Colleagues, now: datetime
) -> None:
    same = (
        "Ayşe Hanım, 4711 numaralı paketiniz gecikti, bu bizim hatamız. "
        "Beklettiğimiz için özür dileriz; paketin nerede olduğunu depo ile birlikte takip ediyoruz. "
        "Size bugün saat 18:00 içinde buradan yazacağım. Elif"
    )
    saved = save_draft(reply, text=same, revision=reply.revision, by=colleagues.writer, now=now)
    with pytest.raises(NotPossible, match="Beklettiğimiz için özür dileriz"):
        ask_for_approval(saved, by=colleagues.writer, now=now, override=WHY, agreed=STATEMENTS)
    finding = next(one for one in lint_draft(saved, now=now).findings if one.code == "starting")
    assert finding.level == "warn"
    assert saved.text[finding.start : finding.end] == finding.words
    assert "“Kargo”" in finding.message


def test_words_of_ones_own_are_handed_over(
    reply: Reply, colleagues: Colleagues, now: datetime
) -> None:
    own = "Ayşe Hanım, altı gündür bekliyorsunuz; paketiniz depoda kaldı. Bugün yola çıkıyor. Elif"
    saved = save_draft(reply, text=own, revision=reply.revision, by=colleagues.writer, now=now)
    assert not any(one.code == "starting" for one in lint_draft(saved, now=now).findings)
    ask_for_approval(saved, by=colleagues.writer, now=now, override=WHY, agreed=STATEMENTS)
    assert Reply.objects.get(pk=saved.pk).status == "awaiting_approval"


def test_a_nearly_equal_text_is_one_too(
    reply: Reply, colleagues: Colleagues, now: datetime
) -> None:
    nearly = (
        "Ayşe Hanım, 4711 numaralı paketiniz gecikti, bu bizim hatamız! "
        "Beklettiğimiz için özür dileriz; paketin nerede olduğunu depo ile birlikte takip ediyoruz. "
        "Size bugün saat 18:00 içinde buradan yazacağım. Elif"
    )
    found = lint_draft(reply, now=now, text=nearly).findings
    assert any(one.code == "starting" for one in found)
