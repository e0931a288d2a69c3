"""What more of the model costs and brings: quality against the share of texts that it reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from sklearn.metrics import f1_score

from amends_engine.triage.cascade import Cascade, load_cascade
from amends_engine.triage.router import ALWAYS
from benchmarks.engine.exams import Exam

SHARES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0)
FIELDS = ("sentiment", "complaint", "category", "high or critical", "any ground")


def measure_curve(exams: Sequence[Exam]) -> list[dict[str, object]]:
    """Return macro-F1 by field over all languages, for growing shares of texts to the model."""
    base = load_cascade()
    asked = [exam for exam in exams if exam.field in FIELDS]
    texts = next(iter([exam.texts for exam in asked]))
    rows = []
    chances = route_chances(base, exams=asked)
    for share in SHARES:
        threshold = ALWAYS if share == 1 else float(np.quantile(chances, 1 - share)) + 1e-9
        parts = replace(base.parts, router=replace(base.parts.router, threshold=threshold))
        cascade = Cascade(parts, engine=base.engine)
        row: dict[str, object] = {
            "asked for": f"{share:.0%}",
            "to the model": f"{cascade.count_escalated(texts) / len(texts):.0%}",
        }
        for field in FIELDS:
            truth: list[str] = []
            guess: list[str] = []
            for exam in asked:
                if exam.field == field:
                    truth += exam.truth
                    guess += [exam.answer(one)[0] for one in cascade.assess(exam.texts)]
            row[field] = float(f1_score(truth, guess, average="macro", zero_division=0))
        rows.append(row)
    return rows


def route_chances(cascade: Cascade, *, exams: Sequence[Exam]) -> np.ndarray:
    """Return the router's chances for the texts of the first exam of each language."""
    seen: set[str] = set()
    found = []
    for exam in exams:
        if exam.lang not in seen:
            seen.add(exam.lang)
            found.append(cascade.rate(exam.texts))
    return np.concatenate(found)
