"""What would happen if somebody asked for a measure: nothing is done, stored or logged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from amends.cases.models import Case
from amends.core.vocabulary import ApprovalLevel
from amends.measures.guard import Wanted, objections, read_matter
from amends.measures.ladder import tier_of
from amends.measures.models import Tier
from amends.measures.propose import demand_of
from amends.measures.statement import (
    TOLD,
    StatementForm,
    statement_language,
    suggest_facts,
    word_statement,
)


@dataclass(frozen=True, slots=True)
class Foresight:
    """The guard's answer, who must agree and when, and what the author would be told."""

    codes: tuple[str, ...]
    level: ApprovalLevel
    is_before: bool
    needs_apart: bool  # the second person must keep the criticism apart
    statement: str
    language: str

    @property
    def may_be_asked(self) -> bool:
        return not self.codes

    @property
    def needs_second(self) -> bool:
        return self.level != ApprovalLevel.A0


def foresee(case: Case, *, wanted: Wanted, statement: StatementForm, now: datetime) -> Foresight:
    """Ask the guard without asking for the measure."""
    matter = read_matter(case)
    demand = demand_of(matter, wanted, now=now)
    ground = matter.ground_of(wanted.clause)
    code = statement_language(case.language)
    text = ""
    clause = matter.clause(wanted.clause)
    if wanted.kind in TOLD and not wanted.is_bulk and clause is not None:
        text = word_statement(
            wanted.kind,
            facts=statement.facts.strip() or suggest_facts(ground, language=code),
            rule=clause.text(code).title or clause.id,
            language=code,
            written_at=case.comment.published_at,
            until=wanted.until,
        )
    return Foresight(
        codes=objections(matter, wanted, now=now),
        level=demand.level,
        is_before=demand.is_before,
        needs_apart=matter.is_criticism and tier_of(ground) is not Tier.A,
        statement=text,
        language=code,
    )
