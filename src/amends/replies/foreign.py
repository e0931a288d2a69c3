"""What must not be in a text that a machine wrote: contacts, money and orders that nobody gave it.

A comment may try to give the model orders. What such an order could bring about in a reply is a link, an
address, a sum, another language, our own instructions. So it is looked for in what came back, whatever
the comment said. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from amends.core.vocabulary import UNDETERMINED
from amends_engine.lint.guess import guess_language
from amends_engine.text.personal_data.find import find_personal_data

_ENDINGS = (
    "com|net|org|info|biz|io|co|app|dev|xyz|top|site|online|shop|club|link|live|me|tv|cc|ly|gl|to|"
    "tr|id|ru|nl|be|de|fr|uk|us|eu|su"
)
_LINK = re.compile(
    rf"(?:https?://|www\.)\S+|(?<![\w@])[\w-]+(?:\.[\w-]+)*\.(?:{_ENDINGS})(?![\w])(?:/\S*)?",
    re.IGNORECASE,
)
_MAIL = re.compile(r"[^\s@<>()]{1,64}@[^\s@<>()]{1,253}\.[^\W\d_]{2,}")  # of any ending, to be safe
_HANDLE = re.compile(r"(?<![\w@.])@[\w][\w.\-]{1,80}")
_CURRENCY = r"(?:₺|€|\$|£|₽|Rp\.?|TL|TRY|IDR|RUB|EUR|USD|euro|lira|rupiah|руб\w*|dollar\w*|%)"
_MONEY = re.compile(
    rf"(?:{_CURRENCY}\s?\d[\d.,  ]*|\d[\d.,  ]*\s?{_CURRENCY})(?!\w)", re.IGNORECASE
)
_WORD = re.compile(r"\w+")
_RUN = 8  # words in a row that a reply shares with the instructions by no accident


@dataclass(frozen=True, slots=True)
class Foreign:
    """Something that does not belong: its kind (link, contact, money, leak, language) and its words."""

    kind: str
    words: str


def find_foreign(
    text: str, *, known: Sequence[str], instructions: str, language: str
) -> list[Foreign]:
    """What in `text` stands in none of the `known` texts, which are ours or the record's.

    The customer's own words are not among `known`: a link that a stranger wrote is not one to repeat.
    """
    ours = _plain(" ".join(known))
    found = [one for one in _contacts(text) if _plain(one.words) not in ours]
    if _shares_a_run(text, instructions):
        found.append(Foreign("leak", text[:80]))
    spoken = guess_language(text)
    wanted = language.partition("-")[0]
    if wanted not in {"", UNDETERMINED} and spoken not in {"", UNDETERMINED, wanted}:
        found.append(Foreign("language", spoken))
    return found


def _contacts(text: str) -> Iterator[Foreign]:
    for match in _LINK.finditer(text):
        yield Foreign("link", match[0].rstrip(".,;:!?)"))
    for datum in find_personal_data(text):
        yield Foreign("contact", text[datum.start : datum.end])
    for match in (*_MAIL.finditer(text), *_HANDLE.finditer(text)):
        yield Foreign("contact", match[0])
    for match in _MONEY.finditer(text):
        yield Foreign("money", match[0].strip())


def _shares_a_run(text: str, instructions: str) -> bool:
    ours = _runs(instructions)
    return any(run in ours for run in _runs(text))


def _runs(text: str) -> set[tuple[str, ...]]:
    words = [word.casefold() for word in _WORD.findall(text)]
    return {tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)}


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
