"""What a suggestion of the linter changes in a draft: which words go, which come, what is left to fill in.

A suggestion is a starting point. Where it would say something that only the writer knows (what went
wrong, who, when), it holds a gap, and a text with a gap in it is never handed over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from amends_engine.lint.finding import Finding

GAP = "[…]"
"""Stands for what the writer must fill in."""

_QUOTED = re.compile(r'"([^"]+)"|«([^»]+)»|“([^”]+)”')
_UNKNOWN = re.compile(r"\d+(?:[.:]\d+)?|\s?…\s?")
_ENDED = (".", "!", "?")

# Which part of the draft a suggestion takes the place of. Checks that are not named here ask for words
# that depend on the matter itself: their suggestion is shown and nothing is inserted.
_WORDS = frozenset({"Q04.soon"})
_SENTENCE = frozenset(
    {
        "Q02.cause", "Q03", "Q05.passive", "Q06.data", "Q06.bare", "Q07", "Q08", "Q09", "Q10", "Q17",
        "Q19", "Q20", "Q23",
    }
)  # fmt: skip
_FIRST = frozenset({"Q02"})
_LAST = frozenset({"Q04", "Q29"})
_AWAY = frozenset({"Q09.wink", "Q25"})
_ONE_STOP = frozenset({"Q10.marks"})


@dataclass(frozen=True, slots=True)
class Edit:
    """Put `text` in place of the code points [start, end); an empty text takes them out."""

    start: int
    end: int
    text: str


def has_gap(text: str) -> bool:
    return GAP in text


def mend(finding: Finding, *, text: str, sentences: tuple[tuple[int, int], ...]) -> Edit | None:
    """The change that a finding suggests; None where only the writer can know it.

    `sentences` bounds each sentence of `text` in code points, in order.
    """
    reason, start, end = finding.reason, finding.start, finding.end
    if start is not None and end is not None:
        if reason in _AWAY:
            return _take_out(text, start, end)
        if reason in _ONE_STOP:
            return Edit(start, end, text[end - 1 : end])
    phrase = _phrase(finding.suggestion)
    if not phrase:
        return None
    if reason in _WORDS and start is not None and end is not None:
        return Edit(start, end, phrase)
    phrase = phrase if phrase.endswith(_ENDED) else f"{phrase}."
    if reason in _SENTENCE and start is not None:
        return _in_place(phrase, start, sentences)
    if reason in _FIRST:
        return Edit(0, 0, f"{phrase} ")
    if reason in _LAST:
        last = len(text.rstrip())
        return Edit(last, len(text), f" {phrase}" if last else phrase)
    return None


def _phrase(suggestion: str) -> str:
    """The first quoted words of a suggestion, with a gap for every figure and every "…"."""
    quoted = _QUOTED.search(suggestion)
    if quoted is None:
        return ""
    words = next(group for group in quoted.groups() if group is not None)
    held = _UNKNOWN.sub(lambda one: _gap(one[0]), words)
    return " ".join(held.split()).replace(" .", ".").replace(" ,", ",").replace(" ;", ";")


def _gap(found: str) -> str:
    lead = " " if found.startswith((" ", "\N{NO-BREAK SPACE}")) else ""
    tail = " " if found.endswith((" ", "\N{NO-BREAK SPACE}")) else ""
    return f"{lead}{GAP}{tail}"


def _in_place(phrase: str, at: int, sentences: tuple[tuple[int, int], ...]) -> Edit | None:
    return next((Edit(start, end, phrase) for start, end in sentences if start <= at < end), None)


def _take_out(text: str, start: int, end: int) -> Edit:
    if text[start - 1 : start] == " " and (end == len(text) or text[end] in " .,!?\n"):
        start -= 1
    return Edit(start, end, "")
