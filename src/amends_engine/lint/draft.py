"""All that a check may look at: the reply as read, the comment, the context; and common questions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from amends_engine.lint.context import Context
from amends_engine.lint.finding import Level, Remark
from amends_engine.lint.language import Language
from amends_engine.lint.patterns import Hit
from amends_engine.lint.reading import Reading
from amends_engine.text.normalise import MAX_CHARS

_CLOCK = re.compile(r"(?:[01]?\d|2[0-3])[:.][0-5]\d")
_HOUR = re.compile(r"[01]?\d|2[0-3]")
_HOUR_WORDS = frozenset({"am", "pm", "uur"})
_NAMED_HOURS = {"noon": "12:00", "midday": "12:00", "midnight": "00:00"}
_DATE = re.compile(r"\d{1,2}[./-]\d{1,2}(?:[./-]\d{2,4})?|\d{4}-\d{2}-\d{2}")
EMOJI = re.compile(
    "[\U0001f300-\U0001faff\u2600-\u26ff\u2700-\u27bf\u2b50\u2764\U0001f1e6-\U0001f1ff]"
)


@dataclass(frozen=True)
class Draft:
    """A reply and what it answers. `comment` is None where none was given."""

    reply: Reading
    comment: Reading | None
    context: Context
    comment_language: str
    reply_language: str
    """Empty where the text says too little."""

    @property
    def language(self) -> Language:
        return self.reply.language

    def at_hit(self, reason: str, level: Level, hit: Hit) -> Remark:
        """Return a remark on the words of a hit."""
        start, end = self.reply.span(hit)
        return Remark(reason, level, start, end)

    def at_hits(self, reason: str, level: Level, *lexicons: str) -> Iterator[Remark]:
        """Yield a remark for each place where one of the lexicons was found; overlaps are joined."""
        yield from self.at_joined(reason, level, self.reply.find_any(*lexicons))

    def at_joined(self, reason: str, level: Level, hits: list[Hit]) -> Iterator[Remark]:
        """Yield a remark for each stretch of hits, which come in order; overlaps are joined."""
        while hits:
            first, last = hits[0].first, hits[0].last
            while hits and hits[0].first <= last:
                last = max(last, hits.pop(0).last)
            yield self.at_hit(reason, level, Hit(-1, first, last))

    @cached_property
    def word_count(self) -> int:
        """Return the words as people count them: runs between blanks that hold a letter or digit."""
        return sum(
            any(char.isalnum() for char in word) for word in self.reply.text[:MAX_CHARS].split()
        )

    @cached_property
    def exact_times(self) -> list[Hit]:
        """Return where the reply names a time that a reader can hold it to."""
        figures = [
            Hit(-1, at, at)
            for at, key in enumerate(self.reply.words.keys)
            if _CLOCK.fullmatch(key) or _DATE.fullmatch(key)
        ]
        return sorted([*figures, *self.reply.find("time")], key=lambda hit: hit.first)

    @cached_property
    def promised_times(self) -> list[Hit]:
        """Return the times that speak of what will be done, not of when the order was due.

        A time that the comment names too is taken for the customer's, unless it is a deadline.
        """
        named = set(self.comment.all_keys) if self.comment else set()
        keys = self.reply.words.keys
        said = [
            hit for hit in self.exact_times if not named.issuperset(keys[hit.first : hit.last + 1])
        ]
        return [*said, *self.reply.find("deadline")]

    def has_time_in(self, sentence: int) -> bool:
        return any(self.reply.sentence_of(hit) == sentence for hit in self.exact_times)

    def clocks_in(self, sentence: int) -> set[str]:
        """Return the times of day in a sentence, as HH:MM: 17.00, "5 pm", noon, "17 uur"."""
        found = set()
        keys = self.reply.keys_of(sentence)
        for key, after in zip(keys, (*keys[1:], ""), strict=True):
            if key in _NAMED_HOURS:
                found.add(_NAMED_HOURS[key])
            match = _CLOCK.fullmatch(key) or (
                _HOUR.fullmatch(key) if after in _HOUR_WORDS else None
            )
            if match is None:
                continue
            hour, _, minute = key.replace(".", ":").partition(":")
            shown = int(hour) % 12 + 12 * (after == "pm") if after in ("am", "pm") else int(hour)
            found.add(f"{shown:02d}:{minute or '00'}")
        return found

    @cached_property
    def is_made_of_stock(self) -> bool:
        """Return whether every sentence is a phrase that would fit any comment."""
        covered = self.reply.sentences_with("stock", "stock_strong")
        if not covered:
            return False
        weak = self.reply.sentences_with("handled", "soon", "non_apology", "off_request", "apology")
        named = {self.reply.sentence_of(hit) for hit in self.exact_times}
        for number, sentence in enumerate(self.reply.sentences):
            if sentence.last - sentence.first < SHORT_SENTENCE:
                continue
            if number not in covered and (number not in weak or number in named):
                return False
        return not self.speaks_of_issue

    @cached_property
    def speaks_of_issue(self) -> bool:
        """Return whether any part of the reply names what the comment is about."""
        return shares_issue(self.reply, self.comment, sentences=None)

    @property
    def is_statement_of_reasons(self) -> bool:
        return self.context.requires("SOR")


SHORT_SENTENCE = 4
"""Words below which a sentence is a greeting or a closing."""

SHORTEST_STEM = 3

_SHARED_PREFIX = 5
_SHORTEST_ROOT = 4
_SHORTEST_PART = 4
"""Letters from which a stem that ends another is taken for the same thing ("video|recorder")."""


def shares_issue(reply: Reading, comment: Reading | None, *, sentences: int | None) -> bool:
    """Return whether reply and comment share a topic or a content word.

    `sentences` limits the search to the first so many sentences that are no mere greeting.
    """
    if comment is None:
        return False
    last = _last_word(reply, sentences)
    if topics_of(reply, last) & topics_of(comment, len(comment.words.keys)):
        return True
    limit = len(reply.all_keys) if sentences is None else _scale(reply, last)
    said = content_of(reply, reply.all_keys[:limit])
    asked = content_of(comment, comment.all_keys)
    if said & asked:
        return True
    said |= _long_words(reply, reply.all_keys[:limit])  # a stem may be too short for a compound
    asked |= _long_words(comment, comment.all_keys)
    return any(
        _are_akin(one, other)
        for one in said
        if len(one) >= _SHORTEST_ROOT and one.isalpha()
        for other in asked
        if len(other) >= _SHORTEST_ROOT
    )


def _long_words(reading: Reading, keys: tuple[str, ...]) -> set[str]:
    generic = reading.language.is_generic
    return {key for key in keys if len(key) >= _SHARED_PREFIX and not generic(key)}


def _are_akin(one: str, other: str) -> bool:
    """Return whether two stems begin alike, or one is the other with an ending or in a compound."""
    if one.startswith(other) or other.startswith(one):
        return True
    shorter, longer = sorted((one, other), key=len)
    part = shorter.rstrip("e")  # parkeerboete, boete
    if len(part) >= _SHORTEST_PART and longer.endswith((part, shorter)):
        return True
    return len(one) >= _SHARED_PREFIX and one[:_SHARED_PREFIX] == other[:_SHARED_PREFIX]


def _last_word(reply: Reading, sentences: int | None) -> int:
    if sentences is None:
        return len(reply.words.keys)
    left = sentences
    for sentence in reply.sentences:
        is_half = reply.text[max(0, sentence.end - 1) : sentence.end] == ";"
        left -= sentence.last - sentence.first >= SHORT_SENTENCE and not is_half
        if not left:
            return sentence.last
    return len(reply.words.keys)


def _scale(reply: Reading, last: int) -> int:
    # Quoted words count once among `words` and one by one among `all_keys`.
    return last + len(reply.all_keys) - len(reply.words.keys)


def topics_of(reading: Reading, last: int) -> set[str]:
    """Return the topics named before word `last`; they are the same in every language."""
    return {
        topic
        for topic in (name for name in reading.language.lexicons if name.startswith("topic."))
        if any(hit.first < last for hit in reading.find(topic))
    }


def content_of(reading: Reading, keys: tuple[str, ...]) -> set[str]:
    """Return the stems of the words that say what a text is about, and its numbers."""
    language = reading.language
    said = {
        key
        for key in keys
        if len(key) >= (2 if key[0].isdigit() else 3) and not language.is_generic(key)
    }
    stems = {key: key if key[0].isdigit() else language.stem(key) for key in said}
    # Cutting may leave too little to know a word again ("yama" → "ya", "yamadan" → "yama").
    cut = {key for key, stem in stems.items() if len(stem) < SHORTEST_STEM}
    return cut | set(stems.values())
