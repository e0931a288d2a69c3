"""Find phrases of words and stems in a text; linear time, no regular expressions to run away.

A phrase is written as words with blanks between: `word` is that word, `stem*` any word that
begins so, `a|b*` one of several, `..3` up to three words of anything; `^` before the first word
says that it opens a clause, or follows the word that does. Case, elongation and Latin
marks do not count (`şikayet*` finds `SIKAYETIM`), nor do digits for letters inside a word
(`b0nus`), letters set apart (`s l o t`) and the Indonesian 2 for a doubled word (`barang2`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from amends_engine.text.normalise import Normalised, fold_diacritics, normalise_text

MAX_GAP = 6
CACHED_WORDS = 1 << 15
"""How many words a process remembers; a word is most often one that was met before."""

CACHED_LENGTH = 24
"""Longer words are rare and could fill the memory, so they are read anew each time."""

LETTERS_APART = 4
"""Single letters in a row from which they are read as one word."""

COMMON = frozenset(
    {
        "i", "my", "we", "you", "the", "a", "to", "is", "are", "was", "im", "it", "this", "that",
        "they", "he", "she", "his", "her", "your", "our", "can", "will", "do", "be", "in", "on",
        "at", "for", "of", "and", "so", "not", "no", "get", "have", "ve", "ll", "bir", "bu", "su",
        "o", "ne", "ben", "sen", "biz", "siz", "de", "da", "ile", "mi", "mu", "var", "yok", "icin",
        "daha", "cok", "saya", "aku", "gue", "gua", "gw", "kami", "kita", "ini", "itu", "di", "ke",
        "yang", "ada", "mau", "bisa", "tidak", "gak", "ga", "nggak", "dia", "kalau", "kalo", "sama",
        "я", "мы", "вы", "ты", "он", "она", "они", "не", "в", "на", "с", "и", "а", "но", "что",
        "как", "за", "по", "у", "к", "мне", "вам", "нас", "вас", "это", "бы", "ли", "от", "до",
        "мой", "ваш", "ik", "je", "jij", "jullie", "u", "wij", "ze", "zij", "hij", "het", "een",
        "op", "van", "voor", "naar", "met", "te", "niet", "geen", "en", "mijn", "er", "dat", "die",
    }
)  # fmt: skip
"""Words that most texts hold; a phrase is looked up by another of its words where it has one."""

_WORD = re.compile(r"⟨url⟩|⟨@⟩|[^\W_]+(?:'[^\W_]+)*")
_DIGIT_INSIDE = re.compile(r"[^\W\d_]\d+[^\W\d_]")
_DIGITS_AS_LETTERS = str.maketrans("013457", "oieast")
_DOUBLED = re.compile(r"([a-z]{3,})2(nya|an|ku|mu|lah|kah)?")
_CLAUSE_ENDS = re.compile(r"[.,;:!?…()\n—–]")


class PhraseError(ValueError):
    """Raised for a phrase that cannot be understood; names the phrase."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text, folded, and where each stands in the normalised text."""

    keys: tuple[str, ...]
    text: Normalised
    bounds: Sequence[tuple[int, int]]

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """The bounds of every word in the text as given."""
        return tuple(self.text.span(start, end) for start, end in self.bounds)

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Return the bounds in the text as given of the words `first` to `last`."""
        return self.text.span(self.bounds[first][0], self.bounds[last][1])

    def opens_clause(self, at: int) -> bool:
        """Return whether word `at` is the first or second of a clause."""
        return at <= 1 or self.has_clause_end(at - 2, at)

    def has_clause_end(self, before: int, after: int) -> bool:
        """Return whether a mark that ends a clause stands between two words of the text."""
        between = self.text.text[self.bounds[before][1] : self.bounds[after][0]]
        return _CLAUSE_ENDS.search(between) is not None


@dataclass(frozen=True, slots=True)
class Element:
    """One place in a phrase: the words and stems that fit, after a gap of at most `gap` words.

    `opens`: it must open a clause (the first element only).
    """

    exact: frozenset[str]
    stems: tuple[str, ...]
    gap: int
    opens: bool = False

    def fits(self, key: str) -> bool:
        return key in self.exact or key.startswith(self.stems)


Phrase = tuple[int, tuple[Element, ...], int]
"""Whose phrase it is, its elements, and which of them it is looked up by (its anchor)."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a phrase of `owner` was found: words [first, last] of the text."""

    owner: int
    first: int
    last: int


def split_words(text: Normalised) -> Words:
    """Return the words of a normalised text."""
    words, bounds = [], []
    for match in _WORD.finditer(text.text):
        words.append(match[0])
        bounds.append(match.span())
    keys = [_known_key(word) if len(word) <= CACHED_LENGTH else _key(word) for word in words]
    if sum([len(key) == 1 for key in keys]) >= LETTERS_APART:
        keys, bounds = _join_letters(keys, bounds, text.text)
    return Words(tuple(keys), text, bounds)


