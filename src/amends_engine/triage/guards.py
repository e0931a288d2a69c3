"""Guards: what stands near a phrase and turns its meaning round.

"I won't sue", "should I sue?", "he shouted that he would kill us": the words of the rule are
there, the step is not. A guard names the fields that it silences, its phrases, and within how many
words `before` or `after` the rule's words it must stand; inside these words it always counts. It
does not reach over the end of a clause unless it says `across`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from amends_engine.text.phrases import Hit, PhraseBook, Words, parse_phrase


@dataclass(frozen=True, slots=True)
class Guard:
    """One guard; `fields` holds fields (`legal_threat`) or fields with label (`severity:high`)."""

    id: str
    fields: tuple[str, ...]
    phrases: tuple[str, ...]
    before: int
    after: int
    across: bool


class GuardBook:
    """The guards of one file, compiled."""

    def __init__(self, guards: Sequence[Guard]) -> None:
        """Compile; raise PhraseError for a phrase that cannot be understood."""
        self.guards = tuple(guards)
        self._phrases = PhraseBook({at: guard.phrases for at, guard in enumerate(guards)})
        self._by_field: Mapping[str, Sequence[int]] = _by_field(guards)
        lines = [line for guard in guards for line in guard.phrases]
        self._longest = max(map(_count_words, lines), default=0)
        self._farthest = max((max(guard.before, guard.after) for guard in guards), default=0)

    def silences(self, field: str, label: str) -> frozenset[int]:
        """Return which guards may silence a rule of this field and label."""
        return frozenset(
            (*self._by_field.get(field, ()), *self._by_field.get(f"{field}:{label}", ()))
        )

    def find(self, words: Words) -> list[Hit]:
        """Return where guards stand in a text."""
        return self._phrases.find(words)

    def is_silenced(
        self, hit: Hit, *, by: frozenset[int], guards: Sequence[Hit], words: Words
    ) -> bool:
        """Return whether one of the guards `by`, found at `guards`, turns this hit round.

        `guards` is in the order of the text; only those within reach are looked at.
        """
        earliest = hit.first - self._farthest - self._longest
        first = bisect_left(guards, earliest, key=_first_word)
        behind = bisect_right(guards, hit.last + self._farthest, key=_first_word)
        return any(
            guards[at].owner in by and self._reaches(guards[at], hit=hit, words=words)
            for at in range(first, behind)
        )

    def _reaches(self, found: Hit, *, hit: Hit, words: Words) -> bool:
        guard = self.guards[found.owner]
        if found.last < hit.first:
            if hit.first - found.last > guard.before:
                return False
            return guard.across or not words.has_clause_end(found.last, hit.first)
        if found.first > hit.last:
            if found.first - hit.last > guard.after:
                return False
            return guard.across or not words.has_clause_end(hit.last, found.first)
        return True


def _by_field(guards: Sequence[Guard]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = defaultdict(list)
    for at, guard in enumerate(guards):
        for field in guard.fields:
            places[field].append(at)
    return places


def _first_word(hit: Hit) -> int:
    return hit.first


def _count_words(line: str) -> int:
    """Return over how many words a phrase may reach."""
    return sum(1 + element.gap for element in parse_phrase(line))
