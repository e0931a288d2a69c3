"""Measure the engine on validation texts that it never learned, beside what needs no training.

Run from the repository root: python -m benchmarks.engine --data FOLDER [--json FILE]
Peers: the majority class, and a lexicon of valences where the material has one for the language.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq
from sklearn.metrics import f1_score

from amends_engine.classifier import Assessment, TextInput, UnreadableText, require_readable
from amends_engine.text.normalise import normalise_text
from amends_engine.text.phrases import split_words
from amends_engine.triage.screen import load_screen
from training.sources import hash_fraction

LEXICONS: Mapping[str, Sequence[str]] = {
    "id": ("id-inset-negative", "id-inset-positive"),
    "nl": ("nl-lupje-valence",),
}


@dataclass(frozen=True)
class Exam:
    """A validation split: how its labels read, and how an assessment answers."""

    path: str
    field: str
    truth: Callable[[str], str]
    answer: Callable[[Assessment], str]


def _sentiment(answer: Assessment) -> str:
    return answer.sentiment.label


def _exam(field: str, path: str) -> Exam:
    if field == "sentiment":
        return Exam(path, field, str, _sentiment)
    if field == "complaint":
        return Exam(
            path, field, lambda label: str(label == "complaint"), lambda a: str(a.complaint.label)
        )
    if field == "spam":
        return Exam(
            path, field, lambda label: str(label == "spam"),
            lambda a: str(a.policy_ground.label in ("spam", "scam")),
        )  # fmt: skip
    return Exam(path, field, lambda label: str(label != "not"), lambda a: str(a.flags["offensive"]))


EXAMS = tuple(
    _exam(field, path)
    for field, paths in {
        "sentiment": (
            "sentiment/en-tweeteval", "sentiment/en-umsab", "sentiment/tr-ecommerce-kaggle",
            "sentiment/id-smsa", "sentiment/id-idsa", "sentiment/ru-sentirueval15-banks",
            "sentiment/ru-sentirueval15-telecoms", "sentiment/nl-xed-projected",
        ),
        "complaint": ("complaints/en-preotiuc19",),
        "offensive": (
            "toxicity/en-olid", "toxicity/tr-offenseval20", "toxicity/tr-teknofest23",
            "toxicity/ru-russe-detox22",
        ),
        "spam": ("spam/en-youtube", "spam/id-judol-youtube", "spam/id-sms"),
    }.items()
    for path in paths
)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the open material")
    parser.add_argument("--json", type=Path, help="also write the figures there")
    options = parser.parse_args(arguments)
    rows = [measure_exam(exam, folder=options.data) for exam in EXAMS]
    print_table(rows)
    speed = measure_speed(options.data)
    print()
    for name, value in speed.items():
        print(f"{name:<34} {value}")
    if options.json:
        options.json.write_text(json.dumps({"exams": rows, "speed": speed}, indent=1))
    return 0


def measure_exam(exam: Exam, *, folder: Path) -> dict[str, object]:
    """Return the macro-F1 of the screen and of its peers on one validation split."""
    texts, truth, lang = read_validation(exam, folder=folder)
    inputs = [TextInput(id=number, text=text) for number, text in enumerate(texts)]
    answers = load_screen().assess(inputs)
    row: dict[str, object] = {
        "field": exam.field,
        "set": exam.path.rpartition("/")[2],
        "n": len(texts),
        "screen": score(truth, [exam.answer(answer) for answer in answers]),
        "majority": score(truth, [Counter(truth).most_common(1)[0][0]] * len(truth)),
    }
    if exam.field == "sentiment":
        if lang in LEXICONS:
            lexicon = read_lexicon(folder, lang)
            row["lexicon"] = score(truth, [guess_by_lexicon(text, lexicon) for text in texts])
        sure = [
            answer.sentiment.label == label
            for answer, label in zip(answers, truth, strict=True)
            if answer.sentiment.sure
        ]
        row["sure"] = len(sure) / len(texts)
        row["right when sure"] = sum(sure) / len(sure) if sure else None
    return row


def read_validation(exam: Exam, *, folder: Path) -> tuple[list[str], list[str], str]:
    """Return texts, labels and language of the part that training holds back."""
    table = pq.read_table(folder / f"{exam.path}.parquet").to_pylist()
    texts, truth = [], []
    for row in table:
        is_held = row["split"] == "validation"
        if exam.path.endswith("en-tweeteval"):
            is_held = hash_fraction(row["id"]) < 1 / 3
        try:
            require_readable(row["text"])
        except UnreadableText:
            continue
        if is_held:
            texts.append(row["text"])
            truth.append(exam.truth(row["label"]))
    return texts, truth, table[0]["lang"]


def read_lexicon(folder: Path, lang: str) -> dict[str, float]:
    """Return the valence of each single word."""
    lexicon: dict[str, float] = {}
    for name in LEXICONS[lang]:
        for row in pq.read_table(folder / "lexicon" / f"{name}.parquet").to_pylist():
            lexicon[row["text"].lower()] = float(row["label"])
    return lexicon


def guess_by_lexicon(text: str, lexicon: Mapping[str, float]) -> str:
    """Return the sign of the sum of valences; neutral at zero."""
    total = sum(lexicon.get(word, 0.0) for word in split_words(normalise_text(text)).keys)
    return "positive" if total > 0 else "negative" if total < 0 else "neutral"


def score(truth: Sequence[str], guess: Sequence[str]) -> float:
    """Return macro-F1 over the labels that occur."""
    return float(
        f1_score(truth, guess, labels=sorted(set(truth)), average="macro", zero_division=0)
    )


def measure_speed(folder: Path) -> dict[str, str]:
    """Return texts a second in batches and alone, loading time and memory of a fresh process."""
    texts, _, _ = read_validation(EXAMS[2], folder=folder)
    inputs = [TextInput(id=number, text=text) for number, text in enumerate(texts * 4)]
    screen = load_screen()
    screen.assess(inputs[:500])
    began = time.process_time()
    screen.assess(inputs)
    batched = len(inputs) / (time.process_time() - began)
    began = time.process_time()
    for text in inputs[:500]:
        screen.assess([text])
    single = 500 / (time.process_time() - began)
    fresh = (
        "import time; began = time.monotonic();"
        "from amends_engine.triage.screen import load_screen; load_screen();"
        "print(time.monotonic() - began);"
        "print(open('/proc/self/status').read().split('VmRSS:')[1].split()[0])"
    )
    source = Path(__file__).parent.parent / "src"
    printed = subprocess.run(
        [sys.executable, "-c", fresh], capture_output=True, text=True, check=True,
        env={"PYTHONPATH": str(source)},
    ).stdout.split()  # fmt: skip
    mean = sum(map(len, texts)) / len(texts)
    return {
        "mean characters a text": f"{mean:.0f}",
        "texts per CPU second, batches": f"{batched:.0f}",
        "texts per CPU second, one by one": f"{single:.0f}",
        "import and load, seconds": f"{float(printed[0]):.2f}",
        "resident after load, MB": f"{int(printed[1]) / 1024:.0f}",
        "peak of this process, MB": f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}",
    }


def print_table(rows: Sequence[Mapping[str, object]]) -> None:
    """Print the rows as a Markdown table."""
    columns = ("field", "set", "n", "screen", "majority", "lexicon", "sure", "right when sure")
    print("| " + " | ".join(columns) + " |")
    print("|" + "---|" * len(columns))
    for row in rows:
        cells = [row.get(name) for name in columns]
        shown = [f"{cell:.3f}" if isinstance(cell, float) else str(cell or "–") for cell in cells]
        print("| " + " | ".join(shown) + " |")


if __name__ == "__main__":
    sys.exit(main())
