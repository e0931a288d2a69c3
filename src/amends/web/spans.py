"""Which words of a comment the engine's judgement rests on, and for what each of them speaks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

MOST_QUOTES = 3
LONGEST_QUOTE = 60


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the text, and the fields that it speaks for (none for plain text)."""

    text: str
    fields: tuple[str, ...]


def cut_text(text: str, reasons: Iterable[Mapping[str, Any]]) -> list[Segment]:
    """The text in stretches that together are the whole; spans that overlap share their words.

    Reasons whose offsets (code points) do not lie in the text are left out.
    """
    spans = [
        (one["start"], one["end"], str(one.get("field", "")))
        for one in reasons
        if _lies_in(text, one)
    ]
    borders = sorted({0, len(text), *(at for span in spans for at in span[:2])})
    segments: list[Segment] = []
    for start, end in pairwise(borders):
        fields = tuple(
            dict.fromkeys(field for first, last, field in spans if first <= start and end <= last)
        )
        if segments and segments[-1].fields == fields:
            segments[-1] = Segment(segments[-1].text + text[start:end], fields)
        else:
            segments.append(Segment(text[start:end], fields))
    return segments


def quote_fields(text: str, reasons: Iterable[Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    """For each field the words that speak for it, as they stand in the text."""
    quotes: dict[str, list[str]] = {}
    for one in reasons:
        if _lies_in(text, one):
            words = text[one["start"] : one["end"]]
            short = words if len(words) <= LONGEST_QUOTE else f"{words[:LONGEST_QUOTE]}…"
            mine = quotes.setdefault(str(one.get("field", "")), [])
            if short not in mine:
                mine.append(short)
    return {field: tuple(found[:MOST_QUOTES]) for field, found in quotes.items()}


def _lies_in(text: str, reason: Mapping[str, Any]) -> bool:
    start, end = reason.get("start"), reason.get("end")
    return isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(text)
