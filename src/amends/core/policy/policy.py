"""A comment policy as data: what stands around the clauses, and the clauses, in each language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from amends.core.policy.terms import LadderStep, Tier, tier_of
from amends.core.vocabulary import PolicyGround


@dataclass(frozen=True, slots=True)
class PolicyName:
    """Which text this is: its name, the version that its writer gave it, and its SHA-256."""

    name: str
    version: str
    digest: str


@dataclass(frozen=True, slots=True)
class Consequence:
    """One rung of the ladder; `length` is set for a temporary ban that says how long it lasts."""

    step: LadderStep
    length: timedelta | None = None


@dataclass(frozen=True, slots=True)
class ClauseText:
    """A clause in one language: what breaks it (`example`), what only looks like it (`allowed`)."""

    title: str = ""
    rule: str = ""
    example: str = ""
    allowed: str = ""
    consequence: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """One rule that a measure may name; `id` is its anchor and never changes its meaning."""

    id: str
    ground: PolicyGround
    ladder: tuple[Consequence, ...]
    texts: Mapping[str, ClauseText]

    @property
    def tier(self) -> Tier:
        return tier_of(self.ground)

    def text(self, language: str) -> ClauseText:
        """Return the words in `language`, else in the first language of the clause."""
        found = self.texts.get(language)
        return found if found is not None else next(iter(self.texts.values()), ClauseText())


@dataclass(frozen=True, slots=True)
class PageText:
    """What stands around the clauses in one language."""

    title: str = ""
    introduction: str = ""
    promises: tuple[str, ...] = ()
    never_removed: tuple[str, ...] = ()
    register: str = ""  # which way of speaking is fine here, and that any language is
    decides: str = ""
    appeal: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class AppealTimes:
    """How long one may object, and until when we answer; None where the policy does not say."""

    within: timedelta | None = None
    answer: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """A whole policy; `lines` says where each part stood in its file (not part of what it says)."""

    named: PolicyName
    languages: tuple[str, ...]
    appeal: AppealTimes
    pages: Mapping[str, PageText]
    clauses: tuple[Clause, ...]
    lines: Mapping[str, int] = field(default_factory=dict, compare=False, repr=False)

    def page(self, language: str) -> PageText:
        """Return what stands around the clauses in `language`, else in the first language."""
        found = self.pages.get(language)
        return found if found is not None else next(iter(self.pages.values()), PageText())

    def clause(self, clause_id: str) -> Clause | None:
        return next((one for one in self.clauses if one.id == clause_id), None)

    def clauses_on(self, ground: PolicyGround) -> tuple[Clause, ...]:
        return tuple(one for one in self.clauses if one.ground is ground)
