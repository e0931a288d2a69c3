"""Measure what rules and personal data cost a text, on texts of all five languages.

Run from the repository root: python -m benchmarks.rules --data FOLDER
Process time of one thread, best of five passes; texts of 90 to 260 characters from the validation
splits, so that the mean is about 150.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq

from amends_engine.text.normalise import normalise_text
from amends_engine.text.personal_data import find_personal_data
from amends_engine.text.phrases import split_words
from amends_engine.triage.find import RULE_LANGUAGES, find_in_text
from amends_engine.triage.rulebook import load_rulebook

PER_LANGUAGE = 400
PASSES = 5


def read_texts(data: Path) -> list[tuple[str, str]]:
    """Return (language, text); at most `PER_LANGUAGE` of each."""
    texts = []
    for code in RULE_LANGUAGES:
        found: list[str] = []
        for path in sorted(data.glob(f"open/*/{code}-*.parquet")):
            rows = pq.read_table(path, columns=["text", "split"]).to_pylist()
            held = (row["text"] for row in rows if row["split"] == "validation")
            found += [text for text in held if 90 <= len(text) <= 260][:PER_LANGUAGE]
        texts += [(code, text) for text in found[:: max(1, len(found) // PER_LANGUAGE)]]
    return texts


def time_pass(work: Callable[[], object], *, count: int) -> float:
    """Return microseconds a text, the best of `PASSES`."""
    best = float("inf")
    for _ in range(PASSES):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return best / count * 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    texts = read_texts(parser.parse_args().data)
    ready = [(code, text, normalise_text(text)) for code, text in texts]
    split = [(code, split_words(form)) for code, _, form in ready]
    stages: dict[str, Callable[[], object]] = {
        "normalise": lambda: [normalise_text(text) for _, text in texts],
        "split words": lambda: [split_words(form) for _, _, form in ready],
        "rules": lambda: [load_rulebook(code).find_matches(words) for code, words in split],
        "personal data": lambda: [find_personal_data(text) for _, text in texts],
        "all findings (without normalise)": lambda: [
            find_in_text(text, normalised=form, language=code) for code, text, form in ready
        ],
    }
    mean = sum(len(text) for _, text in texts) / len(texts)
    print(f"{len(texts)} texts, {mean:.0f} characters a text\n")
    print("| stage | microseconds a text |\n|---|---|")
    for name, work in stages.items():
        print(f"| {name} | {time_pass(work, count=len(texts)):.1f} |")


if __name__ == "__main__":
    main()
