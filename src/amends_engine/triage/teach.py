"""Teach the engine from a workspace's corrections, and say with figures whether that helps.

A field is taught from at least 40 texts that people confirmed or corrected; a label moves only if
at least eight of them carry it. Five folds give the figures before and after: each text is judged
by a head that has not seen it (texts with the same letters lie in one fold). Fields that do not
gain beyond luck are left out; a head that falls below the shipped engine on the golden set is
refused.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from amends_engine.classifier import TextInput
from amends_engine.triage.compare import BETTER, Answer, Figure, compare_answers
from amends_engine.triage.compose import compose
from amends_engine.triage.fit_head import FieldTask, Whole, fit_field
from amends_engine.triage.golden import FALL, Golden, compare_on_golden, find_fall
from amends_engine.triage.head import (
    MOST_CHANGE,
    WorkspaceHead,
    columns_of,
    keep_rules,
    read_features,
    unit,
)
from amends_engine.triage.layout import CHOICES, TRUTHS, WIDTH
from amends_engine.triage.scores import Floats, normalise_choices
from amends_engine.triage.taught import TaughtClassifier, Teachable, blend_tiers, vector_of

LEAST_TEXTS = 40
LEAST_EACH = 8
MOST_TEXTS = 2_000
"""Texts that are learned from at most; the caller gives the newest."""

FOLDS = 5
BATCH = 32
SCORED, FITTED = 50, 90
"""Per cent of the work when all texts are scored, and when all fields are fitted."""

Tell = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class CorrectedText:
    """A text and what people say of it: field → label, of those they confirmed or corrected."""

    text: TextInput
    said: Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A head that helps, with its figures: by five folds, and on the golden set."""

    head: WorkspaceHead
    figures: Sequence[Figure]
    golden: Sequence[Figure]
    facts: Mapping[str, Any]


class NotTaught(Exception):
    """Raised when no head comes of it; `code` says why, `facts` with which numbers.

    Codes: `too_few` (have, need), `all_alike` (texts), `no_gain` (texts), `golden_fell` (field,
    before, after).
    """

    def __init__(self, code: str, *, figures: Sequence[Figure] = (), **facts: Any) -> None:
        super().__init__(f"{code}: {facts}")
        self.code = code
        self.figures = figures
        self.facts = facts


@dataclass(frozen=True, slots=True)
class _Scored:
    """The texts as the engine sees them: numbers (n × 39), vectors, languages, folds."""

    scores: Floats
    vectors: Sequence[Floats | None]
    languages: Sequence[str]
    folds: Whole
    centre: npt.NDArray[np.float64]
    scale: float
    features: npt.NDArray[np.float64]


def teach(
    engine: Teachable,
    texts: Sequence[CorrectedText],
    *,
    head_id: str,
    golden: Golden,
    tell: Tell = lambda _percent: None,
) -> Candidate:
    """Return a head that helps; raise NotTaught saying why there is none.

    `tell` is given the per cent done, often; what it raises ends the work.
    """
    texts = texts[:MOST_TEXTS]
    fields = _fields_to_teach(texts)
    scored = _score(engine, texts, tell=tell)
    tasks = _tasks_of(texts, scored, fields)
    if not tasks:
        raise NotTaught("all_alike", texts=len(texts))
    weights, figures = _fit(tasks, scored, tell=tell)
    if not weights:
        raise NotTaught("no_gain", figures=figures, texts=len(texts))
    head = WorkspaceHead(
        head_id, engine.engine, weights, scored.centre.astype(np.float32), scale=scored.scale
    )
    on_golden = _check_golden(engine, head, golden=golden, figures=figures, tell=tell)
    facts = {
        "texts": len(texts),
        "figures": [one.to_json() for one in figures],
        "golden": {"version": golden.version, "figures": [one.to_json() for one in on_golden]},
    }
    return Candidate(head, figures, on_golden, facts)


def _fit(
    tasks: Mapping[str, tuple[FieldTask, Whole]], scored: _Scored, *, tell: Tell
) -> tuple[dict[str, Floats], list[Figure]]:
    """Return the weights of the fields that gain, and the figures of all that were tried."""
    weights: dict[str, Floats] = {}
    figures: list[Figure] = []
    for number, (field, (task, at)) in enumerate(tasks.items()):
        percent = SCORED + (FITTED - SCORED) * number // len(tasks)
        found = _validate(field, task, at=at, scored=scored, tell=partial(tell, percent))
        figures += found
        if found[0].verdict == BETTER:
            weights[field] = fit_field(task)
    tell(FITTED)
    return weights, figures


def _fields_to_teach(texts: Sequence[CorrectedText]) -> list[str]:
    counts = Counter(field for one in texts for field in one.said)
    fields = [field for field in (*CHOICES, *TRUTHS) if counts[field] >= LEAST_TEXTS]
    if not fields:
        raise NotTaught("too_few", have=max(counts.values(), default=0), need=LEAST_TEXTS)
    return fields


