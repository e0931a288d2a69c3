"""Verify a candidate: does a word begin here, what hangs on it, does it stand in a hashtag?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from amends_engine.text.match.fold import Folded
from amends_engine.text.match.forms import MIN_STEM, Form, Stem
from amends_engine.text.match.grammar import Grammar
from amends_engine.text.match.ordinary import common_words, is_ordinary

MIN_IN_TAG = 6
"""Letters of a name that may be followed by anything within a hashtag or handle."""
_MIN_SECOND_PART = 4
_NO_JOINER = str.maketrans("", "", "'’‘`´ʼ′-‐‑–—")
_LETTERS = re.compile(r"[^\W\d_]{0,60}")
_JOINED = re.compile(r"(['-])([^\W\d_]{1,15})(?![^\W_])")
_BETWEEN = re.compile(r"(?![!?;:,…] )[^\w\n]{1,3}|_")  # R&T, Nova-Bank, Dr. Lum; no new sentence
_TAG = re.compile(r"(?<![^\W_])[#@]([^\W]{1,140})")
_BEFORE = re.compile(r"(?<![^\W_])([^\W\d_]{2,6})-?$")


class Tag(StrEnum):
    """What a word is marked with."""

    NONE = ""
    HASHTAG = "#"
    HANDLE = "@"


@dataclass(frozen=True, slots=True)
class TagSpan:
    """The body of a hashtag or handle, in folded places, without its sign."""

    tag: Tag
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stem of a form where it stands in the folded text."""

    form: Form
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Found:
    """A verified candidate, in folded places, its ending and beginning included."""

    form: Form
    start: int
    end: int
    beginning: str = ""
    ending: str = ""
    language: str = ""
    tag: Tag = Tag.NONE
    distance: int = 0
    is_masked: bool = False


@dataclass(frozen=True, slots=True)
class _Tail:
    """What hangs on a stem: where it ends, its letters, and whose ending it is."""

    end: int
    ending: str = ""
    language: str = ""


def find_tags(folded: Folded, text: str) -> list[TagSpan]:
    """The hashtags and handles of a text."""
    if "#" not in folded.text and "@" not in folded.text:
        return []
    return [
        TagSpan(Tag(match[0][0]), match.start(1), match.end(1))
        for match in _TAG.finditer(folded.text)
    ]


def verify(candidate: Candidate, *, folded: Folded, text: str, tags: list[TagSpan]) -> Found | None:
    """The candidate as found, or None where it is part of another word."""
    start, end, form = candidate.start, candidate.end, candidate.form
    inside = next((tag for tag in tags if tag.start <= start < tag.end), None)
    if inside is not None:
        return _verify_in_tag(candidate, inside, folded=folded, text=text)
    begins = _beginning(folded.text, start, form)
    if begins < 0:
        return None
    tails = _tails(form.stem, start, end, folded=folded, text=text, grammars=form.grammars)
    for stems in form.more:
        tails = {
            after: one
            for tail in tails
            for after, one in _next_word(
                stems, tail, folded=folded, text=text, grammars=form.grammars
            ).items()
        }
    if not tails:
        return None
    tail = tails[max(tails)]
    if form.is_transliterated and is_ordinary(folded.text[begins : tail.end]):
        return None  # a name in the other script that is a word there (Takoi: такое)
    beginning = folded.text[begins:start].rstrip("-")
    language = "id" if beginning else tail.language
    return Found(
        form,
        begins,
        tail.end,
        beginning=beginning,
        ending=tail.ending,
        language=language,
        distance=form.distance,
    )


def find_tail(
    stem: Stem,
    end: int,
    *,
    folded: Folded,
    text: str,
    start: int,
    grammars: tuple[Grammar, ...],
) -> _Tail | None:
    """What hangs on a stem that stands at [start, end), or None where it is no ending of ours."""
    letters = _LETTERS.match(folded.text, end)
    rest = letters[0] if letters else ""
    after = end + len(rest)
    if after < len(folded.text) and folded.text[after].isalnum() and rest:
        return None  # letters, then digits: the name of something else
    joined = _JOINED.match(folded.text, after)
    tails = _Tails(stem, grammars, raw_stem=_raw(folded, text, start, end))
    if joined:
        whole = rest + joined[2]
        raw = _raw(folded, text, end, joined.end())
        language = tails.language(whole, raw=raw, joiner="" if rest else joined[1])
        if language and (not rest or tails.language(rest, raw=_raw(folded, text, end, after))):
            return _Tail(joined.end(), whole, language)
    if not rest:
        return None if stem.needs_ending else _Tail(end)
    language = tails.language(rest, raw=_raw(folded, text, end, after))
    if language:
        return _Tail(after, rest, language)
    if not stem.needs_ending and is_compound(rest, grammars):
        return _Tail(after, rest, "nl")
    return None


