"""Score texts with the model in torch, and measure every source and field on validation rows."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import torch
from sklearn.metrics import f1_score

from amends_engine.triage.layout import COLUMNS, TRUTHS, TRUTHS_AT
from training.model.encoder import Model
from training.model.material import FIELDS, UNKNOWN, Material, Whole
from training.model.train import pad_batch

BATCH = 64
LEAST_ROWS = 20


def score_rows(model: Model, material: Material, rows: Whole) -> npt.NDArray[np.float32]:
    """Return the logits of `rows`, in their order."""
    model.eval()
    logits = np.zeros((len(rows), model.head.out_features), dtype=np.float32)
    order = np.argsort(material.lengths[rows], kind="stable")
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for start in range(0, len(order), BATCH):
            at = order[start : start + BATCH]
            pieces, mask = pad_batch(material, rows[at])
            logits[at] = model(pieces, mask).float().numpy()
    return logits


def measure_rows(
    material: Material, rows: Whole, logits: npt.NDArray[np.float32]
) -> Mapping[str, float]:
    """Return macro-F1 by "field source" for everything that enough of the rows can test."""
    figures: dict[str, float] = {}
    sources = np.array(["own" if one.startswith("own-") else one for one in material.sources[rows]])
    for field in FIELDS:
        for source in np.unique(sources).tolist():
            at = np.flatnonzero(sources == source)
            found = _truth_and_guess(material, rows[at], logits[at], field=field)
            if found is None:
                continue
            truth, guess = found
            if len(truth) >= LEAST_ROWS and len(np.unique(truth)) > 1:
                figures[f"{field} {source}"] = round(
                    float(f1_score(truth, guess, average="macro", zero_division=0)), 3
                )
    return figures


def _truth_and_guess(
    material: Material, rows: Whole, logits: npt.NDArray[np.float32], *, field: str
) -> tuple[Whole, Whole] | None:
    if field in TRUTHS:
        values = material.truths[rows, TRUTHS.index(field)].astype(np.int64)
        taught = values != UNKNOWN
        guess = (logits[:, TRUTHS_AT + TRUTHS.index(field)] > 0).astype(np.int64)
        return (values[taught], guess[taught]) if taught.any() else None
    columns = COLUMNS[field]
    fits, known = material.fits[rows][:, columns], material.known[rows][:, columns]
    taught = fits.any(axis=1)
    if not taught.any():
        return None
    scores = np.where(known, logits[:, columns], -np.inf)[taught]
    guess = scores.argmax(axis=1)
    # Of several labels that fit, the one that was guessed counts as the truth.
    fitting = fits[taught]
    truth = np.where(fitting[np.arange(len(guess)), guess], guess, fitting.argmax(axis=1))
    # A scheme that only tells one label from all others is measured as that.
    coarse = fitting.sum(axis=1) > columns.stop - columns.start - 3
    if coarse.any():
        lone = fitting.sum(axis=1) <= 3
        is_lone = fitting[np.flatnonzero(lone)[0]] if lone.any() else np.zeros_like(fitting[0])
        return lone.astype(np.int64), is_lone[guess].astype(np.int64)
    return truth, guess
