"""What the shipped engine says of texts that no person labelled: the screen learns from it.

Most fields are labelled in our own examples alone, some thousand texts; the model has read far more
than the screen can learn from those. So the screen also learns to answer as the engine does, on texts
of the public training splits (soft labels, as in Hinton, Vinyals and Dean 2015, arXiv:1503.02531).
Held-out texts are never asked about, and what a person labelled stands. Parts of our own training
examples, alone and in pairs, are asked about as well: some languages have few public texts, and a
part shows what it says without the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from amends_engine.classifier import TextInput, UnreadableText, require_readable
from amends_engine.triage.cascade import load_cascade
from amends_engine.triage.layout import TRUTHS_AT, WIDTH
from amends_engine.triage.model.model import load_model
from training.corpus import Row
from training.hashing import hash_fraction
from training.screen.fit import Floats
from training.targets import Targets

PER_LANGUAGE = 30_000
"""Texts of a language that are asked about."""

PARTS = "parts"
PAIRS = 2
"""Pairs of parts for each part."""

LEAST_WORDS = 3
_BREAK = re.compile(r"(?<=[.!?;:,…])\s+|\n+")

PART = 2_000
FILE = "wishes.npz"


def make_parts(rows: Sequence[Row]) -> list[Row]:
    """Return the clauses of our own training examples, and pairs of them, without labels."""
    parts: dict[str, dict[str, None]] = {}
    for row in rows:
        if row.source.startswith("own-") and not row.is_validation:
            parts.setdefault(row.lang, {}).update(dict.fromkeys(_split(row.text)))
    made = []
    for lang, texts in parts.items():
        order = sorted(texts, key=lambda text: hash_fraction(f"part {text}"))
        made += [_part(lang, text, number=at) for at, text in enumerate(order)]
        for turn in range(1, PAIRS + 1):
            # Partners from far away in an order by hash: of different examples, the same every time.
            shifted = order[turn * 101 % len(order) :] + order[: turn * 101 % len(order)]
            made += [
                _part(lang, f"{first} {second}", number=at + turn * len(order))
                for at, (first, second) in enumerate(zip(order, shifted, strict=True))
            ]
    return made


def _split(text: str) -> Iterator[str]:
    for part in _BREAK.split(text):
        if len(part.split()) >= LEAST_WORDS:
            yield part.strip()


def _part(lang: str, text: str, *, number: int) -> Row:
    return Row(
        id=f"part-{lang}-{number}",
        text=text,
        lang=lang,
        source=f"{PARTS}-{lang}",
        is_validation=False,
        targets=Targets({}, {}),
    )


def read_wishes(work: Path) -> dict[str, Floats]:
    """Return the probabilities (39 a row) by row id, as `ask_engine` kept them; none if it was not run."""
    if not (work / FILE).exists():
        return {}
    with np.load(work / FILE, allow_pickle=False) as kept:
        chances = kept["chances"].astype(np.float32)
        return dict(zip(kept["ids"].tolist(), chances, strict=True))


def ask_engine(rows: Sequence[Row], *, work: Path) -> None:
    """Ask about some texts of each language and keep the answers in the work folder."""
    chosen = _choose(rows)
    cascade, model = load_cascade(), load_model()
    chances = np.zeros((len(chosen), WIDTH), dtype=np.float16)
    for start in range(0, len(chosen), PART):
        texts = [
            TextInput(row.id, row.text, parent=row.parent) for row in chosen[start : start + PART]
        ]
        screened = cascade.parts.screen.score(texts)
        for at, (one, read) in enumerate(zip(screened, model.score(texts), strict=True)):
            said = cascade.parts.full.combine(
                group=one.group,
                screen=one.logits,
                rules=one.signals,
                model=read.logits,
            )
            said[:TRUTHS_AT] = np.exp(said[:TRUTHS_AT])
            said[TRUTHS_AT:] = 1 / (1 + np.exp(-said[TRUTHS_AT:]))
            chances[start + at] = said
        print(f"asked about {start + len(texts)} of {len(chosen)} texts", flush=True)
    np.savez_compressed(work / FILE, ids=np.array([row.id for row in chosen]), chances=chances)


def _choose(rows: Sequence[Row]) -> list[Row]:
    """Return all parts, and training texts of public sources, none of them much more than its share."""
    sources: dict[str, set[str]] = {}
    for row in rows:
        sources.setdefault(row.lang, set()).add(row.source)
    taken: dict[str, int] = {}
    chosen = []
    for row in sorted(rows, key=lambda row: hash_fraction(f"wish {row.id}")):
        if row.is_validation or row.source.startswith("own-") or not _is_readable(row):
            continue
        if not row.source.startswith(PARTS):
            share = 2 * PER_LANGUAGE // len(sources[row.lang])
            if taken.get(row.source, 0) >= share or taken.get(row.lang, 0) >= PER_LANGUAGE:
                continue
            taken[row.source] = taken.get(row.source, 0) + 1
            taken[row.lang] = taken.get(row.lang, 0) + 1
        chosen.append(row)
    return chosen


def _is_readable(row: Row) -> bool:
    try:
        require_readable(row.text)
    except UnreadableText:
        return False
    return True
