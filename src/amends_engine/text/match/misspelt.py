"""Find names that are written wrong: near enough to a term, and no ordinary word of any language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from amends_engine.text.match.distance import NearWords
from amends_engine.text.match.fold import Folded, squeeze
from amends_engine.text.match.forms import Form
from amends_engine.text.match.ordinary import is_ordinary
from amends_engine.text.match.verify import Found, Tag, TagSpan

MIN_WORD = 4
MAX_WORD = 40
MAX_ENDING = 9
MEMORY = 50_000
"""Words whose reading is remembered, so that the frequent ones are compared once."""
_WORD = re.compile(r"[^\W\d_]{4,}")
_JOINED = re.compile(r"['-]([^\W\d_]{1,12})(?![^\W_])")


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a wrong word may be: the form, how many of its letters stand for it, how far off."""

    form: Form
    size: int
    distance: int


class MisspeltWords:
    """The terms of one word, by the strings that a slip of the finger leaves of them."""

    def __init__(self, forms: Sequence[Form]) -> None:
        single = [form for form in forms if not form.more and not form.stem.needs_ending]
        # Forms in the other script are many; a slip in them is read by the likeliest alone.
        likely: dict[tuple[str, str], Form] = {}
        for form in single:
            likely.setdefault((form.term.key, form.spelling + str(form.is_transliterated)), form)
        self._near = NearWords([(form.stem.text, form) for form in likely.values()])
        self._squeezed: dict[str, list[Form]] = {}
        for form in single:
            if len(form.stem.text) >= MIN_WORD:
                self._squeezed.setdefault(squeeze(form.stem.text), []).append(form)
        self._memory: dict[str, tuple[_Reading, ...]] = {}

    def find(
        self, folded: Folded, *, tags: list[TagSpan], taken: Sequence[tuple[int, int]]
    ) -> list[Found]:
        """Words that were meant as a term, outside of the spans that are taken."""
        memory = self._memory
        found = []
        for match in _WORD.finditer(folded.text):
            readings = memory.get(match[0])
            if readings is None:
                readings = self._remember(match[0])
            if not readings:
                continue
            start, end = match.span()
            if any(first < end and start < last for first, last in taken):
                continue
            tag = next((one.tag for one in tags if one.start <= start < one.end), Tag.NONE)
            joined = _JOINED.match(folded.text, end)
            found += [_found(one, match, joined, tag=tag) for one in readings]
        return found

    def _remember(self, word: str) -> tuple[_Reading, ...]:
        if len(self._memory) >= MEMORY:
            self._memory.clear()
        readings = self._read(word) if len(word) <= MAX_WORD else ()
        self._memory[word] = readings
        return readings

    def _read(self, word: str) -> tuple[_Reading, ...]:
        """The nearest reading for each term; the longest part of the word that stands for it wins."""
        if is_ordinary(word):
            return ()
        best: dict[str, _Reading] = {}
        for size in range(len(word), max(MIN_WORD, len(word) - MAX_ENDING) - 1, -1):
            stem, ending = word[:size], word[size:]
            for one in self._near_forms(stem):
                known = best.get(one.form.term.key)
                is_nearer = known is None or one.distance < known.distance
                if is_nearer and any(c.fits(ending) for c in one.form.stem.classes):
                    best[one.form.term.key] = one
        return tuple(best.values())

    def _near_forms(self, stem: str) -> list[_Reading]:
        near = [_Reading(form, len(stem), far) for far, _word, form in self._near.find(stem)]
        return near + [
            _Reading(form, len(stem), 1)
            for form in self._squeezed.get(squeeze(stem), ())
            if form.stem.text != stem and len(stem) > len(form.stem.text)
        ]


def _found(
    reading: _Reading, match: re.Match[str], joined: re.Match[str] | None, *, tag: Tag
) -> Found:
    ending, end = match[0][reading.size :], match.end()
    if joined and any(one.fits(ending + joined[1]) for one in reading.form.stem.classes):
        ending, end = ending + joined[1], joined.end()
    return Found(
        reading.form,
        match.start(),
        end,
        ending=ending,
        tag=tag,
        distance=reading.distance,
    )