def _key(word: str) -> str:
    key = fold_diacritics(word).replace("'", "")
    if _DIGIT_INSIDE.search(key):
        doubled = _DOUBLED.fullmatch(key)
        if doubled:
            return doubled[1] + (doubled[2] or "")
        return key.translate(_DIGITS_AS_LETTERS)
    return key[:-1] if key.endswith("2") and _DOUBLED.fullmatch(key) else key


_known_key = lru_cache(maxsize=CACHED_WORDS)(_key)


def _is_letter(key: str) -> bool:
    return len(key) == 1 and key.isalpha()


def _join_letters(
    keys: list[str], bounds: list[tuple[int, int]], text: str
) -> tuple[list[str], list[tuple[int, int]]]:
    """Join single letters that follow each other with one and the same character between."""
    joined_keys: list[str] = []
    joined_bounds: list[tuple[int, int]] = []
    at = 0
    while at < len(keys):
        behind = at + 1
        if _is_letter(keys[at]):
            while behind < len(keys) and _continues(keys, bounds, text, at=at, behind=behind):
                behind += 1
        if behind - at >= LETTERS_APART:
            joined_keys.append("".join(keys[at:behind]))
            joined_bounds.append((bounds[at][0], bounds[behind - 1][1]))
        else:
            joined_keys += keys[at:behind]
            joined_bounds += bounds[at:behind]
        at = behind
    return joined_keys, joined_bounds


def _continues(
    keys: list[str], bounds: list[tuple[int, int]], text: str, *, at: int, behind: int
) -> bool:
    if not _is_letter(keys[behind]):
        return False
    between = text[bounds[behind - 1][1] : bounds[behind][0]]
    return len(between) == 1 and between == text[bounds[at][1] : bounds[at + 1][0]]


class PhraseBook:
    """Phrases of many owners, found in one pass over the words of a text."""

    def __init__(self, phrases: Mapping[int, Sequence[str]]) -> None:
        """Compile the phrases of each owner; raise PhraseError for one that cannot be."""
        self._exact: dict[str, list[Phrase]] = defaultdict(list)
        self._stems: dict[str, list[Phrase]] = defaultdict(list)
        for owner, lines in phrases.items():
            for line in lines:
                self._add(owner, line)
        self._stem_lengths = sorted({len(stem) for stem in self._stems})
        self._known = lru_cache(maxsize=CACHED_WORDS)(self._candidates)

    def _add(self, owner: int, line: str) -> None:
        elements = parse_phrase(line)
        anchor = _choose_anchor(elements)
        for key in elements[anchor].exact:
            self._exact[key].append((owner, elements, anchor))
        for stem in elements[anchor].stems:
            self._stems[stem].append((owner, elements, anchor))

    def find(self, words: Words) -> list[Hit]:
        """Return every hit, in the order of the text."""
        if not self._exact and not self._stems:
            return []
        hits: dict[Hit, None] = {}
        keys, known = words.keys, self._known
        for at, key in enumerate(keys):
            found = known(key) if len(key) <= CACHED_LENGTH else self._candidates(key)
            for owner, elements, anchor in found:
                firsts = _first_words(elements, keys, at=at, anchor=anchor) if anchor else (at,)
                for first in firsts:
                    last = _match_rest(elements, keys, first)
                    if last >= 0 and (not elements[0].opens or words.opens_clause(first)):
                        hits[Hit(owner, first, last)] = None
        return sorted(hits, key=_first_word)

    def _candidates(self, key: str) -> tuple[Phrase, ...]:
        found = list(self._exact.get(key, ()))
        for length in self._stem_lengths:
            if length > len(key):
                break
            found += self._stems.get(key[:length], ())
        return tuple(found)


def _choose_anchor(elements: tuple[Element, ...]) -> int:
    """Return the first element without a common word, 0 if each has one."""
    for at, element in enumerate(elements):
        if COMMON.isdisjoint(element.exact):
            return at
    return 0


def _first_words(
    elements: tuple[Element, ...], keys: tuple[str, ...], *, at: int, anchor: int
) -> Sequence[int]:
    """Return the words with which a phrase may begin whose anchor (not 0) stands at word `at`."""
    farthest = sum([1 + element.gap for element in elements[1 : anchor + 1]])
    fits = elements[0].fits
    return [first for first in range(max(0, at - farthest), at) if fits(keys[first])]


def _first_word(hit: Hit) -> int:
    return hit.first


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
        opens = part.startswith("^") and not elements
        elements.append(_parse_element(part[opens:], gap=gap, opens=opens, line=line))
        gap = 0
    if not elements or gap:
        raise PhraseError(f"'{line}': a phrase begins and ends with a word")
    return tuple(elements)


def _parse_element(part: str, *, gap: int, opens: bool, line: str) -> Element:
    exact, stems = set(), []
    for choice in part.split("|"):
        folded = fold_diacritics(normalise_text(choice.rstrip("*")).text).replace("'", "")
        if not folded or (not folded.startswith("⟨") and not folded.isalnum()):
            raise PhraseError(f"'{line}': '{choice}' is not a word")
        if choice.endswith("*"):
            stems.append(folded)
        else:
            exact.add(folded)
    return Element(frozenset(exact), tuple(stems), gap, opens)


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
