"""Find the terms of a brand in a text, each with the reason why it counts.

First Aho–Corasick over the folded text for every stem of every form; each candidate is then
verified: where its word begins, what hangs on it, whether it stands in a hashtag. Words in which
nothing was found and which are no ordinary ones are compared with the terms letter by letter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from amends_engine.text.match.automaton import Automaton
from amends_engine.text.match.fold import Folded, fold_text, unmask
from amends_engine.text.match.forms import Form, forms_of
from amends_engine.text.match.misspelt import MisspeltWords
from amends_engine.text.match.terms import Term, check_terms, words_of
from amends_engine.text.match.verify import Candidate, Found, Tag, find_tags, verify

MAX_MATCHES = 200
"""Matches of one text; a text that repeats a name for ever is cut there."""
_PENALTY = 0.15


class MatchKind(StrEnum):
    """Why a place in a text counts as a term; what departs most from the name as written."""

    EXACT = "exact"
    INFLECTED = "inflected"
    HASHTAG = "hashtag"
    TRANSLITERATED = "transliterated"
    MISSPELT = "misspelt"


_SCORES = {
    MatchKind.EXACT: 1.0,
    MatchKind.INFLECTED: 0.95,
    MatchKind.HASHTAG: 0.9,
    MatchKind.TRANSLITERATED: 0.85,
    MatchKind.MISSPELT: 0.85,
}


@dataclass(frozen=True, slots=True)
class Match:
    """A term at [start, end) of the text as given, in code points.

    `spelling` is the name or variant that was met; `beginning` and `ending` are the folded letters
    that stand before it and hang on it, `language` whose they are; `tag` is # or @ where it stands
    in a hashtag or handle; `distance` counts wrong letters; `score` lies in (0, 1].
    """

    term: Term
    start: int
    end: int
    kind: MatchKind
    spelling: str
    beginning: str = ""
    ending: str = ""
    language: str = ""
    tag: str = ""
    distance: int = 0
    score: float = 1.0


class Matcher:
    """The terms of one brand, compiled; immutable but for a bounded memory of words.

    Raises TermError for terms that cannot be used.
    """

    def __init__(self, terms: Iterable[Term]) -> None:
        self.terms = check_terms(terms)
        forms = [form for term in self.terms for form in forms_of(term)]
        self._forms: dict[str, list[Form]] = defaultdict(list)
        for form in forms:
            self._forms[form.stem.text].append(form)
        self._excluded: dict[str, list[tuple[Term, bool]]] = defaultdict(list)
        for term in self.terms:
            self._exclude(term)
        self._automaton = Automaton([*self._forms, *self._excluded])
        self._misspelt = MisspeltWords(forms)

    def find(self, text: str) -> tuple[Match, ...]:
        """Every match, in the order of the text; of overlapping ones of a term the best."""
        folded = fold_text(text)
        found, excluded = self._find_in(folded, text)
        read = unmask(folded.text)
        if read is not None:
            plain = Folded(read, folded.places, folded.length)
            masked, _ = self._find_in(plain, text)
            seen = {(one.form.term.key, one.start) for one in found}
            found += [
                replace(one, is_masked=True)
                for one in masked
                if (one.form.term.key, one.start) not in seen
            ]
        matches = (_match(one, folded) for one in found[: 4 * MAX_MATCHES])
        kept = [one for one in matches if not _is_excluded(one, excluded, folded)]
        return _best(kept)

    def _find_in(
        self, folded: Folded, text: str
    ) -> tuple[list[Found], list[tuple[Term, bool, int, int]]]:
        tags = find_tags(folded, text)
        found: list[Found] = []
        excluded: list[tuple[Term, bool, int, int]] = []
        for end, pattern in self._automaton.find(folded.text):
            if len(found) >= 4 * MAX_MATCHES:
                break
            start = end - len(pattern)
            for term, is_inside in self._excluded.get(pattern, ()):
                if _is_word_start(folded.text, start):
                    excluded.append((term, is_inside, start, end))
            for form in self._forms.get(pattern, ()):
                one = verify(Candidate(form, start, end), folded=folded, text=text, tags=tags)
                if one is not None:
                    found.append(one)
        taken = [(one.start, one.end) for one in found]
        found += self._misspelt.find(folded, text, tags=tags, taken=taken)
        return found, excluded

    def _exclude(self, term: Term) -> None:
        names = {words_of(one) for one in term.spellings}
        for phrase in term.exclusions:
            words = words_of(phrase)
            is_inside = any(_holds(words, name) for name in names)
            self._excluded[" ".join(words)].append((term, is_inside))


def _match(found: Found, folded: Folded) -> Match:
    start, end = folded.span(found.start, found.end)
    kind = _kind(found)
    score = _SCORES[kind] - _PENALTY * max(found.distance - 1, 0)
    if found.ending and kind is not MatchKind.INFLECTED:
        score -= 0.05
    return Match(
        term=found.form.term,
        start=start,
        end=end,
        kind=kind,
        spelling=found.form.spelling,
        beginning=found.beginning,
        ending=found.ending,
        language=found.language,
        tag=found.tag.value,
        distance=found.distance,
        score=round(max(score, 0.05), 3),
    )


def _kind(found: Found) -> MatchKind:
    if found.distance:
        return MatchKind.MISSPELT
    if found.form.is_transliterated or found.is_masked:
        return MatchKind.TRANSLITERATED
    if found.tag is not Tag.NONE:
        return MatchKind.HASHTAG
    is_changed = found.ending or found.beginning
    return MatchKind.INFLECTED if is_changed else MatchKind.EXACT


def _is_excluded(match: Match, excluded: list[tuple[Term, bool, int, int]], folded: Folded) -> bool:
    for term, is_inside, start, end in excluded:
        if term.key != match.term.key:
            continue
        if not is_inside:
            return True
        first, last = folded.span(start, end)
        if first < match.end and match.start < last:
            return True
    return False


def _best(matches: list[Match]) -> tuple[Match, ...]:
    kept: list[Match] = []
    taken: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for one in sorted(matches, key=lambda m: (m.start - m.end, -m.score, m.start)):
        spans = taken[one.term.key]
        if all(one.end <= start or end <= one.start for start, end in spans):
            spans.append((one.start, one.end))
            kept.append(one)
    kept.sort(key=lambda one: (one.start, one.end, one.term.key))
    return tuple(kept[:MAX_MATCHES])


def _is_word_start(text: str, at: int) -> bool:
    return at == 0 or not text[at - 1].isalnum()


def _holds(words: tuple[str, ...], name: tuple[str, ...]) -> bool:
    return any(words[at : at + len(name)] == name for at in range(len(words) - len(name) + 1))
