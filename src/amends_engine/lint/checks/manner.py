"""Q08 no blame, Q09 no mockery, Q10 no anger, Q25 gravity, Q28 a constructive close, Q30 no slur."""

from __future__ import annotations

import re
from collections.abc import Iterator

from amends_engine.lint.draft import EMOJI, SHORT_SENTENCE, Draft
from amends_engine.lint.finding import Remark
from amends_engine.lint.reading import read_text
from amends_engine.text.normalise import MAX_CHARS

MOCKING = re.compile(
    "[\U0001f609\U0001f60f\U0001f644\U0001f602\U0001f923\U0001f921\U0001f612\U0001f61c\U0001f61d"
    "\U0001f92a\U0001f926\U0001f937\U0001f928\U0001f971]|(?<![\\w;]);-?[)D](?!\\w)"
)
_SMILEY = re.compile(r"(?<![\w:]):-?[)DPp](?!\w)|(?<!\w)[xX]D(?!\w)|<3")
_MARKS = re.compile(r"!{2,}|[!?]*(?:!\?|\?!)[!?]*")
_HASHTAG = re.compile(r"(?<![\w#&])#[^\W\d]\w*")
_WORD = re.compile(r"[^\W\d_]{2,}")
CAPS_RATIO = 0.3
CAPS_LETTERS = 15
SCARE_WORDS = 3


def puts_no_blame(draft: Draft) -> Iterator[Remark]:
    """Q08: the customer is not told what they should have done."""
    if not draft.is_statement_of_reasons:  # which has to say what the person did
        yield from draft.at_hits("Q08", "block", "blame")


def mocks_nobody(draft: Draft) -> Iterator[Remark]:
    """Q09: no sarcasm, no scare quotes, no wink, nothing patronising; a slur mocks as well."""
    yield from draft.at_hits("Q09", "block", "mockery", "discrimination")
    for match in MOCKING.finditer(draft.reply.text):
        if not draft.reply.is_quoted(match.start()):
            yield Remark("Q09.wink", "block", match.start(), match.end())
            break
    for face in draft.language.faces:
        at = draft.reply.text.find(face)
        if at >= 0 and not draft.reply.is_quoted(at):
            yield Remark("Q09.wink", "block", at, at + len(face))
            break
    yield from _scare_quotes(draft)


def _scare_quotes(draft: Draft) -> Iterator[Remark]:
    """Yield quotes of one to three words around a word of the scare list.

    What the customer wrote word for word, and more than one word long, is a quotation.
    """
    said = draft.comment.text.casefold() if draft.comment else ""
    for start, end in draft.reply.quotes:
        inner = draft.reply.text[start + 1 : end - 1]
        if len(inner.split()) > SCARE_WORDS or draft.reply.text[start] == ">":
            continue
        is_quotation = inner.casefold().strip() in said and len(inner.split()) > 1
        if not is_quotation and read_text(inner, language=draft.language).has("scare"):
            yield Remark("Q09.scare", "block", start, end)


def keeps_calm(draft: Draft) -> Iterator[Remark]:
    """Q10: no insult, no accusation of lying, no shouting."""
    if not draft.is_statement_of_reasons:  # which has to name the insult
        yield from draft.at_hits("Q10", "block", "anger")
    text = draft.reply.text
    for match in _MARKS.finditer(text):
        if not draft.reply.is_quoted(match.start()):
            yield Remark("Q10.marks", "block", match.start(), match.end())
            break
    letters = [char for char in text[:MAX_CHARS] if char.isalpha()]
    shouted = sum(char.isupper() for char in letters)
    is_loud = len(letters) >= CAPS_LETTERS and shouted > CAPS_RATIO * len(letters)
    if is_loud and sum(word.isupper() for word in _WORD.findall(text[:MAX_CHARS])) > 1:
        yield Remark("Q10.caps", "block")


def is_grave_where_due(draft: Draft) -> Iterator[Remark]:
    """Q25: no emoji, joke, hashtag or advertising when the matter is grave."""
    if not draft.context.is_grave:
        return
    for expression in (EMOJI, _SMILEY, _HASHTAG):
        for match in expression.finditer(draft.reply.text):
            if not draft.reply.is_quoted(match.start()):
                yield Remark("Q25", "block", match.start(), match.end())
                break
    yield from list(draft.at_hits("Q25.promo", "block", "promo"))[:1]


def closes_constructively(draft: Draft) -> Iterator[Remark]:
    """Q28: the last sentence is a next step, not an excuse."""
    spoken = [
        at
        for at, sentence in enumerate(draft.reply.sentences)
        if sentence.last - sentence.first >= SHORT_SENTENCE
    ]
    if not spoken:
        return
    hits = draft.reply.in_sentence(spoken[-1], "external_cause", "defensive", "legalese")
    if hits:
        yield draft.at_hit("Q28", "hint", hits[0])


def slights_no_group(draft: Draft) -> Iterator[Remark]:
    """Q30: nothing about origin, gender, age, faith or spelling of the author."""
    yield from draft.at_hits("Q30", "block", "discrimination")
