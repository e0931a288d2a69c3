"""Find phrases of words and stems in a text; linear time, no regular expressions to run away.

A phrase is written as words with blanks between: `word` is that word, `stem*` any word that
begins so, `a|b*` one of several, `..3` up to three words of anything. Case, elongation and Latin
marks do not count (`şikayet*` finds `SIKAYETIM`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from amends_engine.text.normalise import Normalised, fold_diacritics, normalise_text

MAX_GAP = 6
_WORD = re.compile(r"⟨url⟩|⟨@⟩|[^\W_]+(?:'[^\W_]+)*")


class PhraseError(ValueError):
    """Raised for a phrase that cannot be understood; names the phrase."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text, folded, with their bounds in the text as given."""

    keys: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Element:
    """One place in a phrase: the words and stems that fit, after a gap of at most `gap` words."""

    exact: frozenset[str]
    stems: tuple[str, ...]
    gap: int

    def fits(self, key: str) -> bool:
        return key in self.exact or key.startswith(self.stems)


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a phrase of `owner` was found: words [first, last] of the text."""

    owner: int
    first: int
    last: int


def split_words(text: Normalised) -> Words:
    """Return the words of a normalised text."""
    plain = fold_diacritics(text.text)
    keys, spans = [], []
    for match in _WORD.finditer(plain):
        keys.append(match[0].replace("'", ""))
        spans.append(text.span(match.start(), match.end()))
    return Words(tuple(keys), tuple(spans))


class PhraseBook:
    """Phrases of many owners, found in one pass over the words of a text."""

    def __init__(self, phrases: Mapping[int, Sequence[str]]) -> None:
        """Compile the phrases of each owner; raise PhraseError for one that cannot be."""
        self._exact: dict[str, list[tuple[int, tuple[Element, ...]]]] = defaultdict(list)
        self._stems: dict[str, list[tuple[int, tuple[Element, ...]]]] = defaultdict(list)
        for owner, lines in phrases.items():
            for line in lines:
                self._add(owner, line)
        self._stem_lengths = sorted({len(stem) for stem in self._stems})

    def _add(self, owner: int, line: str) -> None:
        elements = parse_phrase(line)
        for key in elements[0].exact:
            self._exact[key].append((owner, elements))
        for stem in elements[0].stems:
            self._stems[stem].append((owner, elements))

    def find(self, words: Words) -> list[Hit]:
        """Return every hit, in the order of the text."""
        return [
            Hit(owner, first, last)
            for first, key in enumerate(words.keys)
            for owner, elements in self._candidates(key)
            if (last := _match_rest(elements, words.keys, first)) >= 0
        ]

    def _candidates(self, key: str) -> Iterator[tuple[int, tuple[Element, ...]]]:
        yield from self._exact.get(key, ())
        for length in self._stem_lengths:
            if length > len(key):
                break
            yield from self._stems.get(key[:length], ())


def parse_phrase(line: str) -> tuple[Element, ...]:
    """Return the elements of one phrase; raise PhraseError if it has none or a bad gap."""
    elements: list[Element] = []
    gap = 0
    for part in line.split():
        if part.startswith(".."):
            if not part[2:].isdigit() or not 0 < int(part[2:]) <= MAX_GAP or not elements:
                raise PhraseError(f"'{line}': a gap is ..1 to ..{MAX_GAP}, between words")
            gap = int(part[2:])
            continue
        elements.append(_parse_element(part, gap=gap, line=line))
        gap = 0
    if not elements or gap:
        raise PhraseError(f"'{line}': a phrase begins and ends with a word")
    return tuple(elements)


def _parse_element(part: str, *, gap: int, line: str) -> Element:
    exact, stems = set(), []
    for choice in part.split("|"):
        folded = fold_diacritics(normalise_text(choice.rstrip("*")).text).replace("'", "")
        if not folded or (not folded.startswith("⟨") and not folded.isalnum()):
            raise PhraseError(f"'{line}': '{choice}' is not a word")
        if choice.endswith("*"):
            stems.append(folded)
        else:
            exact.add(folded)
    return Element(frozenset(exact), tuple(stems), gap)


def _match_rest(elements: tuple[Element, ...], keys: tuple[str, ...], first: int) -> int:
    # Greedy from left: the nearest fitting word wins, so that cost stays linear.
    last = first
    for element in elements[1:]:
        for at in range(last + 1, min(last + 2 + element.gap, len(keys))):
            if element.fits(keys[at]):
                last = at
                break
        else:
            return -1
    return last
