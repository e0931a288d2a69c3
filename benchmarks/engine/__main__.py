"""Measure the engine beside its peers.

Run from the repository root:

    pip install -r requirements/benchmarks.txt
    python -m benchmarks.engine --data FOLDER [--research FOLDER] [--json FILE]

`FOLDER` is the open material of training; `--research` adds sources that may be measured but never
trained on. Prints Markdown tables.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from sklearn.metrics import f1_score

from amends_engine.triage.cascade import load_cascade, load_screen_alone
from benchmarks.engine import peers
from benchmarks.engine.curve import measure_curve
from benchmarks.engine.exams import Exam, read_exams
from benchmarks.engine.languages import measure_languages
from benchmarks.engine.speed import measure_speed

BINS = 10


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the open material")
    parser.add_argument("--research", type=Path, help="folder of material to measure on only")
    parser.add_argument("--json", type=Path, help="also write the figures there")
    options = parser.parse_args(arguments)
    exams = list(read_exams(options.data, options.research))
    rows = [measure_exam(exam, folder=options.data) for exam in exams]
    print_table(rows)
    languages = measure_languages()
    print_table(languages)
    curve = measure_curve([exam for exam in exams if exam.name.startswith("own-")])
    print_table(curve)
    with tempfile.TemporaryDirectory() as folder:
        texts = pick_speed_texts(exams)
        speed = measure_speed(texts, folder=Path(folder))
    mean = sum(map(len, texts)) / len(texts)
    print(f"\nSpeed on texts of {mean:.0f} characters (mean), one thread:\n")
    print_table([{"tier": tier, **figures} for tier, figures in speed.items()])
    if options.json:
        found = {"exams": rows, "languages": languages, "curve": curve, "speed": speed}
        options.json.write_text(json.dumps(found, indent=1))
    return 0


def measure_exam(exam: Exam, *, folder: Path) -> dict[str, object]:
    """Return macro-F1 of cascade, screen and peers on one exam, and how honest the cascade is."""
    answers = [exam.answer(one) for one in load_cascade().assess(exam.texts)]
    fast = [exam.answer(one)[0] for one in load_screen_alone().assess(exam.texts)]
    guesses = [label for label, _ in answers]
    row: dict[str, object] = {
        "field": exam.field,
        "set": exam.name + (" (never trained on)" if exam.is_foreign else ""),
        "n": len(exam.texts),
        "cascade": score(exam.truth, guesses),
        "screen": score(exam.truth, fast),
        "calibration error": calibration_error(exam.truth, answers),
    }
    for name, peer in {
        "majority": peers.majority,
        "TF-IDF": peers.tfidf(folder),
        "VADER": peers.vader,
        "TextBlob": peers.textblob,
        "word list": peers.word_list(folder),
    }.items():
        if exam.name.startswith("own-") and name != "majority":
            continue
        found = peer(exam)
        if found is not None:
            row[name] = score(exam.truth, found)
    return row


def score(truth: Sequence[str], guess: Sequence[str]) -> float:
    """Return macro-F1 over the labels that occur in the truth."""
    return float(
        f1_score(truth, guess, labels=sorted(set(truth)), average="macro", zero_division=0)
    )


def calibration_error(truth: Sequence[str], answers: Sequence[tuple[str, float]]) -> float:
    """Return the expected calibration error over ten bins of equal width (Naeini et al. 2015)."""
    chances = np.array([chance for _, chance in answers])
    right = np.array([label == true for (label, _), true in zip(answers, truth, strict=True)])
    bins = np.minimum((chances * BINS).astype(int), BINS - 1)
    return float(
        sum(
            abs(right[bins == one].mean() - chances[bins == one].mean()) * (bins == one).mean()
            for one in np.unique(bins)
        )
    )


def pick_speed_texts(exams: Sequence[Exam]) -> list[str]:
    """Return texts of the five languages in turn, of about 150 characters in the mean."""
    picked: list[str] = []
    pools = {
        lang: [
            one.text
            for exam in exams
            if exam.lang == lang and exam.field == "sentiment"
            for one in exam.texts
            if 80 <= len(one.text) <= 240
        ]
        for lang in ("tr", "id", "ru", "nl", "en")
    }
    for at in range(max(map(len, pools.values()))):
        picked += [pool[at % len(pool)] for pool in pools.values() if pool]
    return picked


def print_table(rows: Sequence[Mapping[str, object]]) -> None:
    """Print the rows as a Markdown table."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    print("\n| " + " | ".join(columns) + " |")
    print("|" + "---|" * len(columns))
    for row in rows:
        cells = [row.get(name, "–") for name in columns]
        shown = [f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in cells]
        print("| " + " | ".join(shown) + " |")


if __name__ == "__main__":
    sys.exit(main())
