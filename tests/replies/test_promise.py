"""The register of promises: nobody promises without a time, and what is due is not forgotten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from amends.accounts.models import Brand, User
from amends.accounts.permissions import NotAllowed
from amends.cases.models import Case
from amends.cases.transitions import NotPossible
from amends.core.clock import ScriptedClock
from amends.pipeline.desk import Desk
from amends.pipeline.runner import run_until_idle
from amends.record.models import ActionLog
from amends.replies.approve import ask_for_approval
from amends.replies.bystander import STATEMENTS
from amends.replies.lint import lint_draft
from amends.replies.models import Promise
from amends.replies.promise import settle_promise, time_named
from tests.support.desk import Colleagues

pytestmark = pytest.mark.django_db
MakeCase = Callable[..., Case]
SENTENCE = "Bugün 17.00'ye kadar size sonucu yazacağım."
GOOD = f"Kargonuzun hâlâ gelmediğini görüyoruz, özür dileriz. Depoya sordum. {SENTENCE} Elif"


def promise(case: Case, colleagues: Colleagues, **changes: Any) -> Promise:
    return colleagues.promise(case, SENTENCE, **changes)


def test_a_promise_that_is_not_in_the_register_is_stopped_and_goes_out_once_it_is(
    make_case: MakeCase, colleagues: Colleagues
) -> None:
    draft = colleagues.draft(make_case(), GOOD)
    (found,) = lint_draft(draft, now=colleagues.now).findings
    assert (found.code, found.sentence) == ("Q05", SENTENCE)
    with pytest.raises(NotPossible, match="Q05"):
        ask_for_approval(draft, by=colleagues.writer, now=colleagues.now, agreed=STATEMENTS)
    promise(draft.case, colleagues)
    assert lint_draft(draft, now=colleagues.now).verdict == "clean"
    ask_for_approval(draft, by=colleagues.writer, now=colleagues.now, agreed=STATEMENTS)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"text": "  "}, "what is promised"),
        ({"text": "x" * 1001}, "what is promised"),
        ({"owner": None}, "who keeps"),
        ({"promised_for": None}, "until when"),
        ({"promised_for": datetime.fromisoformat("2026-03-10T11:59:00+00:00")}, "until when"),
    ],
)
def test_a_promise_needs_words_an_owner_and_a_time_to_come(
    make_case: MakeCase, colleagues: Colleagues, changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(NotPossible, match=f"(?i){said}"):
        promise(make_case(), colleagues, **changes)
    assert not Promise.objects.exists()


def test_the_database_itself_knows_no_promise_without_owner_or_time(
    make_case: MakeCase, colleagues: Colleagues
) -> None:
    kept = promise(make_case(), colleagues)
    for missing in ({"owner": None}, {"promised_for": None}, {"text": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Promise.objects.filter(pk=kept.pk).update(**missing)


def test_nobody_from_elsewhere_is_made_an_owner_and_a_viewer_promises_nothing(
    make_case: MakeCase, colleagues: Colleagues, stranger: User, viewer: User
) -> None:
    case = make_case()
    with pytest.raises(NotPossible, match="who keeps"):
        promise(case, colleagues, owner=stranger)
    with pytest.raises(NotAllowed):
        promise(case, colleagues, by=viewer)


def test_a_reminder_comes_before_the_time_and_late_is_said_once_after_it(
    make_case: MakeCase, colleagues: Colleagues, desk: Desk, clock: ScriptedClock
) -> None:
    promise(make_case(), colleagues)

    def said() -> list[str]:
        run_until_idle(desk)
        entries = ActionLog.objects.filter(action__startswith="promise.").order_by("pk")
        return list(entries.values_list("action", flat=True))

    clock.advance(timedelta(hours=3, minutes=59))
    assert said() == ["promise.make"]
    clock.advance(timedelta(minutes=2))
    assert said() == ["promise.make", "promise.remind"]
    clock.advance(timedelta(hours=2))
    late = ["promise.make", "promise.remind", "promise.late"]
    assert said() == late
    clock.advance(timedelta(days=3))
    assert said() == late


def test_what_became_of_it_is_said_once_and_ends_the_reminders(
    make_case: MakeCase, colleagues: Colleagues, desk: Desk, clock: ScriptedClock
) -> None:
    kept = promise(make_case(), colleagues)
    settle_promise(kept, is_kept=True, is_told=True, by=colleagues.approver, now=clock.now())
    assert (kept.status, kept.settled_by, kept.told_at) == (
        "kept",
        colleagues.approver,
        clock.now(),
    )
    with pytest.raises(NotPossible, match="known already"):
        settle_promise(kept, is_kept=False, is_told=False, by=colleagues.writer, now=clock.now())
    clock.advance(timedelta(days=1))
    run_until_idle(desk)
    assert not ActionLog.objects.filter(action__in=["promise.remind", "promise.late"]).exists()


def test_a_broken_promise_covers_no_sentence_any_more(
    make_case: MakeCase, colleagues: Colleagues
) -> None:
    draft = colleagues.draft(make_case(), GOOD)
    broken = promise(draft.case, colleagues)
    settle_promise(broken, is_kept=False, is_told=False, by=colleagues.writer, now=colleagues.now)
    assert lint_draft(draft, now=colleagues.now).blocking == ("Q05",)


@pytest.mark.parametrize(
    ("sentence", "named"),
    [
        ("I write by 17:00.", "2026-03-10T17:00+03:00"),
        ("Size 9.30'a kadar yazacağım.", "2026-03-11T09:30+03:00"),
        ("Order 12.03.2026 was late.", None),
        ("Soon.", None),
    ],
)
def test_the_time_that_a_sentence_names_is_the_next_such_time_where_the_brand_is(
    make_case: MakeCase, now: datetime, sentence: str, named: str | None
) -> None:
    Brand.objects.update(time_zone="Europe/Istanbul")
    found = time_named(sentence, case=make_case(), now=now)
    assert (found.isoformat(timespec="minutes") if found else None) == named


def test_the_log_holds_no_words_of_a_promise(make_case: MakeCase, colleagues: Colleagues) -> None:
    promise(make_case(), colleagues)
    assert "sonucu" not in str(ActionLog.objects.get(action="promise.make").data)
