"""Legal hold (K24, S0.17): what it keeps is not erased, by any way, and the refusal stands in the log."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from amends.accounts.models import User
from amends.accounts.permissions import NotAllowed
from amends.cases.erase import Held, contents_of, erase_comment
from amends.cases.hold_legally import (
    is_under_legal_hold,
    legal_hold_on,
    lift_legal_hold,
    place_legal_hold,
)
from amends.cases.models import Case, LegalHold
from amends.cases.transitions import NotPossible
from amends.record.models import ActionLog, Content, Redaction

pytestmark = pytest.mark.django_db
MakeCase = Callable[..., Case]
SOURCE = Path(__file__).parents[2] / "src" / "amends"


def hold(case: Case, *, counsel: User, by: User, now: datetime) -> LegalHold:
    return place_legal_hold(
        case,
        reason="The court may ask for it.",
        counsel=counsel,
        review_on=(now + timedelta(days=90)).date(),
        by=by,
        now=now,
    )


def test_a_held_comment_is_not_erased_and_the_log_says_why(
    make_case: MakeCase, lead: User, counsel: User, now: datetime
) -> None:
    case = make_case()
    standing = hold(case, counsel=counsel, by=lead, now=now)
    assert is_under_legal_hold(case)
    with pytest.raises(Held, match=r"C-1 is under a legal hold"):
        erase_comment(case.comment, reason="She asked.", by=lead, now=now)
    assert not Redaction.objects.exists()
    entry = ActionLog.objects.get(action="content.refuse_redaction")
    assert (entry.data["ground"], entry.data["hold"]) == ("legal_hold", standing.pk)
    lift_legal_hold(standing, reason="The case is over.", by=counsel, now=now)
    assert not is_under_legal_hold(case)
    erase_comment(case.comment, reason="She asked.", by=lead, now=now)
    assert case.comment.versions.get().content.is_redacted


def test_all_that_holds_the_words_is_erased_and_digest_and_time_stay(
    make_case: MakeCase, lead: User, now: datetime
) -> None:
    case = make_case("Adım Ayşe, numaram 0532")
    contents = [one.pk for one in contents_of(case.comment)]
    assert erase_comment(case.comment, reason="She asked.", by=lead, now=now) == len(contents) > 0
    for content in Content.objects.filter(pk__in=contents):
        assert (content.text, content.payload, content.is_redacted) == ("", "", True)
        assert content.digest
    assert contents_of(case.comment) == []


def test_a_hold_past_its_review_still_holds(
    make_case: MakeCase, lead: User, counsel: User, now: datetime
) -> None:
    case = make_case()
    hold(case, counsel=counsel, by=lead, now=now)
    with pytest.raises(Held):
        erase_comment(case.comment, reason="x", by=lead, now=now + timedelta(days=400))


def test_nothing_but_the_one_verb_erases() -> None:
    callers = [
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if re.search(r"\bredact_content\(", path.read_text(encoding="utf-8"))
    ]
    assert sorted(callers) == ["cases/erase.py", "record/backup/replay.py", "record/redact.py"]


def test_a_hold_names_reason_counsel_and_a_day_ahead(
    make_case: MakeCase, lead: User, counsel: User, agent: User, owner: User, now: datetime
) -> None:
    case = make_case()
    ahead = (now + timedelta(days=1)).date()

    def place(reason: str, who: User, day: date) -> LegalHold:
        return place_legal_hold(case, reason=reason, counsel=who, review_on=day, by=lead, now=now)

    for reason, who, day in (
        (" ", counsel, ahead),
        ("x", agent, ahead),
        ("x", lead, ahead),
        ("x", counsel, now.date()),
    ):
        with pytest.raises(NotPossible):
            place(reason, who, day)
    place("x", owner, ahead)
    with pytest.raises(NotPossible, match="already"):
        place("x", counsel, ahead)
    standing = legal_hold_on(case)
    assert standing is not None
    with pytest.raises(NotPossible, match="any longer"):
        lift_legal_hold(standing, reason="", by=lead, now=now)
    lift_legal_hold(standing, reason="x", by=lead, now=now)
    with pytest.raises(NotPossible, match="before"):
        lift_legal_hold(standing, reason="x", by=lead, now=now)


@pytest.mark.parametrize("role", ["agent", "viewer", "stranger"])
def test_only_confidants_hold_and_erase(
    make_case: MakeCase, counsel: User, now: datetime, role: str, request: pytest.FixtureRequest
) -> None:
    case, user = make_case(), request.getfixturevalue(role)
    with pytest.raises(NotAllowed):
        hold(case, counsel=counsel, by=user, now=now)
    with pytest.raises(NotAllowed):
        erase_comment(case.comment, reason="x", by=user, now=now)
