"""Q11 no legalese, Q26 a complete statement of reasons."""

from __future__ import annotations

from collections.abc import Iterator

from amends_engine.lint.draft import Draft
from amends_engine.lint.finding import Level, Remark

PARTS = ("sor_what", "sor_rule", "sor_fact", "sor_scope", "sor_automation", "sor_appeal")
"""Beside these a statement says when, and the term of the appeal."""


def speaks_no_law(draft: Draft) -> Iterator[Remark]:
    """Q11: no clause numbers, reserved rights or evasion; graver where we are at fault."""
    if draft.context.counsel_approved:
        return
    level: Level = "block" if draft.context.is_at_fault else "warn"
    if not draft.is_statement_of_reasons:
        yield from draft.at_hits("Q11", level, "legalese")
    yield from draft.at_hits("Q11.evasion", level, "evasion")


def states_reasons_fully(draft: Draft) -> Iterator[Remark]:
    """Q26: what was done, when, by which rule, for what, how far, by whom, and how to appeal."""
    removals = draft.reply.find("removal")
    if not draft.is_statement_of_reasons and not removals:
        return
    missing = [part for part in PARTS if not draft.reply.has(part)]
    if not draft.reply.has("sor_when") and not draft.exact_times:
        missing.append("sor_when")
    if not draft.reply.has("sor_term"):
        missing.append("sor_term")
    if missing:
        yield draft.at_hit("Q26", "block", removals[0]) if removals else Remark("Q26", "block")
