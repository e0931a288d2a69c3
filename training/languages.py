"""Train the language head: our five languages against all others."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.metrics import f1_score

from amends_engine.text.normalise import fold_diacritics
from amends_engine.triage.heads import Head, quantise, softmax
from training import fit
from training.material import SHAPE, Material, Rows
from training.measure import Report
from training.sources import LANGUAGES, hash_fraction

OTHER = "other"
CLASSES = (*LANGUAGES, OTHER)
CAP = 4000
OTHER_CAP = 700
"""Texts of each language that is not ours: together about as many as one of ours."""

OWN_MOST = 2.0
TEST_CAP = 400
DRESSED_EVERY = 3
_TWEET_MARKS = re.compile(r"@\w+|https?\S*|\bRT\b")
"""Most sets of other languages are tweets. Without care the handle, not the words, would say
"other": so marks are taken from the cut copies, and put on every third text of our languages."""

SHORT_TEXTS = (12, 25, 45)
"""Texts are also learned cut to these lengths, since comments are short."""


def train_language(material: Material, report: Report) -> Head:
    """Fit on at most `CAP` texts a class, whole and cut; measure on unseen ones, whole and cut."""
    train, test = _choose_rows(material)
    texts = [material.examples[row].text for row in train.tolist()]
    bare = [_TWEET_MARKS.sub(" ", text).strip() for text in texts]
    cut = [text[: SHORT_TEXTS[index % len(SHORT_TEXTS)]] for index, text in enumerate(bare)]
    targets = _classes_of(material, train)
    turkish = targets == LANGUAGES.index("tr")
    ascii_turkish = [fold_diacritics(texts[at].replace("ı", "i")) for at in np.flatnonzero(turkish)]
    dressed_rows = np.flatnonzero(targets < len(LANGUAGES))[::DRESSED_EVERY]
    dressed = [f"@user {bare[at]} http" for at in dressed_rows]
    features = sparse.vstack(
        [
            material.features[train],
            extract_features(material, cut),
            extract_features(material, ascii_turkish),
            extract_features(material, dressed),
        ],
        format="csr",
    )
    every = np.concatenate((targets, targets, targets[turkish], targets[dressed_rows]))
    given = np.array([material.examples[row].weight for row in train.tolist()])
    given = np.clip(given, 1.0, OWN_MOST)
    weights = np.concatenate((given, given, given[turkish], given[dressed_rows]))
    columns = fit.fit_languages(features, every, weights=weights, seed=material.seed)
    _report_languages(material, columns, test=test, report=report)
    stacked = np.stack([column.weights for column in columns], axis=1)
    stored, scales = quantise(stacked * material.rarity.astype(np.float64)[:, None])
    return Head(stored, scales, np.array([column.bias for column in columns]))


def extract_features(material: Material, texts: Sequence[str]) -> sparse.csr_matrix:
    """Return scaled features of new texts, with the rarity of the material."""
    counts = fit.count_features(texts, shape=SHAPE)
    return fit.scale_features(counts, rarity=material.rarity, shape=SHAPE)


def _choose_rows(material: Material) -> tuple[Rows, Rows]:
    order = sorted(
        range(len(material.examples)), key=lambda row: hash_fraction(material.examples[row].id)
    )
    chosen: dict[bool, list[int]] = {False: [], True: []}
    counts: dict[tuple[str, bool], int] = {}
    for row in order:
        example = material.examples[row]
        key = (example.lang, example.is_validation)
        is_own = example.source.startswith("own-")
        cap = CAP if example.lang in LANGUAGES else OTHER_CAP
        cap = TEST_CAP if example.is_validation else cap
        if not is_own and counts.get(key, 0) >= cap:
            continue
        counts[key] = counts.get(key, 0) + 1
        chosen[example.is_validation].append(row)
    return np.array(chosen[False], dtype=np.int64), np.array(chosen[True], dtype=np.int64)


def _classes_of(material: Material, rows: Rows) -> Rows:
    langs = [material.examples[row].lang for row in rows.tolist()]
    return np.array(
        [LANGUAGES.index(lang) if lang in LANGUAGES else len(LANGUAGES) for lang in langs]
    )


def _report_languages(
    material: Material, columns: Sequence[fit.LinearFit], *, test: Rows, report: Report
) -> None:
    texts = [material.examples[row].text for row in test.tolist()]
    truth = _classes_of(material, test)
    for name, length in (("whole", 10_000), ("first 40 characters", 40), ("first 20", 20)):
        features = extract_features(material, [text[:length] for text in texts])
        scores = np.stack([column.scores(features) for column in columns], axis=1)
        probabilities: npt.NDArray[np.float64] = softmax(scores)
        guess = probabilities.argmax(axis=1)
        figures: dict[str, float | int] = {
            "n": len(truth),
            "macro_f1": float(f1_score(truth, guess, average="macro")),
        }
        for index, code in enumerate(CLASSES):
            figures[code] = float((guess[truth == index] == index).mean())
        report.add(f"language/{name}", figures)
