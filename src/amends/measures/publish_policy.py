"""The published policy of a brand (a stand-in until the policy part is merged)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import yaml

from amends.accounts.models import Brand, TextKind, TextVersion
from amends.accounts.texts import text_in_force


@dataclass(frozen=True, slots=True)
class ClauseText:
    """A clause in one language."""

    title: str
    rule: str
    example: str
    consequence: str


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause."""

    id: str
    ground: str
    tier: str
    texts: dict[str, ClauseText]

    def text(self, language: str) -> ClauseText:
        return self.texts.get(language) or self.texts["en"]


@dataclass(frozen=True, slots=True)
class Policy:
    """All clauses."""

    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class PublishedPolicy:
    """A policy as it was published."""

    number: int
    policy: Policy
    published_at: datetime
    version: TextVersion


def policy_in_force(brand: Brand, *, at: datetime | None = None) -> PublishedPolicy | None:
    version = text_in_force(brand.workspace, kind=TextKind.POLICY, brand=brand, at=at)
    if version is None:
        return None
    tree = yaml.safe_load(version.text)
    clauses = tuple(
        Clause(
            one["id"],
            one["ground"],
            one["tier"],
            {code: ClauseText(**text) for code, text in one["texts"].items()},
        )
        for one in tree["clauses"]
    )
    return PublishedPolicy(version.number, Policy(clauses), version.published_at, version)
