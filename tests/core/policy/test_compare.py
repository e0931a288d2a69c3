"""What changed between two policies."""

from __future__ import annotations

from dataclasses import replace

from amends.core.policy.compare import compare_policies
from amends.core.policy.schema import load_shipped_policy, parse_policy
from tests.core.policy.support import SMALL, with_text


def test_nothing_changed_between_a_policy_and_itself() -> None:
    policy = load_shipped_policy()
    assert compare_policies(policy, policy, language="tr").is_nothing


def test_clauses_that_came_and_went_and_words_that_changed_are_named() -> None:
    before = parse_policy(SMALL)
    starting = load_shipped_policy()
    added = starting.clauses[0]
    after = replace(before, clauses=(*before.clauses, added))
    change = compare_policies(before, after, language="en")
    assert change.added == (added,)
    assert compare_policies(after, before, language="en").removed == (added,)
    reworded = with_text(before, "en", rule="Do not insult anybody.")
    (part,) = compare_policies(before, reworded, language="en").parts
    assert (part.clause, part.part) == ("insults", "rule")
    assert "".join(one.text for one in part.pieces if one.change != "removed") == (
        "Do not insult anybody."
    )
    assert compare_policies(before, reworded, language="en").changed_clauses == ("insults",)


def test_words_of_another_language_are_no_change_for_this_reader() -> None:
    before = load_shipped_policy()
    after = with_text(before, "tr", rule="Kimseye hakaret etmeyin.")
    assert compare_policies(before, after, language="nl").is_nothing
    assert not compare_policies(before, after, language="tr").is_nothing
