"""The checks in order: the table of contents of the linter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from amends_engine.lint.checks import (
    acknowledge,
    apology,
    facts,
    handover,
    law,
    manner,
    privacy,
    promise,
    speech,
)
from amends_engine.lint.draft import Draft
from amends_engine.lint.finding import Remark


@dataclass(frozen=True, slots=True)
class Check:
    """A check, the function that looks, and the instructions and studies that ask for it."""

    id: str
    look: Callable[[Draft], Iterator[Remark]]
    sources: tuple[str, ...]


CHECKS = (
    Check("Q01", acknowledge.names_the_issue, ("S4.29", "S3.12", "S2.39")),
    Check("Q02", apology.owns_the_fault, ("S0.31", "S3.16", "S4.26", "S4.30", "R5", "R6")),
    Check("Q03", apology.has_no_non_apology, ("S0.28", "S4.28", "R6")),
    Check("Q04", promise.says_what_and_when, ("S0.29", "S3.19", "R24", "R29")),
    Check("Q05", promise.keeps_a_register, ("S0.32", "S3.15", "S4.31")),
    Check("Q06", handover.hands_over_well, ("S1.25", "S1.26", "S3.22", "S4.32")),
    Check("Q07", apology.is_not_defensive, ("S4.20", "S4.21", "R31")),
    Check("Q08", manner.puts_no_blame, ("S2.42", "S3.18")),
    Check("Q09", manner.mocks_nobody, ("S2.42",)),
    Check("Q10", manner.keeps_calm, ("S0.22", "S2.14", "S3.1")),
    Check("Q11", law.speaks_no_law, ("S3.18", "R5")),
    Check("Q12", acknowledge.is_not_canned, ("S2.20", "S2.21", "R20")),
    Check("Q13", acknowledge.has_human_voice, ("S2.8", "S2.22", "S1.23", "R35")),
    Check("Q14", speech.answers_in_their_language, ("S4.6",)),
    Check("Q15", speech.keeps_one_address, ("S2.8", "S1.23")),
    Check("Q16", privacy.exposes_nobody, ("S1.26", "S3.24")),
    Check("Q17", facts.does_not_debate, ("S2.29", "S2.30", "S3.25")),
    Check("Q18", acknowledge.asks_when_vague, ("S2.26", "S2.27", "R27")),
    Check("Q19", handover.gives_nothing_in_public, ("R20",)),
    Check("Q20", facts.does_not_guess, ("S1.6", "S3.15", "S3.17")),
    Check("Q21", facts.has_the_right_length, ("S2.17", "S3.21")),
    Check("Q22", facts.stands_alone, ("S0.26", "S2.36")),
    Check("Q23", handover.makes_no_bargain, ("S0.11", "S2.11", "S3.6")),
    Check("Q24", facts.tells_the_true_status, ("S3.15",)),
    Check("Q25", manner.is_grave_where_due, ("S2.7", "S2.13")),
    Check("Q26", law.states_reasons_fully, ("S3.29", "S0.13", "R9")),
    Check("Q27", apology.apologises_before_solving, ("S2.38", "R6")),
    Check("Q28", manner.closes_constructively, ("S2.13",)),
    Check("Q29", handover.discloses_affiliation, ("R7", "R34")),
    Check("Q30", manner.slights_no_group, ("S2.42", "S3.9")),
)
"""Order of the rubric; findings are sorted by their place in the text afterwards."""
