"""Reads a policy as its readers will: what must not be published, and what had better be said more clearly.

An error refuses publication: a clause without rule, example or consequence, a rule that would make criticism
removable (C1, C2), a step in the wrong order. A warning is for its writer to weigh (S4.13, R8, R9).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from amends.core.policy.lint_ladder import ladder_problems
from amends.core.policy.lint_page import page_problems
from amends.core.policy.lint_words import clause_problems
from amends.core.policy.policy import Policy
from amends.core.policy.problems import Level, Problem, error, warning
from amends.core.policy.schema import PolicyError, parse_policy
from amends.core.text import gettext_noop
from amends.core.yaml_tree import FileProblem

__all__ = ["Finding", "Level", "PolicyCheck", "check_policy", "lint_policy"]

MAX_FINDINGS = 200


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the lint says, with its line; `problem.path` names the clause, language and part."""

    level: Level
    problem: FileProblem


@dataclass(frozen=True, slots=True)
class PolicyCheck:
    """What was read, None where the file is no policy, and all that was found, by line."""

    policy: Policy | None
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[FileProblem, ...]:
        return tuple(one.problem for one in self.findings if one.level is Level.ERROR)

    @property
    def warnings(self) -> tuple[FileProblem, ...]:
        return tuple(one.problem for one in self.findings if one.level is Level.WARNING)

    @property
    def is_publishable(self) -> bool:
        return self.policy is not None and not self.errors


def check_policy(source: str | bytes, *, brand_languages: Collection[str] = ()) -> PolicyCheck:
    """Read and lint a file; `brand_languages` are those in which the brand speaks, where that is known."""
    try:
        policy = parse_policy(source)
    except PolicyError as refused:
        return PolicyCheck(None, tuple(Finding(Level.ERROR, one) for one in refused.problems))
    return PolicyCheck(policy, lint_policy(policy, brand_languages=brand_languages))


def lint_policy(policy: Policy, *, brand_languages: Collection[str] = ()) -> tuple[Finding, ...]:
    """Return what is wrong and what could be clearer, by line."""
    found = [
        Finding(
            one.level,
            FileProblem(_line_of(policy, one.path), one.path, one.template, dict(one.params)),
        )
        for one in _problems(policy, brand_languages=brand_languages)
    ]
    return tuple(sorted(found, key=lambda one: (one.problem.line, one.problem.path))[:MAX_FINDINGS])


def _problems(policy: Policy, *, brand_languages: Collection[str]) -> Iterator[Problem]:
    if not policy.clauses:
        yield error(
            "clauses",
            gettext_noop(
                "there is no clause: say what is not allowed, one clause for each conduct"
            ),
        )
    for code in brand_languages:
        if code not in policy.languages:
            template = gettext_noop(
                "the brand speaks %(language)s and this policy does not: add the language"
            )
            yield warning("languages", template, language=code)
    yield from page_problems(policy)
    for position, clause in enumerate(policy.clauses):
        path = f"clauses[{position}]"
        yield from ladder_problems(clause, path=path)
        yield from clause_problems(clause, path=path, languages=policy.languages)


def _line_of(policy: Policy, path: str) -> int:
    """The line of a part, else of the nearest part around it."""
    while path:
        if path in policy.lines:
            return policy.lines[path]
        cut = max(path.rfind("."), path.rfind("["))
        path = path[:cut] if cut > 0 else ""
    return 1