@dataclass(frozen=True, slots=True)
class _Tails:
    """The endings that a stem takes."""

    stem: Stem
    grammars: tuple[Grammar, ...]
    raw_stem: str

    def language(self, ending: str, *, raw: str, joiner: str = "") -> str:
        """The language whose ending it is, or nothing; `raw` is it as written, the joiner within."""
        for one in self.stem.classes:
            if not one.fits(ending):
                continue
            grammar = next(it for it in self.grammars if it.language == one.language)
            if joiner and joiner not in grammar.joiners:
                continue
            sounds = (self.raw_stem, raw.translate(_NO_JOINER))
            if grammar.accepts(self.stem.text, ending, raw=sounds, joiner=joiner):
                return grammar.language
        return ""


def is_compound(rest: str, grammars: tuple[Grammar, ...]) -> bool:
    """Whether letters after a name are the second part of a compound: a word of that language."""
    for grammar in grammars:
        for link in grammar.compounds:
            part = rest.removeprefix(link) if rest.startswith(link) else ""
            if len(part) >= _MIN_SECOND_PART and part in common_words(grammar.language):
                return True
    return False


def _beginning(text: str, start: int, form: Form) -> int:
    """Where the word begins: at the stem, or at a verb's beginning before it; -1 inside another word."""
    is_open = start == 0 or not text[start - 1].isalnum()
    is_joined = start > 1 and text[start - 1] == "-"
    if is_open and not is_joined:
        return start
    before = _BEFORE.search(text, max(start - 8, 0), start)
    is_long = is_joined or len(form.stem.text) > MIN_STEM
    if before and is_long and any(before[1] in one.prefixes for one in form.grammars):
        return before.start(1)
    return start if is_open else -1


def _tails(
    stem: Stem,
    start: int,
    end: int,
    *,
    folded: Folded,
    text: str,
    grammars: tuple[Grammar, ...],
) -> dict[int, _Tail]:
    """What may hang on a stem, by where it ends: an ending, or nothing before a sign (Lay's)."""
    tail = find_tail(stem, end, folded=folded, text=text, start=start, grammars=grammars)
    tails = {} if tail is None else {tail.end: tail}
    is_bare = end == len(folded.text) or not folded.text[end].isalnum()
    if is_bare and not stem.needs_ending:
        tails.setdefault(end, _Tail(end))
    return tails


def _next_word(
    stems: tuple[Stem, ...], at: int, *, folded: Folded, text: str, grammars: tuple[Grammar, ...]
) -> dict[int, _Tail]:
    """How the next word of a name may go on after `at`; empty where another word stands."""
    between = _BETWEEN.match(folded.text, at)
    if between is None:
        return {}
    start = between.end()
    tails: dict[int, _Tail] = {}
    for stem in stems:
        if folded.text.startswith(stem.text, start):
            end = start + len(stem.text)
            tails |= _tails(stem, start, end, folded=folded, text=text, grammars=grammars)
    return tails


def _verify_in_tag(
    candidate: Candidate, inside: TagSpan, *, folded: Folded, text: str
) -> Found | None:
    """Within a tag words are not parted; capitals, underscores and known words part them."""
    form, start, end = candidate.form, candidate.start, candidate.end
    if form.stem.needs_ending or form.distance:
        return None
    for stems in form.more:
        word = stems[0].text
        end += folded.text[end : end + 1] == "_"
        if not folded.text.startswith(word, end):
            return None
        end += len(word)
    if end > inside.end or not _begins_part(start, inside, folded, text):
        return None
    rest = folded.text[end : inside.end]
    found = Found(form, start, end, tag=inside.tag)
    if not rest or _begins_part(end, inside, folded, text):
        return found
    if len(form.stem.text) >= MIN_IN_TAG and start == inside.start:
        return found
    word = rest.partition("_")[0]
    if len(word) >= _MIN_SECOND_PART and is_ordinary(word):
        return found
    tails = _Tails(form.stem, form.grammars, raw_stem=_raw(folded, text, start, end))
    after = end + len(word)
    language = tails.language(word, raw=_raw(folded, text, end, after))
    return replace(found, end=after, ending=word, language=language) if language else None


def parts_of_tag(inside: TagSpan, *, folded: Folded, text: str) -> Iterator[tuple[int, int]]:
    """The words of a hashtag or handle, as far as capitals and signs part them."""
    begin = inside.start
    for at in range(inside.start + 1, inside.end + 1):
        if at == inside.end or _begins_part(at, inside, folded, text):
            yield begin, at
            begin = at


def _begins_part(at: int, inside: TagSpan, folded: Folded, text: str) -> bool:
    if at == inside.start:
        return True
    if not folded.text[at].isalpha() or not folded.text[at - 1].isalpha():
        return True
    here, before = text[folded.places[at]], text[folded.places[at - 1]]
    return here.isupper() and before.islower()


def _raw(folded: Folded, text: str, start: int, end: int) -> str:
    """The letters as written, small; empty for an empty span."""
    if start >= end:
        return ""
    first, last = folded.span(start, end)
    return text[first:last].lower()
