"""The content of the demonstration is complete, hangs together and shows every kind of comment."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from amends.core.vocabulary import LANGUAGES, Category, Flag, PolicyGround, Severity
from amends.demo.check import check_script
from amends.demo.load import load_script
from amends.demo.script import Answer, Deletion, Edit, Script, ScriptedPost, ScriptError

SCRIPT = load_script()
ANSWERED = [comment for comment in SCRIPT.comments if comment.answer]


def test_there_are_enough_comments_in_every_language() -> None:
    per_language = Counter(comment.lang for comment in SCRIPT.comments)
    assert set(per_language) == set(LANGUAGES)
    assert min(per_language.values()) >= 28
    assert len(SCRIPT.comments) >= 150


def test_the_stream_speaks_every_language() -> None:
    per_language = Counter(item.lang for item in SCRIPT.stream)
    assert set(per_language) == set(LANGUAGES)
    assert min(per_language.values()) >= 10
    assert len(SCRIPT.stream) >= 60


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_category_is_shown_in_every_language(lang: str) -> None:
    shown = {
        comment.truth.category
        for comment in SCRIPT.comments
        if comment.lang == lang and comment.truth
    }
    assert shown == set(Category)


def test_grave_and_special_cases_are_shown() -> None:
    truths = [comment.truth for comment in SCRIPT.comments if comment.truth]
    assert {truth.severity for truth in truths} == set(Severity)
    flags = {flag for truth in truths for flag in truth.flags}
    assert {Flag.SAFETY, Flag.LEGAL_THREAT, Flag.PERSONAL_DATA, Flag.OFFENSIVE} <= flags
    grounds = {truth.policy_ground for truth in truths}
    assert {PolicyGround.SCAM, PolicyGround.SPAM, PolicyGround.THREAT, PolicyGround.HATE} <= grounds


def test_a_legal_step_is_never_less_than_high() -> None:
    for comment in SCRIPT.comments:
        if comment.truth and Flag.LEGAL_THREAT in comment.truth.flags:
            assert comment.truth.severity in (Severity.HIGH, Severity.CRITICAL), comment.id


def test_criticism_has_no_ground_for_removal() -> None:
    may_have_ground = {Category.SPAM, Category.ABUSE, Category.TROLL, Category.OTHER}
    for comment in SCRIPT.comments:
        assert comment.truth
        if comment.truth.category not in may_have_ground:
            assert comment.truth.policy_ground is PolicyGround.NONE, comment.id


def test_no_text_stands_twice() -> None:
    texts = [item.text for item in SCRIPT.everything_posted]
    texts += [edit.text for item in SCRIPT.everything_posted for edit in item.edits]
    texts += [comment.answer.text for comment in ANSWERED if comment.answer]
    texts += [item.text for item in SCRIPT.stream if item.text]
    assert len(texts) == len({text.casefold() for text in texts})


def test_time_is_spread_over_five_days_with_something_in_the_last_hours() -> None:
    ages = [-comment.at for comment in SCRIPT.comments]
    assert max(ages) <= timedelta(days=5)
    for day in range(5):
        assert any(timedelta(days=day) <= age < timedelta(days=day + 1) for age in ages), day
    assert sum(age < timedelta(hours=6) for age in ages) >= 15
    assert sum(age < timedelta(hours=1) for age in ages) >= 5


def test_texts_fit_the_channel() -> None:
    for item in SCRIPT.everything_posted:
        assert len(item.text) <= 500, item.id
        assert item.answer is None or len(item.answer.text) <= 500, item.id


def test_many_were_answered_some_late_and_many_are_open() -> None:
    assert len(ANSWERED) >= 35
    assert {comment.lang for comment in ANSWERED} == set(LANGUAGES)
    assert any(comment.answer.after > timedelta(hours=1) for comment in ANSWERED if comment.answer)
    untouched = [c for c in SCRIPT.comments if not c.answer and not c.no_action and not c.deletion]
    assert len(untouched) >= 60


def test_edits_and_deletions_happen_in_every_language() -> None:
    for lang in LANGUAGES:
        own = [comment for comment in SCRIPT.comments if comment.lang == lang]
        assert any(comment.edits for comment in own), lang
        assert any(c.deletion and c.deletion.by == "author" for c in own), lang
    assert any(c.deletion and c.deletion.by == "platform" for c in SCRIPT.comments)


SOON = re.compile(
    r"en kısa sürede|en kisa|secepat|segera|ближайшее время|zo snel mogelijk|as soon as|asap", re.I
)
MONEY_OFFERED = re.compile(
    r"voucher|kupon|купон|скидк|çek |indirim|tegoedbon|korting|discount", re.I
)
PERSONAL = re.compile(r"@|\+?\d[\d ()-]{6,}")


@pytest.mark.parametrize("comment", ANSWERED, ids=lambda comment: comment.id)
def test_an_answer_is_signed_specific_and_safe(comment: ScriptedPost) -> None:
    assert comment.answer
    text = comment.answer.text
    names = {"Elif", "Dewi", "Jonas", "Mira", "Элиф"}
    assert any(name in text for name in names), "a person signs"
    assert not SOON.search(text), "a time, not a wish"
    assert not MONEY_OFFERED.search(text), "no compensation in public"
    assert not PERSONAL.search(text), "no personal data in public"
    assert "!!" not in text
    assert len(text.split()) >= 8


@pytest.mark.parametrize("person", SCRIPT.team, ids=lambda person: person.id)
def test_the_team_has_reserved_addresses(person: object) -> None:
    assert str(getattr(person, "email", "")).endswith(".example")


def test_the_team_has_every_role_of_a_small_shop() -> None:
    roles = Counter(member.role for member in SCRIPT.team)
    assert roles == {"owner": 1, "lead": 1, "agent": 2, "viewer": 1}


def _with_comment(**changes: object) -> Script:
    first, *others = SCRIPT.comments
    return replace(SCRIPT, comments=(replace(first, **changes), *others))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"parent": "nowhere"}, "answers nowhere, which does not exist"),
        ({"at": timedelta(days=-30)}, "is older than"),
        ({"author": "nobody"}, "there is nobody called nobody"),
        ({"truth": None}, "the truth is missing"),
        ({"text": SCRIPT.comments[5].text}, "stands twice"),
        ({"parent": None, "text": "no mention at all"}, "must mention @lumbara"),
        ({"edits": (Edit(after=timedelta(days=9), text="later"),)}, "happens after now"),
        (
            {
                "edits": (Edit(after=timedelta(hours=2), text="later"),),
                "deletion": Deletion(after=timedelta(hours=1), by="author"),
            },
            "not in order",
        ),
        (
            {
                "answer": Answer(
                    timedelta(hours=1), text="Hi", drafted_by="elif", approved_by="elif"
                )
            },
            "nobody approves an answer of their own",
        ),
        (
            {
                "answer": Answer(
                    timedelta(hours=1), text="Hi", drafted_by="anton", approved_by="elif"
                )
            },
            "may not write or approve",
        ),
    ],
)
def test_a_fault_of_the_content_is_named(changes: dict[str, object], complaint: str) -> None:
    with pytest.raises(ScriptError, match=complaint):
        check_script(_with_comment(**changes))
