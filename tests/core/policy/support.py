"""A small sound policy, and ways to make it unsound."""

from __future__ import annotations

from dataclasses import replace

from amends.core.policy.lint import check_policy
from amends.core.policy.policy import Clause, ClauseText, Policy
from amends.core.policy.schema import load_shipped_policy
from amends.core.policy.write import write_policy

SMALL = b"""\
kind: policy
name: small
version: "1"
languages: [en]
appeal: {within: 184d, answer: 14d}
pages:
  en:
    title: How we talk
    introduction: For everything under our posts.
    promises: [We answer criticism.]
    never_removed: [Criticism.]
    register: Any language; no insults of persons.
    decides: A person.
    appeal: Within 6 months, by the link in our message.
    contact: Write to us.
clauses:
  - id: insults
    ground: profanity_targeted
    ladder: [warn, hide, temporary_ban: 7d]
    texts:
      en:
        title: Insults
        rule: Do not insult a person.
        example: You cow.
        allowed: What a mess.
        consequence: First a warning; then we hide it; then a ban for 7 days.
"""


def with_text(policy: Policy, language: str, clause_id: str = "insults", **parts: str) -> Policy:
    """The policy with other words in one clause and language."""

    def changed(clause: Clause) -> Clause:
        if clause.id != clause_id:
            return clause
        text = replace(clause.texts.get(language, ClauseText()), **parts)
        return replace(clause, texts={**clause.texts, language: text})

    return replace(policy, clauses=tuple(changed(one) for one in policy.clauses))


def starting_with(language: str, clause_id: str = "insults", **parts: str) -> str:
    """Our starting policy as a file, with other words in one place."""
    return write_policy(with_text(load_shipped_policy(), language, clause_id, **parts))


def errors_of(source: str | bytes) -> list[str]:
    return [one.message for one in check_policy(source).errors]


def warnings_of(source: str | bytes) -> list[str]:
    return [one.message for one in check_policy(source).warnings]
