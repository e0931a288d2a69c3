"""Find names that are written wrong: near enough to a term, and no ordinary word of any language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from amends_engine.text.match.distance import LONG_ENOUGH, NearWords, is_light
from amends_engine.text.match.fold import Folded, squeeze
from amends_engine.text.match.forms import Form, Stem, stems_of
from amends_engine.text.match.ordinary import is_ordinary
from amends_engine.text.match.terms import TermKind
from amends_engine.text.match.verify import Found, Tag, TagSpan, parts_of_tag

MIN_WORD = 4
MAX_WORD = 40
MAX_ENDING = 9
MEMORY = 50_000
"""Words whose reading is remembered, so that the frequent ones are compared once."""
_WORD = re.compile(r"[^\W\d_]{4,}")
_ANY_WORD = re.compile(r"[^\W_]+")
_JOINED = re.compile(r"['-]([^\W\d_]{1,12})(?![^\W_])")
_MAX_BETWEEN = 3


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a wrong word may be: the form, how many of its letters stand for it, how far off.

    `rank` is which word of the form it is.
    """

    form: Form
    size: int
    distance: int
    rank: int = 0


class MisspeltWords:
    """The words of all terms, by the strings that a slip of the finger leaves of them."""

    def __init__(self, forms: Sequence[Form]) -> None:
        whole = [one for one in forms if not (one.stem.needs_ending or one.distance)]
        # Forms in the other script are many; a slip in them is read by the likeliest alone.
        likely: dict[tuple[str, str, bool, int], Form] = {}
        for form in whole:
            key = (form.term.key, form.spelling, form.is_transliterated, len(form.more))
            likely.setdefault(key, form)
        self._near = NearWords(
            [
                (word, (form, rank))
                for form in likely.values()
                for rank, word in enumerate(_words(form))
            ]
        )
        self._squeezed: dict[str, list[Form]] = {}
        for form in whole:
            if not form.more and len(form.stem.text) >= MIN_WORD:
                self._squeezed.setdefault(squeeze(form.stem.text), []).append(form)
        self._memory: dict[str, tuple[_Reading, ...]] = {}

    def find(
        self,
        folded: Folded,
        text: str,
        *,
        tags: list[TagSpan],
        taken: Sequence[tuple[int, int]],
    ) -> list[Found]:
        """Words that were meant as a term, outside of the spans that are taken."""
        memory = self._memory
        found: list[Found] = []
        for match in _WORD.finditer(folded.text):
            readings = memory.get(match[0])
            if readings is None:
                readings = self._remember(match[0])
            if readings and not _is_taken(match.span(), taken):
                for one in readings:
                    found += _verify(one, match.span(), folded=folded, tags=tags)
        for tag in tags:
            found += self._find_in_tag(tag, folded, text, taken=taken)
        return found

    def _find_in_tag(
        self, tag: TagSpan, folded: Folded, text: str, *, taken: Sequence[tuple[int, int]]
    ) -> Iterator[Found]:
        """Its words one by one, where it has several: #LumbarraRezalet."""
        spans = list(parts_of_tag(tag, folded=folded, text=text))
        for span in spans if len(spans) > 1 else ():
            word = folded.text[slice(*span)]
            if len(word) < MIN_WORD or _is_taken(span, taken):
                continue
            readings = self._memory.get(word)
            for one in self._remember(word) if readings is None else readings:
                if not one.form.more:
                    yield _found(one, span, tag=tag.tag, ending=word[one.size :])

    def _remember(self, word: str) -> tuple[_Reading, ...]:
        if len(self._memory) >= MEMORY:
            self._memory.clear()
        readings = self._read(word) if len(word) <= MAX_WORD else ()
        self._memory[word] = readings
        return readings

    def _read(self, word: str) -> tuple[_Reading, ...]:
        """The nearest reading for each term; the longest part of the word that stands for it wins."""
        is_word = is_ordinary(word)
        best: dict[tuple[str, int, int], _Reading] = {}
        for size in range(len(word), max(MIN_WORD, len(word) - MAX_ENDING) - 1, -1):
            stem, ending = word[:size], word[size:]
            for one in self._near_forms(stem):
                key = (one.form.term.key, len(one.form.more), one.rank)
                if is_word and not _is_told_by_others(one.form):
                    continue
                known = best.get(key)
                is_nearer = known is None or one.distance < known.distance
                if is_nearer and _takes(one, stem, ending):
                    best[key] = one
        return tuple(best.values())

    def _near_forms(self, stem: str) -> list[_Reading]:
        near = [
            _Reading(form, len(stem), far, rank)
            for far, _word, (form, rank) in self._near.find(stem)
        ]
        return near + [
            _Reading(form, len(stem), 1)
            for form in self._squeezed.get(squeeze(stem), ())
            if form.stem.text != stem and len(stem) > len(form.stem.text)
        ]


