"""Tells what is new in a mail from what it quotes, in the languages of the desk."""

from __future__ import annotations

import re

_ATTRIBUTION = re.compile(
    r"^\s*(?:"
    r"on\b.{5,200}\bwrote|"  # English
    r"op\b.{5,200}\bschreef\b.{0,120}|"  # Dutch
    r".{5,200}\b(?:tarihinde|şunu|şunları)\b.{0,120}\byazdı|"  # Turkish
    r"pada\b.{5,200}\bmenulis|"  # Indonesian
    r".{5,200}(?:пишет|писал|написал|пишу)(?:а|\(а\))?"  # Russian
    r")\s*:\s*$",
    re.IGNORECASE,
)
_RULE = re.compile(
    r"^\s*(?:-{2,}\s*(?:original message|oorspronkelijk bericht|orijinal ileti|pesan asli|"
    r"исходное сообщение|forwarded message)\s*-{2,}|_{20,})\s*$",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"^-- ?$")


def split_quotes(text: str) -> tuple[str, str]:
    """New words and quoted ones, both in order; an answer between the quotes stays with the new words."""
    lines = text.splitlines()
    new: list[str] = []
    quoted: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if _RULE.match(line):  # everything behind it is the older mail
            quoted += lines[at:]
            break
        length = _attribution_at(lines, at)
        if length:
            quoted += lines[at : at + length]
            at += length
            continue
        (quoted if line.lstrip().startswith(">") else new).append(line)
        at += 1
    said = "\n".join(new).strip()
    if not said:  # nothing but quotes: better all of it than nothing
        return text.strip(), ""
    return said, "\n".join(quoted).strip()


def _attribution_at(lines: list[str], at: int) -> int:
    """How many lines say "On … wrote:" here, two where it was broken; 0 for none.

    It counts only where a quote, or nothing, follows: a customer may write such a sentence themselves.
    """
    for length in (1, 2):
        if _ATTRIBUTION.match(" ".join(lines[at : at + length])):
            rest = [line for line in lines[at + length : at + length + 3] if line.strip()]
            if not rest or rest[0].lstrip().startswith(">"):
                return length
    return 0
