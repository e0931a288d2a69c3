"""Lay out the pieces of a text, and of the comment or post that it answers, for the model."""

from __future__ import annotations

from collections.abc import Sequence

from amends_engine.triage.model.words import BEGIN, END

TEXT_PIECES, PARENT_PIECES = 126, 48
"""How many pieces are read; the rest of a longer text is not."""

WINDOW = TEXT_PIECES + PARENT_PIECES + 4


def join_pieces(text: Sequence[int], parent: Sequence[int] = ()) -> list[int]:
    """Return begin, text, end, and behind a second end the parent with its own end."""
    joined = [BEGIN, *text[:TEXT_PIECES], END]
    return [*joined, END, *parent[:PARENT_PIECES], END] if parent else joined
