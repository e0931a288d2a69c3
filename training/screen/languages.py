"""Teach the language head: real short texts, cut and dressed, and words from frequency lists.

The head reads words alone, not their order, so that words drawn by frequency make as good a text
as a written one; they cover common words and languages for which there are no labelled texts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import wordfreq
from scipy import sparse

from amends_engine.text.normalise import fold_diacritics
from amends_engine.triage.heads import Floats
from training.corpus import OWN_FOLDER, Row, fingerprint
from training.hashing import hash_fraction
from training.screen.features import Features, extract_features
from training.screen.fit import Lesson, fit_linear

ALONE = (
    "en", "tr", "id", "ru", "nl", "de", "fr", "es", "pt", "it", "ar", "hi", "ms", "jv", "su", "uk",
    "bg", "kk", "az", "af", "da", "sv", "nb", "pl", "cs", "fi", "hu", "ro", "fil",
)  # fmt: skip
"""Languages that are told apart."""

REST = "other"
REMAINING = (
    "bn", "ca", "el", "fa", "he", "is", "ja", "ko", "lt", "lv", "mk", "sh", "sk", "sl", "ta", "ur",
    "vi", "zh",
)  # fmt: skip
"""Languages of the frequency lists that are known only as none of the others."""

CODES = (*ALONE, REST)
OURS = ALONE[:5]
DRAWN = {True: 5_000, False: 1_500}
"""Texts drawn from frequency lists, for our languages and for others."""

REAL = {True: 4_000, False: 1_000}
LISTED_WORDS = 20_000
FLATTENING = 0.7
"""Exponent on frequencies, so that rarer words are met as well."""

SINGLE = {True: 4_000, False: 1_000}
"""Commonest words of a list that also stand alone as a text."""

STRENGTH = 60.0
OURS_WEIGHT = 3.0
"""A desk that answers in our languages is written to in them."""

SLANGY = {"jv": 0.3, "su": 0.3}
"""Languages that Indonesian chat borrows from: they must not take it away."""

SHARPNESS = 1.5
"""Factor on the scores: the penalty leaves them too modest (by unseen texts whole and cut)."""

SHORTEST_CUT, LONGEST_CUT = 8, 60
EXTRA = ("irony/en-tweeteval", "irony/tr-ironytr", "sentiment/jv-nusax", "sentiment/su-nusax")


@dataclass(frozen=True)
class LanguageHead:
    """Weights (buckets of words × codes) and biases."""

    weights: Floats
    biases: Floats

    def probabilities(self, features: Features) -> Floats:
        scores = features.words @ self.weights + self.biases
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)


def teach_languages(folder: Path, rows: Sequence[Row], *, seed: int) -> LanguageHead:
    """Fit on training rows, other open texts under `folder`, our own, and frequency lists."""
    generator = np.random.default_rng(seed)
    pairs = [*_real_texts(folder, rows, generator), *_drawn_texts(generator)]
    texts, langs = [text for text, _ in pairs], [lang for _, lang in pairs]
    features = extract_features(texts, has_marks=True, has_pairs=False).words
    places = np.array([CODES.index(lang if lang in ALONE else REST) for lang in langs])
    fits = np.zeros((len(texts), len(CODES)), dtype=bool)
    fits[np.arange(len(texts)), places] = True
    weights = np.array(
        [OURS_WEIGHT if lang in OURS else SLANGY.get(lang, 1.0) for lang in langs], dtype=np.float32
    )
    lesson = Lesson(
        features=sparse.csr_matrix(features, dtype=np.float32),
        base=np.zeros((len(texts), 0), dtype=np.float32),
        fits=fits,
        known=np.ones_like(fits),
        sources=np.zeros(len(texts), dtype=np.int64),
        weights=weights,
    )
    linear = fit_linear(lesson, strength=STRENGTH)
    biases = linear.biases + linear.offsets.mean(axis=0)
    return LanguageHead(linear.weights * SHARPNESS, biases * SHARPNESS)


def _real_texts(
    folder: Path, rows: Sequence[Row], generator: np.random.Generator
) -> Iterator[tuple[str, str]]:
    counts: dict[str, int] = {}
    apart = {fingerprint(row.text) for row in rows if row.is_validation}
    known = [(row.id, row.text, row.lang) for row in rows if not row.is_validation]
    known += [
        (str(one["id"]), str(one["text"]), str(one["lang"]))
        for path in EXTRA
        for one in pq.read_table(folder / f"{path}.parquet").to_pylist()
        if one["split"] != "validation" and fingerprint(str(one["text"])) not in apart
    ]
    for key, text, lang in sorted(known, key=lambda one: hash_fraction(one[0])):
        is_own = key.startswith("own-")
        if not is_own and counts.get(lang, 0) >= REAL[lang in OURS]:
            continue
        counts[lang] = counts.get(lang, 0) + 1
        yield from _vary(text, lang, generator)
    path = OWN_FOLDER / "other_languages.jsonl"
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        for _ in range(4):
            yield from _vary(row["text"], row["lang"], generator)


def _vary(text: str, lang: str, generator: np.random.Generator) -> Iterator[tuple[str, str]]:
    """Yield the text, a piece of it, and one of both without its marks where it has any."""
    yield text, lang
    length = int(generator.integers(SHORTEST_CUT, LONGEST_CUT))
    begins = [0, *(at + 1 for at, char in enumerate(text[:-length]) if char == " ")]
    begin = begins[int(generator.integers(len(begins)))]
    piece = text[begin : begin + length]
    if any(map(str.isalpha, piece)):
        yield piece, lang
    plain = fold_diacritics((text if generator.random() < 0.5 else piece).replace("ı", "i"))
    if plain not in (text, piece) and any(map(str.isalpha, plain)):
        yield plain, lang


def _drawn_texts(generator: np.random.Generator) -> Iterator[tuple[str, str]]:
    for lang in (*ALONE, *REMAINING):
        if lang not in wordfreq.available_languages("small"):
            continue
        listed = sorted(wordfreq.get_frequency_dict(lang).items(), key=lambda one: -one[1])
        words = [word for word, _ in listed[:LISTED_WORDS]]
        chances = np.array([share for _, share in listed[:LISTED_WORDS]]) ** FLATTENING
        chances = chances / chances.sum()
        count = DRAWN[lang in OURS] if lang in ALONE else DRAWN[False] // 4
        for word in words[: SINGLE[lang in OURS]] if lang in ALONE else ():
            yield word, lang
        lengths = generator.integers(1, 7, size=count)
        drawn = generator.choice(len(words), size=int(lengths.sum()), p=chances).tolist()
        at = 0
        for length in lengths.tolist():
            text = " ".join(words[number] for number in drawn[at : at + length])
            at += length
            if any(map(str.isalpha, text)):
                yield text, lang
                if lang == "tr" and not text.isascii():
                    yield fold_diacritics(text.replace("ı", "i")), lang
