"""Gather what the families find, without overlaps."""

from __future__ import annotations

import re
from collections.abc import Iterator

from amends_engine.text.normalise import MAX_CHARS
from amends_engine.text.personal_data.addresses import find_addresses
from amends_engine.text.personal_data.datum import PersonalDatum
from amends_engine.text.personal_data.mail import find_mail, may_hold_mail
from amends_engine.text.personal_data.numbers import find_numbers

_DIGIT = re.compile(r"\d")
_SEVEN_DIGITS = re.compile(r"\d(?:[^\d\n]{0,8}\d){6}")


def find_personal_data(text: str) -> list[PersonalDatum]:
    """Return the spans, in the order of the text, without overlaps.

    Spans count code points of `text`, end exclusive; only its first `MAX_CHARS` are read. Where two
    overlap, the earlier, then the longer one stays.
    """
    text = text[:MAX_CHARS]
    found: list[PersonalDatum] = []
    for datum in sorted(_candidates(text), key=lambda datum: (datum.start, -datum.end)):
        if not found or datum.start >= found[-1].end:
            found.append(datum)
    return found


def _candidates(text: str) -> Iterator[PersonalDatum]:
    if may_hold_mail(text):
        yield from find_mail(text)
    if not _DIGIT.search(text):
        return
    if _SEVEN_DIGITS.search(text):
        yield from find_numbers(text)
    yield from find_addresses(text)
