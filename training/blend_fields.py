"""Learn how much to believe model, screen and rules, per field and language, on unseen texts.

Few parameters (a weight per tier, a bias per label), first for all languages together, then for
each with a pull back towards that. Figures and thresholds come from five folds, so that no text
is judged by a blend that saw it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from amends_engine.triage.blend_fields import FIELDS, NEVER, Blend, prepare_tier
from amends_engine.triage.layout import CHOICES, COLUMNS, TRUTHS, TRUTHS_AT, WIDTH
from training.corpus import Row
from training.targets import THREE

Floats = npt.NDArray[np.float32]
Whole = npt.NDArray[np.int64]

FIRST_GUESS: Mapping[str, tuple[float, float, float]] = {
    "full": (0.9, 0.2, 0.5),
    "fast": (0.0, 1.0, 0.8),
}
"""Weights of model, screen and rules before anything is learned, by mode."""

TRUTH_RULES = 4.0
"""First guess for rules of flags: a clear phrase counts until many texts say otherwise. Self-harm
and minors have too few examples to learn it from, and must not be overheard."""

PULL, LANGUAGE_PULL = 2.0, 12.0
"""How strongly parameters are held to the first guess, and those of a language to the pooled ones."""

FOLDS = 5
SOURCE_ROWS = 200
"""Rows beyond which a public source counts no more."""

OWN_WEIGHT = 1.5
SURE_PRECISION: Mapping[str, float] = {"policy_ground": 0.97, "complaint": 0.92}
USUAL_PRECISION = 0.9
LEAST_SURE = 40


@dataclass(frozen=True)
class Unseen:
    """Texts that no tier was trained on, with what each tier says of them (n × 3 × 39)."""

    rows: Sequence[Row]
    tiers: Floats
    groups: npt.NDArray[np.str_]

    def weights(self) -> Floats:
        """Return how much each row counts."""
        names = np.array([row.source for row in self.rows])
        counts = {name: int((names == name).sum()) for name in np.unique(names).tolist()}
        return np.array(
            [
                OWN_WEIGHT if name.startswith("own-") else min(1.0, SOURCE_ROWS / counts[name])
                for name in names.tolist()
            ],
            dtype=np.float32,
        )


@dataclass(frozen=True)
class FieldRows:
    """The rows that teach one field: their numbers, what fits and what is told apart."""

    at: Whole
    tiers: torch.Tensor
    fits: torch.Tensor
    known: torch.Tensor
    weights: torch.Tensor


def stack_tiers(*, model: Floats, screen: Floats, rules: Floats) -> Floats:
    """Return the three tiers side by side, as the blend takes them."""
    return np.stack([prepare_tier(model), prepare_tier(screen), rules], axis=1).astype(np.float32)


def fit_blend(unseen: Unseen, *, mode: str, groups: Sequence[str]) -> tuple[Blend, Floats]:
    """Return the blend of a mode, and its numbers for each text by a fold that left it out."""
    folds = np.arange(len(unseen.rows)) % FOLDS
    out_of_fold = np.zeros((len(unseen.rows), WIDTH), dtype=np.float32)
    for fold in range(FOLDS):
        blend = _fit(unseen, np.flatnonzero(folds != fold), mode=mode, groups=groups)
        for at in np.flatnonzero(folds == fold).tolist():
            out_of_fold[at] = apply_blend(blend, unseen, at, mode=mode)
    blend = _fit(unseen, np.arange(len(unseen.rows)), mode=mode, groups=groups)
    sure = choose_thresholds(unseen, out_of_fold, groups=groups)
    return Blend(blend.groups, blend.tiers, blend.biases, sure), out_of_fold


def apply_blend(blend: Blend, unseen: Unseen, at: int, *, mode: str) -> Floats:
    """Return the blended numbers of one text."""
    model, screen, rules = unseen.tiers[at]
    return blend.combine(
        group=str(unseen.groups[at]),
        screen=screen,
        rules=rules,
        model=model if mode == "full" else None,
    )


def _fit(unseen: Unseen, at: Whole, *, mode: str, groups: Sequence[str]) -> Blend:
    tiers = np.zeros((len(groups), 3, len(FIELDS)), dtype=np.float32)
    biases = np.zeros((len(groups), WIDTH), dtype=np.float32)
    for number, field in enumerate(FIELDS):
        columns = _columns(field)
        first = torch.tensor(FIRST_GUESS[mode])
        if field in TRUTHS and field != "complaint":
            first[2] = TRUTH_RULES
        rows = _rows_of(unseen, at, field)
        nothing = torch.zeros(columns.stop - columns.start)
        weights, bias = _descend(rows, first, nothing, pull=PULL, mode=mode)
        for place, group in enumerate(groups):
            own = _only(rows, unseen.groups[rows.at] == group)
            found = _descend(own, weights, bias, pull=LANGUAGE_PULL, mode=mode)
            tiers[place, :, number], biases[place, columns] = found[0].numpy(), found[1].numpy()
    return Blend(tuple(groups), tiers, biases, np.full(tiers.shape[::2], NEVER, dtype=np.float32))


def _columns(field: str) -> slice:
    if field in CHOICES:
        return COLUMNS[field]
    return slice(TRUTHS_AT + TRUTHS.index(field), TRUTHS_AT + TRUTHS.index(field) + 1)


def _rows_of(unseen: Unseen, at: Whole, field: str) -> FieldRows:
    columns = _columns(field)
    fits, known, kept = [], [], []
    for row in at.tolist():
        targets = unseen.rows[row].targets
        if field in TRUTHS:
            if field in targets.truths:
                fits.append([targets.truths[field]])
                known.append([True])
                kept.append(row)
        elif field in targets.choices:
            choice = targets.choices[field]
            # Schemes of three call a mixed text one of theirs. How often `mixed` is said is weighed
            # against them too: else nothing public speaks against it, and shop reviews drown in it.
            is_told_apart = choice.known == THREE
            fits.append([label in choice.fits for label in CHOICES[field]])
            known.append([is_told_apart or label in choice.known for label in CHOICES[field]])
            kept.append(row)
    chosen = np.array(kept, dtype=np.int64)
    return FieldRows(
        at=chosen,
        tiers=torch.from_numpy(unseen.tiers[chosen][:, :, columns]),
        fits=torch.tensor(fits, dtype=torch.bool),
        known=torch.tensor(known, dtype=torch.bool),
        weights=torch.from_numpy(unseen.weights()[chosen]),
    )


def _only(rows: FieldRows, chosen: npt.NDArray[np.bool_]) -> FieldRows:
    mask = torch.from_numpy(np.asarray(chosen, dtype=bool))
    return FieldRows(
        at=rows.at[chosen],
        tiers=rows.tiers[mask],
        fits=rows.fits[mask],
        known=rows.known[mask],
        weights=rows.weights[mask],
    )


def _descend(
    rows: FieldRows, weights: torch.Tensor, bias: torch.Tensor, *, pull: float, mode: str
) -> tuple[torch.Tensor, torch.Tensor]:
    """Minimise the loss of the rows plus the squared distance to where it starts (L-BFGS)."""
    if not len(rows.at):
        return weights.clone(), bias.clone()
    w, b = weights.clone().requires_grad_(), bias.clone().requires_grad_()
    optimizer = torch.optim.LBFGS([w, b], max_iter=60, line_search_fn="strong_wolfe")
    usable = torch.tensor([float(mode == "full"), 1.0, 1.0])

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        scores = (rows.tiers * (w * usable)[None, :, None]).sum(1) + b
        loss = (_losses(scores, rows) * rows.weights).sum()
        loss = loss + pull * (((w - weights) ** 2).sum() + ((b - bias) ** 2).sum())
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimizer.step(closure)
    return w.detach(), b.detach()


def _losses(scores: torch.Tensor, rows: FieldRows) -> torch.Tensor:
    if scores.shape[1] == 1:
        wanted = rows.fits[:, 0].float()
        return torch.nn.functional.binary_cross_entropy_with_logits(
            scores[:, 0], wanted, reduction="none"
        )
    masked = scores.masked_fill(~rows.known, -1e4)
    right = masked.masked_fill(~rows.fits, -1e4)
    return torch.logsumexp(masked, 1) - torch.logsumexp(right, 1)


def choose_thresholds(unseen: Unseen, scores: Floats, *, groups: Sequence[str]) -> Floats:
    """Return for each language and field the probability from which answers were right enough."""
    sure = np.full((len(groups), len(FIELDS)), NEVER, dtype=np.float32)
    for number, field in enumerate(FIELDS):
        judged = [
            (unseen.groups[at], *_judge(scores[at], unseen.rows[at], field))
            for at in range(len(unseen.rows))
            if _is_exact(unseen.rows[at], field)
        ]
        for place, group in enumerate(groups):
            pairs = np.array([(chance, right) for name, chance, right in judged if name == group])
            if len(pairs) >= LEAST_SURE:
                precision = SURE_PRECISION.get(field, USUAL_PRECISION)
                sure[place, number] = _lowest(pairs[:, 0], pairs[:, 1], precision=precision)
    return sure


def _is_exact(row: Row, field: str) -> bool:
    if field in TRUTHS:
        return field in row.targets.truths
    choice = row.targets.choices.get(field)
    return choice is not None and len(choice.fits) == 1


def _judge(scores: Floats, row: Row, field: str) -> tuple[float, bool]:
    """Return the probability of the best label, and whether it is right."""
    if field in TRUTHS:
        chance = 1 / (1 + np.exp(-float(scores[TRUTHS_AT + TRUTHS.index(field)])))
        return max(chance, 1 - chance), (chance >= 0.5) == row.targets.truths[field]
    part = scores[COLUMNS[field]]
    best = int(part.argmax())
    return float(np.exp(part[best])), CHOICES[field][best] in row.targets.choices[field].fits


def _lowest(chances: npt.NDArray[np.floating], right: Floats, *, precision: float) -> float:
    order = np.argsort(-chances, kind="stable")
    shares = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    usable = np.flatnonzero(shares >= precision)
    usable = usable[usable >= LEAST_SURE - 1]
    return float(chances[order][usable[-1]]) if len(usable) else NEVER
