"""Choose about 80,000 of the 250,000 pieces so that the languages keep their segmentation.

A piece is kept if the frequent words of a language need it (lists of the package wordfreq, used
to choose only), if the training texts use it, or if it is a single character of a script that we
read. What is left over is filled by frequency of the piece itself.
"""

from __future__ import annotations

import collections
import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer, models, pre_tokenizers
from wordfreq import top_n_list

from amends_engine.triage.model.words import UNKNOWN, prepare_text
from training.model.carrier import Carrier

ROWS = "vocabulary-rows.npy"
SPECIAL = 4
"""The first pieces of the vocabulary: begin, padding, end, unknown."""

SIZE = 80_000
SCRIPTS = ("LATIN", "CYRILLIC", "ARABIC", "DEVANAGARI")
WORDS = {
    "en": 40_000,
    "tr": 90_000,
    "id": 60_000,
    "ru": 90_000,
    "nl": 80_000,
    "de": 25_000,
    "fr": 25_000,
    "es": 20_000,
    "pt": 20_000,
    "it": 8_000,
    "ar": 15_000,
    "ms": 10_000,
}
"""How many of the most frequent words of a language keep their pieces."""

LEAST = 2
"""How often the training texts must use a piece to keep it."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The tokenizer of the kept pieces, and the row of each in the full table."""

    tokenizer: Tokenizer
    rows: Sequence[int]


def make_tokenizer(pieces: Sequence[str], scores: Sequence[float]) -> Tokenizer:
    """Return a unigram tokenizer over blank-separated words."""
    tokenizer = Tokenizer(
        models.Unigram(list(zip(pieces, map(float, scores), strict=True)), unk_id=UNKNOWN)
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    return tokenizer


def choose_vocabulary(carrier: Carrier, *, texts: Sequence[str], size: int = SIZE) -> Vocabulary:
    """Return the vocabulary that serves the frequent words of each language and `texts`."""
    full = make_tokenizer(carrier.pieces, carrier.scores.tolist())
    used = _count(full, [prepare_text(text, carrier.characters) for text in texts])
    keep = set(range(SPECIAL)) | {at for at, count in used.items() if count >= LEAST}
    for language, count in WORDS.items():
        keep |= set(_count(full, _frequent_words(language, count)))
    readable = [
        at
        for at in np.argsort(-carrier.scores, kind="stable").tolist()
        if at >= SPECIAL and _is_readable(carrier.pieces[at])
    ]
    keep |= {at for at in readable if len(carrier.pieces[at].replace("▁", "")) <= 1}
    for at in readable:
        if len(keep) >= size:
            break
        keep.add(at)
    rows = sorted(keep)
    tokenizer = make_tokenizer(
        [carrier.pieces[at] for at in rows], [float(carrier.scores[at]) for at in rows]
    )
    return Vocabulary(tokenizer, rows)


def measure_agreement(carrier: Carrier, vocabulary: Vocabulary, *, texts: Sequence[str]) -> float:
    """Return the share of `texts` that both vocabularies cut into the same pieces."""
    full = make_tokenizer(carrier.pieces, carrier.scores.tolist())
    prepared = [prepare_text(text, carrier.characters) for text in texts]
    before = full.encode_batch_fast(prepared, add_special_tokens=False)
    after = vocabulary.tokenizer.encode_batch_fast(prepared, add_special_tokens=False)
    same = [
        one.ids == [vocabulary.rows[at] for at in other.ids]
        for one, other in zip(before, after, strict=True)
    ]
    return float(np.mean(same))


def save_vocabulary(vocabulary: Vocabulary, characters: Mapping[int, str], *, folder: Path) -> None:
    """Write the tokenizer and the character map as the engine reads them, and the kept rows."""
    vocabulary.tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    np.save(folder / ROWS, np.asarray(vocabulary.rows, dtype=np.int32))
    table = {str(code): char for code, char in sorted(characters.items())}
    (folder / "characters.json").write_text(json.dumps(table), encoding="utf-8")


def load_vocabulary(folder: Path) -> Vocabulary | None:
    """Return the vocabulary of an earlier run, whose weights fit no other; None if there is none."""
    if not (folder / ROWS).exists():
        return None
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    return Vocabulary(tokenizer, np.load(folder / ROWS).tolist())


def _frequent_words(language: str, count: int) -> Iterator[str]:
    for rank, word in enumerate(top_n_list(language, count)):
        yield word
        if rank < count // 4:
            yield word.capitalize()
        if rank < count // 20:
            yield word.upper()


def _count(tokenizer: Tokenizer, texts: Sequence[str] | Iterator[str]) -> collections.Counter[int]:
    counts: collections.Counter[int] = collections.Counter()
    for encoding in tokenizer.encode_batch_fast(list(texts), add_special_tokens=False):
        counts.update(encoding.ids)
    return counts


def _is_readable(piece: str) -> bool:
    return all(
        not char.isalpha() or unicodedata.name(char, "").startswith(SCRIPTS)
        for char in piece.replace("▁", "")
    )
