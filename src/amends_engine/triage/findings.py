"""What rules and plain signs found in one text: evidence, not yet weighed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from amends_engine.text.personal_data import PersonalDatum
from amends_engine.triage.rulebook import Match

NEAR = 12
"""Code points between an insult and the word for a person at whom it is taken to aim."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What the rules and plain signs found in one text."""

    matches: Sequence[Match]
    personal_data: Sequence[PersonalDatum]
    word_count: int
    capital_share: float
    exclamations: int
    has_question_mark: bool
    has_link: bool

    def best(self, field: str, label: str | None = None) -> float:
        """Return the highest score of the rules met for a field (and label), 0 if none."""
        scores = [
            match.rule.score
            for match in self.matches
            if match.rule.field == field and (label is None or match.rule.label == label)
        ]
        return max(scores, default=0.0)

    def has(self, field: str, label: str | None = None) -> bool:
        return self.best(field, label) > 0


def find_targeted_insult(matches: Sequence[Match]) -> bool:
    """Return whether an insult stands beside a word for a person."""
    insults = [match for match in matches if match.rule.field == "insult"]
    at_person = [match for match in matches if match.rule.field == "you"]
    return any(_are_near(insult, person) for insult in insults for person in at_person)


def _are_near(insult: Match, person: Match) -> bool:
    gap = max(insult.start - person.end, person.start - insult.end)
    return gap <= NEAR