def _words(form: Form) -> list[str]:
    return [form.stem.text, *(stems[0].text for stems in form.more)]


def _is_told_by_others(form: Form) -> bool:
    """Whether the other words of a name tell it, so that the wrong one may be an ordinary word (Bakkerij
    Holt); of people not, since a similar name is somebody else's."""
    return bool(form.more) and form.term.kind is not TermKind.PERSON


def _takes(reading: _Reading, stem: str, ending: str) -> bool:
    """Whether the wrong word may end so; on a short name only where the name still shows through."""
    right = _stem(reading)
    if not ending:
        return True
    if len(right.text) < LONG_ENOUGH and not is_light(stem, right.text):
        return False
    grammars = {grammar.language: grammar for grammar in reading.form.grammars}
    raw = (right.text, ending)
    return any(
        one.fits(ending) and grammars[one.language].accepts(right.text, ending, raw=raw, joiner="")
        for one in right.classes
    )


def _stem(reading: _Reading) -> Stem:
    return reading.form.more[reading.rank - 1][0] if reading.rank else reading.form.stem


def _is_taken(span: tuple[int, int], taken: Sequence[tuple[int, int]]) -> bool:
    return any(first < span[1] and span[0] < last for first, last in taken)


def _verify(
    reading: _Reading, span: tuple[int, int], *, folded: Folded, tags: list[TagSpan]
) -> Iterator[Found]:
    """The reading as found, where the other words of its form stand around it."""
    start, end = span
    tag = next((one.tag for one in tags if one.start <= start < one.end), Tag.NONE)
    form = reading.form
    if form.more:
        around = _around(reading, span, folded)
        if around is None:
            return
        start, end = around[0], max(end, around[1])
    ending = folded.text[span[0] + reading.size : span[1]]
    joined = _JOINED.match(folded.text, end)
    if joined and any(one.fits(ending + joined[1]) for one in _stem(reading).classes):
        ending, end = ending + joined[1], joined.end()
    yield _found(reading, (start, end), tag=tag, ending=ending)


def _around(reading: _Reading, span: tuple[int, int], folded: Folded) -> tuple[int, int] | None:
    """From where to where the words of a form stand, the wrong one among them; None if one is missing."""
    form, rank = reading.form, reading.rank
    words = [stems_of(form.stem.text, form.grammars), *form.more]
    start, end = span
    text = folded.text
    window = text[max(start - 200, 0) : start]
    before = [(m.start() - len(window) + start, m[0]) for m in _ANY_WORD.finditer(window)]
    before = before[len(before) - rank :] if rank else []
    if len(before) < rank:
        return None
    for (_at, word), stems in zip(before, words, strict=False):
        if not _fits(word, stems):
            return None
    last = end
    for stems in words[rank + 1 :]:
        match = _ANY_WORD.search(text, last, last + 80)
        if match is None or match.start() - last > _MAX_BETWEEN or not _fits(match[0], stems):
            return None
        last = match.end()
    return (before[0][0] if before else start), last


def _fits(word: str, stems: tuple[Stem, ...]) -> bool:
    return any(
        word.startswith(stem.text)
        and (
            (word == stem.text and not stem.needs_ending)
            or any(one.fits(word[len(stem.text) :]) for one in stem.classes)
        )
        for stem in stems
    )


def _found(reading: _Reading, span: tuple[int, int], *, tag: Tag, ending: str) -> Found:
    return Found(reading.form, span[0], span[1], ending=ending, tag=tag, distance=reading.distance)
