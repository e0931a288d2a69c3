"""Gather from one text what the rules of its language, and the signs that need none, find in it."""

from __future__ import annotations

import re

from amends_engine.text.normalise import URL_MARK, Normalised
from amends_engine.text.personal_data import find_personal_data
from amends_engine.text.phrases import split_words
from amends_engine.triage.findings import Findings
from amends_engine.triage.rulebook import load_rulebook

RULE_LANGUAGES = ("en", "tr", "id", "ru", "nl")
CAPITALS_NEED = 12
"""Letters below which capitals say nothing (abbreviations, single words)."""

_QUESTION_MARKS = ("?", "？", "؟")
_BARE_LINK = re.compile(
    r"(?<![\w.@])(?:[\w-]{1,40}\.){1,3}(?:com|net|org|me|ly|link|site|online|xyz|top|bet|vip|club|shop)/\w"
)
"""A link without its scheme, as adverts write it. A bare domain is none: complaints name firms so."""


def _capital_share(text: str) -> float:
    capitals = sum(map(str.isupper, text))
    if 2 * capitals < CAPITALS_NEED:
        return 0.0  # Too few to say anything, so the letters need not be counted.
    letters = sum(map(str.isalpha, text))
    return capitals / letters if letters >= CAPITALS_NEED else 0.0


def _has_bare_link(text: str) -> bool:
    return "/" in text and _BARE_LINK.search(text) is not None


def find_in_text(text: str, *, normalised: Normalised, language: str) -> Findings:
    """Return the findings; in a text of undetermined language the rules of all five are tried."""
    words = split_words(normalised)
    codes = (language,) if language in RULE_LANGUAGES else RULE_LANGUAGES
    matches = [match for code in codes for match in load_rulebook(code).find_matches(words)]
    return Findings(
        matches=matches,
        personal_data=find_personal_data(text),
        word_count=len(words.keys),
        capital_share=_capital_share(text[:2000]),
        exclamations=normalised.text.count("!"),
        has_question_mark=any(mark in text for mark in _QUESTION_MARKS),
        has_link=URL_MARK in normalised.text or _has_bare_link(normalised.text),
    )