def _score(engine: Teachable, texts: Sequence[CorrectedText], *, tell: Tell) -> _Scored:
    scores = np.zeros((len(texts), WIDTH), dtype=np.float32)
    vectors: list[Floats | None] = []
    languages: list[str] = []
    for start in range(0, len(texts), BATCH):
        batch = engine.score([one.text for one in texts[start : start + BATCH]])
        for at, tiers in enumerate(batch, start):
            scores[at] = blend_tiers(tiers, blend=engine.blend_of(tiers))
            vectors.append(vector_of(tiers))
            languages.append(tiers.screen.language.code)
        tell(SCORED * min(start + BATCH, len(texts)) // len(texts))
    centre, scale = _place(vectors)
    return _Scored(
        scores,
        vectors,
        languages,
        np.array([_fold(one.text.text) for one in texts], dtype=np.int64),
        centre,
        scale,
        read_features(scores, vectors, centre=centre, scale=scale),
    )


def _place(vectors: Sequence[Floats | None]) -> tuple[npt.NDArray[np.float64], float]:
    """Return the middle of all vectors, and what brings their distances from it to about one."""
    known = [unit(one) for one in vectors if one is not None]
    if not known:
        return np.zeros(0), 1.0
    table = np.stack(known)
    centre = table.mean(axis=0).astype(np.float32).astype(np.float64)
    spread = float(np.sqrt(((table - centre) ** 2).sum(axis=1).mean()))
    return centre, 1.0 / max(spread, 1e-3)


def _fold(text: str) -> int:
    folded = unicodedata.normalize("NFKC", text).casefold()
    letters = "".join(char for char in folded if char.isalnum()) or folded
    digest = hashlib.sha256(letters.encode("utf-8", "surrogatepass")).digest()
    return digest[0] % FOLDS


def _tasks_of(
    texts: Sequence[CorrectedText], scored: _Scored, fields: Sequence[str]
) -> dict[str, tuple[FieldTask, Whole]]:
    found = {field: _task_of(texts, scored, field) for field in fields}
    return {field: task for field, task in found.items() if task is not None}


def _task_of(
    texts: Sequence[CorrectedText], scored: _Scored, field: str
) -> tuple[FieldTask, Whole] | None:
    """Return what teaches a field and where its texts stand; None where the engine is always right."""
    at = np.array([place for place, one in enumerate(texts) if field in one.said], dtype=np.int64)
    labels = [_number(field, texts[place].said[field]) for place in at.tolist()]
    wanted = np.array(labels, dtype=np.int64)
    columns = columns_of(field)
    width = columns.stop - columns.start
    counts = np.bincount(wanted, minlength=max(width, 2))
    moves = counts[:width] >= LEAST_EACH if width > 1 else np.array([counts.min() >= LEAST_EACH])
    offsets = scored.scores[at][:, columns].astype(np.float64)
    is_known = (_best(offsets) == wanted).all()
    if is_known or not moves.any():
        return None
    return FieldTask(scored.features[at], offsets, wanted, moves), at


def _validate(
    field: str, task: FieldTask, *, at: Whole, scored: _Scored, tell: Callable[[], None]
) -> list[Figure]:
    """Return the figures of a field, all languages first, by heads that have not seen the text."""
    after = task.offsets.copy()
    folds = scored.folds[at]
    for fold in range(FOLDS):
        unseen = folds == fold
        weights = fit_field(task.only(~unseen)).astype(np.float64)
        change = np.clip(task.features[unseen] @ weights, -MOST_CHANGE, MOST_CHANGE)
        after[unseen] = _corrected(scored.scores[at[unseen]], change, field)
        tell()
    wanted = [_answer(field, number) for number in task.wanted.tolist()]
    old = [_answer(field, number) for number in _best(task.offsets).tolist()]
    new = [_answer(field, number) for number in _best(after).tolist()]
    figures = [compare_answers(field, wanted=wanted, before=old, after=new)]
    languages = [scored.languages[place] for place in at.tolist()]
    for language in sorted(set(languages)):
        mine = [place for place, one in enumerate(languages) if one == language]
        figures.append(
            compare_answers(
                field,
                language=language,
                wanted=[wanted[place] for place in mine],
                before=[old[place] for place in mine],
                after=[new[place] for place in mine],
            )
        )
    return figures


def _corrected(scores: Floats, change: npt.NDArray[np.float64], field: str) -> Floats:
    """The numbers of one field as a head with this change alone would give them."""
    columns = columns_of(field)
    answer = np.array(scores, dtype=np.float32)
    answer[:, columns] += change.astype(np.float32)
    if field in CHOICES:
        answer[:, columns] = normalise_choices(answer)[:, columns]
    keep_rules(answer, said=scores)
    return answer[:, columns]


def _check_golden(
    engine: Teachable,
    head: WorkspaceHead,
    *,
    golden: Golden,
    figures: Sequence[Figure],
    tell: Tell,
) -> list[Figure]:
    taught = TaughtClassifier(engine, head)
    before, after = [], []
    for start in range(0, len(golden.texts), BATCH):
        for tiers in engine.score([one.text for one in golden.texts[start : start + BATCH]]):
            before.append(compose(tiers, blend=engine.blend_of(tiers), engine=engine.engine))
            after.append(taught.judge(tiers))
        done = min(start + BATCH, len(golden.texts))
        tell(FITTED + (100 - FITTED) * done // len(golden.texts))
    compared = compare_on_golden(golden, before=before, after=after)
    fallen = find_fall(compared)
    if fallen is not None:
        raise NotTaught(
            "golden_fell",
            figures=figures,
            field=fallen.field,
            before=fallen.before,
            after=fallen.after,
            allowed=FALL,
        )
    return compared


def _best(scores: npt.NDArray[Any]) -> Whole:
    """The number of the best label of each row; for a truth 0 or 1."""
    if scores.shape[1] == 1:
        return np.asarray(scores[:, 0] >= 0, dtype=np.int64)
    return np.asarray(scores.argmax(axis=1), dtype=np.int64)


def _number(field: str, answer: Answer) -> int:
    if field in CHOICES:
        return CHOICES[field].index(str(answer))
    return int(bool(answer))


def _answer(field: str, number: int) -> Answer:
    return CHOICES[field][number] if field in CHOICES else bool(number)
