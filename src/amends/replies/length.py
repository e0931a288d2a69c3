"""Measures a reply as its channel does."""

from __future__ import annotations

from amends.connectors.kit.length import count_length
from amends.connectors.kit.manifest import Manifest


def reply_length(text: str, *, manifest: Manifest) -> int:
    """Length in the channel's unit: code points, or what a reader sees as one character."""
    return count_length(text, unit=manifest.reply_length_unit)


def too_long_by(text: str, *, manifest: Manifest) -> int:
    """By how many units the text is over the channel's limit; 0 when it fits or there is none."""
    if manifest.max_reply_chars is None:
        return 0
    return max(reply_length(text, manifest=manifest) - manifest.max_reply_chars, 0)
