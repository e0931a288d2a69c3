"""Phrases with classes, endings and gaps, found in one pass; cost is bounded by construction.

A phrase is written as words with blanks between: `word`, `stem*` (begins so), `*ending` (ends so),
`a|b_c*` (one of; `_` joins words), `<class>` (a list of the language file; its members may be
several words), `#` (a number), `..3` (up to three words of anything), a trailing `?` (may be
absent), and a leading `^` (only where a sentence begins). Case, Latin marks and elongation do not
count. A phrase never reaches from one sentence into the next. ` & ` joins phrases that stand in the
same sentence in any order, and ` & ! ` one that must not (`cost* & refund* & ! <we>`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from amends_engine.text.normalise import fold_diacritics, normalise_text
from amends_engine.text.phrases import PhraseError

MAX_GAP = 8
MAX_EXPANSIONS = 600
"""How many plain phrases one line may stand for."""

Classes = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text: folded keys, bounds in the text as given, sentence of each."""

    keys: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    sentences: tuple[int, ...]
    numbers: frozenset[int]
    """Places that hold a number, in figures or in words."""


@dataclass(frozen=True, slots=True)
class Place:
    """One place in a phrase: what fits there, after a gap of at most `gap` words."""

    exact: frozenset[str]
    stems: tuple[str, ...]
    endings: tuple[str, ...]
    is_number: bool
    gap: int = 0

    def fits(self, key: str, *, is_number: bool) -> bool:
        return (
            key in self.exact
            or (bool(self.stems) and key.startswith(self.stems))
            or (bool(self.endings) and key.endswith(self.endings))
            or (self.is_number and is_number)
        )


@dataclass(frozen=True, slots=True)
class Phrase:
    """A plain phrase; `is_first` means that it holds only at the begin of a sentence."""

    places: tuple[Place, ...]
    is_first: bool


@dataclass(frozen=True, slots=True)
class Joint:
    """Phrases of one line that belong together: parts to be there, parts not to be there."""

    owner: int
    wanted: frozenset[int]
    barred: frozenset[int]


@dataclass(frozen=True, slots=True)
class Hit:
    """Words [first, last] of the text match a phrase of `owner`."""

    owner: int
    first: int
    last: int


class PatternBook:
    """Phrases of many owners, found together."""

    def __init__(self, lines: Mapping[int, Sequence[str]], *, classes: Classes) -> None:
        """Compile; raise PhraseError, with the line, for one that cannot be understood."""
        self._exact: dict[str, list[tuple[int, Phrase]]] = defaultdict(list)
        self._stems: dict[str, list[tuple[int, Phrase]]] = defaultdict(list)
        self._endings: dict[str, list[tuple[int, Phrase]]] = defaultdict(list)
        self._numbers: list[tuple[int, Phrase]] = []
        self._joints: list[Joint] = []
        self._joint_of: list[int] = []
        for owner, several in lines.items():
            for line in several:
                self._add_line(owner, line, classes)
        self._stem_lengths = sorted({len(stem) for stem in self._stems})
        self._ending_lengths = sorted({len(ending) for ending in self._endings})

    def _add_line(self, owner: int, line: str, classes: Classes) -> None:
        wanted, barred = split_line(line)
        if len(wanted) == 1 and not barred:
            for phrase in parse_line(line, classes=classes):
                self._add(owner, phrase)
            return
        # Parts have owners of their own, below zero, until they are put together.
        numbers = []
        for part in (*wanted, *barred):
            self._joint_of.append(len(self._joints))
            numbers.append(-len(self._joint_of))
            for phrase in parse_line(part, classes=classes):
                self._add(numbers[-1], phrase)
        self._joints.append(
            Joint(owner, frozenset(numbers[: len(wanted)]), frozenset(numbers[len(wanted) :]))
        )

    def _add(self, owner: int, phrase: Phrase) -> None:
        first = phrase.places[0]
        for key in first.exact:
            self._exact[key].append((owner, phrase))
        for stem in first.stems:
            self._stems[stem].append((owner, phrase))
        for ending in first.endings:
            self._endings[ending].append((owner, phrase))
        if first.is_number:
            self._numbers.append((owner, phrase))

    def find(self, words: Words) -> list[Hit]:
        """Return every hit, in the order of the text."""
        hits: list[Hit] = []
        parts: dict[tuple[int, int], dict[int, Hit]] = defaultdict(dict)
        for at, key in enumerate(words.keys):
            for owner, phrase in self._candidates(key, is_number=at in words.numbers):
                last = _match(phrase, words, at)
                if last < 0:
                    continue
                if owner >= 0:
                    hits.append(Hit(owner, at, last))
                else:
                    place = (words.sentences[at], self._joint_of[-owner - 1])
                    parts[place].setdefault(owner, Hit(owner, at, last))
        if parts:
            hits += self._join(parts)
            hits.sort(key=lambda hit: (hit.first, hit.last))
        return hits

    def _join(self, parts: Mapping[tuple[int, int], Mapping[int, Hit]]) -> Iterator[Hit]:
        """Yield a hit, from the first to the last part, where a sentence holds what is wanted."""
        for (_, number), found in parts.items():
            joint = self._joints[number]
            if joint.wanted <= found.keys() and not joint.barred & found.keys():
                wanted = [found[part] for part in joint.wanted]
                yield Hit(
                    joint.owner, min(hit.first for hit in wanted), max(hit.last for hit in wanted)
                )

    def _candidates(self, key: str, *, is_number: bool) -> Iterator[tuple[int, Phrase]]:
        yield from self._exact.get(key, ())
        for length in self._stem_lengths:
            if length > len(key):
                break
            yield from self._stems.get(key[:length], ())
        for length in self._ending_lengths:
            if length > len(key):
                break
            yield from self._endings.get(key[-length:], ())
        if is_number:
            yield from self._numbers


