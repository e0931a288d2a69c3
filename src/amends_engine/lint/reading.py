"""Read a reply once: words, sentences, what is quoted, and every phrase that stands in it."""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from amends_engine.lint.language import Language, Lexicon
from amends_engine.lint.patterns import Hit, Words
from amends_engine.text.normalise import MAX_CHARS, Normalised, fold_diacritics, normalise_text

QUOTED = "⟨q⟩"
"""Stands for what is quoted: it is not the desk that speaks there."""

NEGATION_WINDOW = 3

_TOKEN = re.compile(
    r"⟨url⟩|⟨@⟩|e-?(?:mail|posta)[^\W\d_]*|\d+(?:[.,:/]\d+)*(?:'[^\W\d_]+)?|[^\W\d_]+(?:'[^\W\d_]+)*"
)
_QUOTES = re.compile(
    r"“[^“”\n]{1,400}”|«[^«»\n]{1,400}»|„[^„“”\n]{1,400}[“”]|\"[^\"\n]{1,400}\""
    r"|(?<!\w)[‘'][^‘’'\n]{2,200}[’'](?!\w)|(?m:^>[^\n]{0,1000})"
)
_END = re.compile(r"[.!?…]+[)\"'”»]*(?=\s|$)|\n+|[;](?=\s)")
_ABBREVIATION = re.compile(
    r"(?:\b(?:nr|no|tel|bijv|evt|dhr|mevr|mr|mrs|ms|dr|st|vb|sn|av|bpk|yth|ул|им|г|т|п|руб|т\.е|т\.к"
    r"|art|p\.s|pkl|jl|e\.g|i\.e|a\.m|p\.m|approx|incl|excl|o\.a|d\.w\.z|m\.b\.t|ca|kl|fa|vs|д|кв|стр)"
    r"|\b[^\W\d_])\.$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words [first, last) and code points [start, end) of the text as given."""

    first: int
    last: int
    start: int
    end: int
    is_question: bool


@dataclass(frozen=True)
class Reading:
    """A text as the checks see it. `words` has what is quoted replaced by one mark."""

    text: str
    language: Language
    words: Words
    all_keys: tuple[str, ...]
    sentences: tuple[Sentence, ...]
    quotes: tuple[tuple[int, int], ...]

    @cached_property
    def _hits(self) -> dict[str, list[Hit]]:
        found: dict[str, list[Hit]] = {}
        cancels: dict[str, set[int]] = {}
        names = self.language.owners
        for hit in self.language.book.find(self.words):
            kind, name = names[hit.owner]
            if kind == "phrases":
                found.setdefault(name, []).append(hit)
            else:
                cancels.setdefault(name, set()).add(self.words.sentences[hit.first])
        return {
            name: [
                hit
                for hit in hits
                if self.words.sentences[hit.first] not in cancels.get(name, ())
                and not self._is_negated(hit, self.language.lexicons[name])
                and not (
                    self.language.lexicons[name].is_theirs
                    and self._is_ours(hit)
                    and not self._asks_leave(hit, name)
                )
            ]
            for name, hits in found.items()
        }

    def find(self, name: str) -> Sequence[Hit]:
        """Return the hits of a lexicon, in the order of the text."""
        return self._hits.get(name, ())

    def find_any(self, *names: str) -> list[Hit]:
        """Return the hits of several lexicons, in the order of the text."""
        hits = [hit for name in names for hit in self.find(name)]
        return sorted(hits, key=lambda hit: (hit.first, hit.last))

    def has(self, *names: str) -> bool:
        return any(self.find(name) for name in names)

    def span(self, hit: Hit) -> tuple[int, int]:
        """Return the code points of the text as given that a hit covers."""
        return self.words.spans[hit.first][0], self.words.spans[hit.last][1]

    def sentence_of(self, hit: Hit) -> int:
        return self.words.sentences[hit.first]

    def is_asked(self, hit: Hit) -> bool:
        """Return whether the hit stands in a question."""
        return self.sentences[self.sentence_of(hit)].is_question

    def in_sentence(self, number: int, *names: str) -> list[Hit]:
        return [hit for hit in self.find_any(*names) if self.sentence_of(hit) == number]

    def sentences_with(self, *names: str) -> set[int]:
        return {self.sentence_of(hit) for hit in self.find_any(*names)}

    def keys_of(self, number: int) -> tuple[str, ...]:
        """Return the words of a sentence, without what is quoted."""
        sentence = self.sentences[number]
        return self.words.keys[sentence.first : sentence.last]

    def is_quoted(self, start: int) -> bool:
        at = bisect_right(self.quotes, (start, sys.maxsize)) - 1
        return at >= 0 and start < self.quotes[at][1]

    def _is_ours(self, hit: Hit) -> bool:
        """Return whether "I" or "we" stands right beside the first word of a hit."""
        sentence = self.words.sentences[hit.first]
        near = range(max(0, hit.first - 2), min(hit.first + 2, len(self.words.keys)))
        return any(
            self.words.keys[at] in self.language.ourselves
            for at in near
            if self.words.sentences[at] == sentence
        )

    def _asks_leave(self, hit: Hit, name: str) -> bool:
        """Return whether "may I have your number?" asks of them, though it is we who would have."""
        return name == "ask_data" and self.is_asked(hit)

    def _is_negated(self, hit: Hit, lexicon: Lexicon) -> bool:
        if not lexicon.is_negatable:
            return False
        sentence = self.words.sentences[hit.first]
        after = self.language.negation_after
        for at in range(
            max(0, hit.first - NEGATION_WINDOW), min(hit.last + 1 + after, len(self.words.keys))
        ):
            if self.words.sentences[at] == sentence and self.language.is_negation(
                self.words.keys[at]
            ):
                return True
        return False


def read_text(text: str, *, language: Language) -> Reading:
    """Return the reading of a text; linear in its length, which is cut by `normalise_text`."""
    normalised = normalise_text(text)
    plain = fold_diacritics(normalised.text)
    quotes = _find_quotes(text)
    bounds = _sentence_bounds(normalised, text)
    keys: list[str] = []
    all_keys: list[str] = []
    spans: list[tuple[int, int]] = []
    places: list[int] = []
    quotes_left = quotes[::-1]
    number = 0
    for match in _TOKEN.finditer(plain):
        while number < len(bounds) - 1 and match.start() >= bounds[number][1]:
            number += 1
        span = normalised.span(match.start(), match.end())
        written = list(_spell_out(match[0], language))
        all_keys += written
        while quotes_left and quotes_left[-1][1] <= span[0]:
            quotes_left.pop()
        if quotes_left and quotes_left[-1][0] <= span[0]:
            if spans and keys[-1] == QUOTED and quotes_left[-1][0] <= spans[-1][0]:
                spans[-1] = (spans[-1][0], max(span[1], spans[-1][1]))
                continue
            written = [QUOTED]
        for key in written:
            keys.append(key)
            spans.append(span)
            places.append(number)
    words = Words(tuple(keys), tuple(spans), tuple(places), _numbers(keys, language))
    sentences = _make_sentences(bounds, words, normalised, plain)
    return Reading(text, language, words, tuple(all_keys), sentences, tuple(quotes))


def _numbers(keys: Sequence[str], language: Language) -> frozenset[int]:
    return frozenset(
        at for at, key in enumerate(keys) if key[0].isdigit() or key in language.number_words
    )


def _spell_out(written: str, language: Language) -> Iterator[str]:
    """Yield the keys of one written word: contractions and chat spellings in full."""
    if "'" in written:
        base, _, tail = written.partition("'")
        if language.apostrophe == "cut" or base[:1].isdigit():
            written = base
        elif language.apostrophe == "contract":
            yield from _contract(base, tail, language)
            return
        else:
            written = written.replace("'", "")
    if written.startswith("e-"):
        written = "e" + written[2:]
    replaced = language.slang.get(written)
    yield from replaced if replaced is not None else (written,)


_TAILS = {"re": "are", "ve": "have", "ll": "will", "m": "am", "d": "would"}


def _contract(base: str, tail: str, language: Language) -> Iterator[str]:
    if tail == "t" and base.endswith("n"):
        stem = {"ca": "can", "wo": "will", "sha": "shall", "ai": "is"}.get(base[:-1], base[:-1])
        yield from (stem, "not")
    elif tail == "s" and base in (
        "it",
        "that",
        "what",
        "there",
        "here",
        "he",
        "she",
        "where",
        "let",
    ):
        yield from (base, "us" if base == "let" else "is")
    elif tail in _TAILS:
        yield from (base, _TAILS[tail])
    else:
        yield from language.slang.get(base, (base,))


def _find_quotes(text: str) -> list[tuple[int, int]]:
    found = [match.span() for match in _QUOTES.finditer(text[:MAX_CHARS])]
    visible = len(text.strip())
    # A reply that stands in quotes as a whole is a reply, not a quotation.
    return [pair for pair in found if (pair[1] - pair[0]) < 0.8 * visible]


def _sentence_bounds(normalised: Normalised, text: str) -> list[tuple[int, int]]:
    """Return where sentences begin and end in the normalised text.

    Line ends are blanks there, so that they are looked up in the text as given.
    """
    plain = "".join(
        "\n" if char == " " and text[normalised.starts[at]] in "\n\r" else char
        for at, char in enumerate(normalised.text)
    )
    bounds: list[tuple[int, int]] = []
    begin = 0
    for match in _END.finditer(plain):
        if match[0].startswith(".") and _goes_on(plain, match.start(), match.end()):
            continue
        if plain[begin : match.end()].strip():
            bounds.append((begin, match.end()))
        begin = match.end()
    if plain[begin:].strip() or not bounds:
        bounds.append((begin, len(plain)))
    return bounds


def _goes_on(plain: str, dot: int, end: int) -> bool:
    if "\n" in plain[end : end + 1] or end - dot > 1:
        return False
    return bool(_ABBREVIATION.search(plain[max(0, dot - 8) : dot + 1]))


def _make_sentences(
    bounds: Sequence[tuple[int, int]], words: Words, normalised: Normalised, plain: str
) -> tuple[Sentence, ...]:
    sentences = []
    first = 0
    for number, (begin, end) in enumerate(bounds):
        last = first
        while last < len(words.sentences) and words.sentences[last] == number:
            last += 1
        chunk = plain[begin:end].rstrip()
        if not chunk:
            start, stop = 0, 0
        else:
            lead = len(plain[begin:end]) - len(plain[begin:end].lstrip())
            start, stop = normalised.span(begin + lead, begin + len(chunk))
        sentences.append(Sentence(first, last, start, stop, "?" in chunk[-4:]))
        first = last
    return tuple(sentences)
