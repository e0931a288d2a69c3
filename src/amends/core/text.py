"""Marking of texts for translation in code that knows no Django."""

from __future__ import annotations


def gettext_noop(message: str) -> str:
    """Return `message` as it is; xgettext collects it, `web` translates it when a person reads it."""
    return message
