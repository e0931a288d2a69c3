"""What a user would pick instead: word lists with valences, and TF-IDF with logistic regression."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pyarrow.parquet as pq
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from benchmarks.engine.exams import READERS, Exam
from training.corpus import SOURCES
from training.hashing import hash_fraction

LEXICONS: Mapping[str, Sequence[str]] = {
    "id": ("id-inset-negative", "id-inset-positive"),
    "nl": ("nl-lupje-valence",),
}
TRAINING_CAP = 12_000
EDGE = 0.05
"""Compound score of VADER up to which its authors call a text neutral."""

Peer = Callable[[Exam], Sequence[str] | None]
"""Answers an exam, or declines it."""


def majority(exam: Exam) -> Sequence[str] | None:
    """Always the most frequent label: what any figure has to beat."""
    return [Counter(exam.truth).most_common(1)[0][0]] * len(exam.truth)


def vader(exam: Exam) -> Sequence[str] | None:
    """VADER (Hutto and Gilbert 2014), the usual first choice for English posts."""
    if exam.field != "sentiment":
        return None
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyser = SentimentIntensityAnalyzer()
    return [_sign(analyser.polarity_scores(one.text)["compound"], edge=EDGE) for one in exam.texts]


def textblob(exam: Exam) -> Sequence[str] | None:
    """TextBlob's polarity."""
    if exam.field != "sentiment":
        return None
    from textblob import TextBlob

    return [_sign(TextBlob(one.text).sentiment.polarity, edge=EDGE) for one in exam.texts]


def word_list(folder: Path) -> Peer:
    """A list of valences in the language, where the material has one; the sign of their sum."""

    def answer(exam: Exam) -> Sequence[str] | None:
        if exam.field != "sentiment" or exam.lang not in LEXICONS:
            return None
        valences: dict[str, float] = {}
        for name in LEXICONS[exam.lang]:
            for row in pq.read_table(folder / "lexicon" / f"{name}.parquet").to_pylist():
                valences[row["text"].lower()] = float(row["label"])
        sums = (
            sum(valences.get(word.strip(".,!?"), 0.0) for word in one.text.lower().split())
            for one in exam.texts
        )
        return [_sign(total, edge=0.0) for total in sums]

    return answer


def tfidf(folder: Path) -> Peer:
    """TF-IDF of words and characters with logistic regression, trained on the set's own texts.

    On a set that the engine never saw it is trained on all texts of that language and field, as
    somebody would who has no labels of their own.
    """

    def answer(exam: Exam) -> Sequence[str] | None:
        if exam.field not in READERS or exam.name.startswith("own-"):
            return None
        texts, labels = _training(folder, exam)
        if len(set(labels)) < 2:
            return None
        model = make_pipeline(
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2),
            LogisticRegression(C=4.0, max_iter=200, class_weight="balanced"),
        )
        model.fit(texts, labels)
        return [str(label) for label in model.predict([one.text for one in exam.texts])]

    return answer


def _training(folder: Path, exam: Exam) -> tuple[list[str], list[str]]:
    read, _ = READERS[exam.field]
    asked = {one.text for one in exam.texts}
    texts, labels = [], []
    for source in SOURCES:
        name = source.path.rpartition("/")[2]
        if not (folder / f"{source.path}.parquet").exists() or source.is_weak:
            continue
        is_kind = source.path.startswith(_FOLDERS[exam.field])
        if not is_kind or (name != exam.name and not exam.is_foreign):
            continue
        rows = pq.read_table(folder / f"{source.path}.parquet").to_pylist()
        for row in sorted(rows, key=lambda row: hash_fraction(str(row["id"])))[:TRAINING_CAP]:
            if row["lang"] == exam.lang and row["text"] not in asked:
                texts.append(str(row["text"]))
                labels.append(read(str(row["label"])))
    return texts, labels


_FOLDERS = {
    "sentiment": "sentiment/",
    "complaint": "complaints/",
    "offensive": "toxicity/",
    "spam": "spam/",
}


def _sign(value: float, *, edge: float) -> str:
    if value > edge:
        return "positive"
    return "negative" if value < -edge else "neutral"
