"""Counts a reply as its channel counts."""

from __future__ import annotations

import unicodedata

from amends.connectors.kit.manifest import Manifest

_JOINER = "\u200d"


def reply_length(text: str, *, manifest: Manifest) -> int:
    """Length in the channel's unit: code points, or what a reader sees as one character."""
    return count_graphemes(text) if manifest.reply_length_unit == "graphemes" else len(text)


def too_long_by(text: str, *, manifest: Manifest) -> int:
    """By how many units the text is over the channel's limit; 0 when it fits or there is none."""
    if manifest.max_reply_chars is None:
        return 0
    return max(reply_length(text, manifest=manifest) - manifest.max_reply_chars, 0)


def count_graphemes(text: str) -> int:
    """An estimate of extended grapheme clusters (UAX 29): marks, joiners and modifiers count with their base.

    It never counts fewer than the channel does for the scripts that we write, and the channel's own check
    stands behind it.
    """
    count = 0
    is_joined = False
    flags = 0
    for char in text:
        extends = unicodedata.combining(char) or unicodedata.category(char) in {"Mn", "Me"}
        is_modifier = "\U0001f3fb" <= char <= "\U0001f3ff" or char == "\ufe0f" or char == _JOINER
        is_flag = "\U0001f1e6" <= char <= "\U0001f1ff"
        flags = flags + 1 if is_flag else 0
        if not (extends or is_modifier or is_joined or (is_flag and flags % 2 == 0)):
            count += 1
        is_joined = char == _JOINER
    return count
