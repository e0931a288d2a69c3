"""Reading a policy: all mistakes at once, with their lines; hostile files are refused, nothing crashes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.core.policy.lint import check_policy
from amends.core.policy.policy import ClauseText, Policy
from amends.core.policy.schema import (
    PolicyError,
    load_shipped_policy,
    parse_policy,
    read_shipped_policy,
)
from amends.core.policy.terms import GROUNDS, LadderStep, Tier, tier_of
from amends.core.policy.write import write_policy
from amends.core.vocabulary import PolicyGround
from tests.core.policy.support import SMALL

GRAVE = {"hate", "threat", "doxxing", "sexual", "illegal", "scam"}


def refused(source: str | bytes) -> list[tuple[int, str]]:
    with pytest.raises(PolicyError) as caught:
        parse_policy(source)
    return [(one.line, one.message) for one in caught.value.problems]


def test_a_policy_is_read_with_its_clauses_steps_and_words() -> None:
    policy = parse_policy(SMALL)
    assert (policy.named.name, policy.named.version) == ("small", "1")
    assert policy.appeal.within == timedelta(days=184)
    (clause,) = policy.clauses
    assert (clause.id, clause.ground, clause.tier) == (
        "insults",
        PolicyGround.PROFANITY_TARGETED,
        Tier.B,
    )
    assert [(one.step, one.length) for one in clause.ladder] == [
        (LadderStep.WARN, None),
        (LadderStep.HIDE, None),
        (LadderStep.TEMPORARY_BAN, timedelta(days=7)),
    ]
    assert clause.text("en").example == "You cow."
    assert clause.text("fr") == clause.text("en")  # the first language, where one is missing
    assert policy.clause("insults") is clause
    assert policy.clause("hate") is None


def test_grave_grounds_are_tier_a_and_criticism_is_in_no_tier() -> None:
    assert {ground.value for ground in GROUNDS if tier_of(ground) is Tier.A} == GRAVE
    assert PolicyGround.NONE not in GROUNDS
    with pytest.raises(KeyError):
        tier_of(PolicyGround.NONE)


def test_all_mistakes_come_at_once_with_their_lines() -> None:
    source = (
        SMALL.replace(b"id: insults", b"id: In sults")
        .replace(b"profanity_targeted", b"rudeness")
        .replace(b"hide,", b"silence,")
        .replace(b"7d]", b"soon]")
    )
    found = refused(source)
    assert [line for line, _ in found] == [17, 18, 19, 19]
    text = "\n".join(message for _, message in found)
    assert "In sults cannot be an id" in text
    assert "rudeness is not known" in text
    assert "silence is not on the ladder; it may be one of warn, hide, remove" in text
    assert "soon is not a time" in text


@pytest.mark.parametrize(
    "ground", ["negative", "criticism", "unfair", "competitor_mention", "eleştiri", "негатив"]
)
def test_criticism_under_any_name_is_no_ground(ground: str) -> None:
    ((line, message),) = refused(SMALL.replace(b"profanity_targeted", ground.encode()))
    assert line == 18
    assert "criticism is never removed" in message


def test_a_playbook_is_told_by_its_name() -> None:
    ((_, message),) = refused("kind: playbook\n")
    assert "this is a playbook; check it with `amends playbook check`" in message
    ((_, message),) = refused("kind: shopping list\n")
    assert "a policy says `kind: policy`" in message


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"- a",
        b"kind: policy",
        b"\xff\xfe",
        b"kind: policy\nclauses: &a [*a]",
        b"kind: !!python/object:os.system policy",
        b"kind: policy\npages: {en: {title: {deep: [" + b"[" * 200,
        b"a: b\x00",
        b"kind: policy\nname: x\nversion: 1\nlanguages: [xx-, 1, [en]]\npages: []\nclauses: {}",
        b"x" * 300_000,
    ],
)
def test_hostile_and_broken_files_are_refused_in_words(source: bytes) -> None:
    assert refused(source)


def test_two_clauses_never_share_an_id() -> None:
    text = write_policy(load_shipped_policy()).replace("id: spam", "id: hate")
    assert any("is the id of another clause" in message for _, message in refused(text))


@given(st.binary(max_size=400))
def test_no_bytes_make_the_reader_crash(source: bytes) -> None:
    check = check_policy(source)
    assert check.policy is not None or check.errors


@given(st.integers(0, len(SMALL) - 1), st.integers(1, 60), st.binary(max_size=12))
def test_a_damaged_policy_never_makes_reader_or_lint_crash(
    start: int, length: int, junk: bytes
) -> None:
    check = check_policy(SMALL[:start] + junk + SMALL[start + length :])
    assert check.policy is not None or check.errors


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60).map(str.strip),
    st.sampled_from(["title", "rule", "example", "allowed", "consequence"]),
)
def test_what_is_written_is_read_back_as_it_was(words: str, part: str) -> None:
    policy = parse_policy(SMALL)
    text = ClauseText(**{part: words})
    clause = policy.clauses[0].__class__(
        "insults", policy.clauses[0].ground, policy.clauses[0].ladder, {"en": text}
    )
    changed = Policy(policy.named, policy.languages, policy.appeal, policy.pages, (clause,))
    again = parse_policy(write_policy(changed))
    assert again.clauses == changed.clauses
    assert (again.pages, again.appeal) == (policy.pages, policy.appeal)


def test_the_starting_policy_is_written_and_read_back() -> None:
    policy = parse_policy(read_shipped_policy())
    again = parse_policy(write_policy(policy))
    assert (again.clauses, again.pages, again.languages) == (
        policy.clauses,
        policy.pages,
        policy.languages,
    )
    with pytest.raises(KeyError, match="no policy of ours"):
        read_shipped_policy("other")