def _match(phrase: Phrase, words: Words, first: int) -> int:
    """Return the last word of the shortest match that begins at `first`, or -1.

    All places reached so far are carried on together, so that cost is places × gap, never a power.
    """
    sentence = words.sentences[first]
    if phrase.is_first and first and words.sentences[first - 1] == sentence:
        return -1
    reached = [first]
    for place in phrase.places[1:]:
        following: set[int] = set()
        for last in reached:
            for at in range(last + 1, min(last + 2 + place.gap, len(words.keys))):
                if words.sentences[at] != sentence:
                    break
                if place.fits(words.keys[at], is_number=at in words.numbers):
                    following.add(at)
        if not following:
            return -1
        reached = sorted(following)
    return reached[0]


def split_line(line: str) -> tuple[list[str], list[str]]:
    """Return the phrases of a line that have to stand in a sentence, and those that must not."""
    parts = [part.strip() for part in line.split(" & ")]
    wanted = [part for part in parts if not part.startswith("!")]
    if not wanted:
        raise PhraseError(f"'{line}': says only what must not be there")
    return wanted, [part[1:].strip() for part in parts if part.startswith("!")]


def parse_line(line: str, *, classes: Classes) -> list[Phrase]:
    """Return the plain phrases that a line stands for; raise PhraseError if it cannot be read."""
    parts = line.split()
    is_first = bool(parts) and parts[0] == "^"
    options: list[list[tuple[Place, ...]]] = []
    gap = 0
    for part in parts[1:] if is_first else parts:
        if part.startswith(".."):
            gap = _parse_gap(part, line=line, may_stand=bool(options) and not gap)
            continue
        options.append(_parse_part(part, gap=gap, classes=classes, line=line))
        gap = 0
    if not options or gap:
        raise PhraseError(f"'{line}': a phrase begins and ends with a word")
    phrases = []
    for count, chosen in enumerate(product(*options)):
        if count >= MAX_EXPANSIONS:
            raise PhraseError(f"'{line}': stands for more than {MAX_EXPANSIONS} phrases")
        places = tuple(place for sequence in chosen for place in sequence)
        if places:
            phrases.append(Phrase((replace(places[0], gap=0), *places[1:]), is_first))
    return phrases


def _parse_gap(part: str, *, line: str, may_stand: bool) -> int:
    if not part[2:].isdigit() or not 0 < int(part[2:]) <= MAX_GAP or not may_stand:
        raise PhraseError(f"'{line}': a gap is ..1 to ..{MAX_GAP}, between words")
    return int(part[2:])


def _parse_part(part: str, *, gap: int, classes: Classes, line: str) -> list[tuple[Place, ...]]:
    """Return the sequences of places that may stand for one part."""
    is_optional = len(part) > 1 and part.endswith("?")
    singles: list[str] = []
    several: list[list[str]] = []
    for choice in part.removesuffix("?").split("|"):
        for member in _members(choice, classes=classes, line=line):
            words = member.replace("_", " ").replace("-", " ").split()
            if not words:
                raise PhraseError(f"'{line}': an alternative is empty")
            if len(words) == 1:
                singles += words
            else:
                several.append(words)
    sequences: list[tuple[Place, ...]] = []
    if singles:
        sequences.append((_place(singles, gap=gap, line=line),))
    for words in several:
        first, *rest = words
        sequences.append(
            (
                _place([first], gap=gap, line=line),
                *(_place([word], gap=0, line=line) for word in rest),
            )
        )
    return [*sequences, ()] if is_optional else sequences


def _members(choice: str, *, classes: Classes, line: str) -> Sequence[str]:
    if not (choice.startswith("<") and choice.endswith(">")):
        return (choice,)
    name = choice[1:-1]
    if name not in classes:
        raise PhraseError(f"'{line}': there is no class '{name}'")
    return classes[name]


def _place(choices: Sequence[str], *, gap: int, line: str) -> Place:
    exact, stems, endings = set(), [], []
    is_number = False
    for choice in choices:
        if choice == "#":
            is_number = True
            continue
        bare = fold_word(choice.strip("*"))
        if not bare or not (bare.isalnum() or bare.startswith("⟨")):
            raise PhraseError(f"'{line}': '{choice}' is not a word")
        if choice.startswith("*") and choice.endswith("*"):
            raise PhraseError(f"'{line}': '{choice}' has a star on both sides")
        if choice.endswith("*"):
            stems.append(bare)
        elif choice.startswith("*"):
            endings.append(bare)
        else:
            exact.add(bare)
    return Place(frozenset(exact), tuple(stems), tuple(endings), is_number, gap)


def fold_word(word: str) -> str:
    """Return a word as the words of a text are compared: folded, without marks, no apostrophe."""
    return fold_diacritics(normalise_text(word).text).replace("'", "")
