"""Train the model for a number of minutes, from the carrier's weights or from a checkpoint.

AdamW with smaller steps in lower layers, sparse Adam for word embeddings, bfloat16 on the CPU,
a linear warm-up and descent over the time that is given. What a label scheme cannot tell apart is
summed before the logarithm; what it does not know is left out (targets.py).
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - its usual name
from torch import Tensor

from amends_engine.triage.layout import COLUMNS, TRUTHS, TRUTHS_AT
from amends_engine.triage.model.words import PADDING
from training.model.encoder import LAYERS, MASKED, Model
from training.model.material import (
    FIELDS,
    UNKNOWN,
    Material,
    Whole,
    cut_batches,
    draw_pass,
)

LAYER_RATE, HEAD_RATE, WORD_RATE = 1.2e-4, 1e-3, 1e-4
DECAY_BY_LAYER = 0.88
WARM_UP = 150
REPORT_EVERY = 200
SAVE_EVERY = 480.0
"""Seconds between checkpoints."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """How long to train, from what seed, at what share of the usual rates, and where to save.

    `frozen` layers from below stay as they are, the words with them: a second run on top of a
    first goes half as fast again.
    """

    minutes: float
    folder: Path
    seed: int = 1
    pace: float = 1.0
    frozen: int = 0


@dataclass(slots=True)
class Progress:
    """What has been done; kept in the checkpoint, so that a run can be continued."""

    seconds: float = 0.0
    steps: int = 0
    pieces: int = 0
    passes: int = 0


def train_model(model: Model, material: Material, *, plan: Plan, say: Say = print) -> Progress:
    """Train until the minutes are over; continue from `plan.folder` if a run stopped there."""
    torch.manual_seed(plan.seed)
    freeze_lowest(model, plan.frozen)
    optimizers = make_optimizers(model, pace=plan.pace)
    progress = load_checkpoint(plan.folder, model, optimizers) or Progress()
    rng = np.random.default_rng(plan.seed + progress.passes)
    budget, saved, losses = plan.minutes * 60, progress.seconds, []
    model.train()
    while progress.seconds < budget:
        rows = draw_pass(material, rng=rng)
        for batch in cut_batches(material, rows, rng=random.Random(plan.seed + progress.passes)):
            began = time.monotonic()
            share = progress.seconds / budget
            if share >= 1:
                break
            set_rates(optimizers, pace=min(1.0, progress.steps / WARM_UP) * (1 - share))
            losses.append(take_step(model, material, batch, optimizers=optimizers))
            progress.steps += 1
            progress.pieces += int(material.lengths[batch].sum())
            progress.seconds += time.monotonic() - began
            if progress.steps % REPORT_EVERY == 0:
                rate = progress.pieces / progress.seconds
                say(
                    f"pass {progress.passes} step {progress.steps} {share:.0%} "
                    f"loss {np.mean(losses[-REPORT_EVERY:]):.3f} {rate:.0f} pieces/s"
                )
            if progress.seconds - saved > SAVE_EVERY:
                saved = progress.seconds
                save_checkpoint(plan.folder, model, optimizers, progress)
        progress.passes += 1
    save_checkpoint(plan.folder, model, optimizers, progress)
    return progress


def take_step(
    model: Model,
    material: Material,
    batch: Whole,
    *,
    optimizers: Sequence[torch.optim.Optimizer],
) -> float:
    """Learn from one batch; return its loss."""
    pieces, mask = pad_batch(material, batch)
    with torch.autocast("cpu", torch.bfloat16):
        logits = model(pieces, mask, torch.from_numpy(material.weak[batch]))
    loss = loss_of(logits.float(), material, batch)
    loss.backward()  # type: ignore[no-untyped-call]
    dense = [one for one in model.parameters() if one.grad is not None and not one.grad.is_sparse]
    torch.nn.utils.clip_grad_norm_(dense, 1.0)
    for optimizer in optimizers:
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
    return float(loss.detach())


def loss_of(logits: Tensor, material: Material, batch: Whole) -> Tensor:
    """Return the mean loss of a batch over all that its rows teach."""
    total = logits.new_zeros(())
    for number, field in enumerate(FIELDS):
        weights = material.weights[batch, number]
        if field in TRUTHS:
            values = material.truths[batch, TRUTHS.index(field)]
            taught = np.flatnonzero(values != UNKNOWN)
            if len(taught):
                asked = logits[torch.from_numpy(taught), TRUTHS_AT + TRUTHS.index(field)]
                wanted = torch.from_numpy(values[taught].astype(np.float32))
                losses = F.binary_cross_entropy_with_logits(asked, wanted, reduction="none")
                total = total + (losses * torch.from_numpy(weights[taught])).sum()
            continue
        fits = material.fits[batch][:, COLUMNS[field]]
        taught = np.flatnonzero(fits.any(axis=1))
        if not len(taught):
            continue
        known = torch.from_numpy(material.known[batch][:, COLUMNS[field]][taught])
        scores = logits[torch.from_numpy(taught)][:, COLUMNS[field]].masked_fill(~known, MASKED)
        right = scores.masked_fill(~torch.from_numpy(fits[taught]), MASKED)
        losses = torch.logsumexp(scores, 1) - torch.logsumexp(right, 1)
        total = total + (losses * torch.from_numpy(weights[taught])).sum()
    return total / len(batch)


def pad_batch(material: Material, batch: Whole) -> tuple[Tensor, Tensor | None]:
    """Return the pieces of a batch side by side, and which of them are real (None: all)."""
    longest = int(material.lengths[batch].max())
    pieces = np.full((len(batch), longest), PADDING, dtype=np.int64)
    mask = np.zeros((len(batch), longest), dtype=np.float32)
    for at, row in enumerate(batch.tolist()):
        own = material.pieces[row]
        pieces[at, : len(own)] = own
        mask[at, : len(own)] = 1
    return torch.from_numpy(pieces), None if mask.all() else torch.from_numpy(mask)


def freeze_lowest(model: Model, layers: int) -> None:
    """Keep the words and the lowest layers from learning; 0 keeps nothing."""
    if layers:
        encoder = model.encoder
        for part in (encoder.word, encoder.norm, *encoder.layers[:layers]):
            for parameter in part.parameters():
                parameter.requires_grad_(requires_grad=False)


def make_optimizers(model: Model, *, pace: float) -> list[torch.optim.Optimizer]:
    """Return AdamW over all dense parameters and sparse Adam over the word embeddings."""
    groups: list[dict[str, object]] = []
    for number, layer in enumerate(model.encoder.layers):
        rate = pace * LAYER_RATE * DECAY_BY_LAYER ** (LAYERS - 1 - number)
        wide = [one for one in layer.parameters() if one.ndim > 1]
        flat = [one for one in layer.parameters() if one.ndim == 1]
        groups += [
            {"params": wide, "lr": rate, "weight_decay": 0.01},
            {"params": flat, "lr": rate, "weight_decay": 0.0},
        ]
    lowest = pace * LAYER_RATE * DECAY_BY_LAYER**LAYERS
    groups += [
        {"params": list(model.encoder.norm.parameters()), "lr": lowest, "weight_decay": 0.0},
        {"params": list(model.head.parameters()), "lr": pace * HEAD_RATE, "weight_decay": 0.01},
        {"params": list(model.leaning.parameters()), "lr": pace * HEAD_RATE, "weight_decay": 0.1},
    ]
    dense = torch.optim.AdamW(groups, fused=True, betas=(0.9, 0.98))
    optimizers: list[torch.optim.Optimizer] = [dense]
    if model.encoder.word.weight.requires_grad:
        words = torch.optim.SparseAdam([model.encoder.word.weight], lr=pace * WORD_RATE)
        optimizers.append(words)
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            group["full_rate"] = group["lr"]
    return optimizers


def set_rates(optimizers: Sequence[torch.optim.Optimizer], *, pace: float) -> None:
    """Set every learning rate to its share of the full one."""
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            group["lr"] = group["full_rate"] * pace


def save_checkpoint(
    folder: Path, model: Model, optimizers: Sequence[torch.optim.Optimizer], progress: Progress
) -> None:
    """Write everything that a later run needs to go on; the old file stays until the new is whole."""
    folder.mkdir(parents=True, exist_ok=True)
    content = {
        "model": model.state_dict(),
        "optimizers": [optimizer.state_dict() for optimizer in optimizers],
        "progress": (progress.seconds, progress.steps, progress.pieces, progress.passes),
    }
    torch.save(content, folder / "checkpoint.part")
    (folder / "checkpoint.part").replace(folder / "checkpoint.pt")


def load_checkpoint(
    folder: Path, model: Model, optimizers: Sequence[torch.optim.Optimizer]
) -> Progress | None:
    """Restore model and optimizers; return how far they were, None without a checkpoint."""
    path = folder / "checkpoint.pt"
    if not path.exists():
        return None
    content = torch.load(path, map_location="cpu", weights_only=True)
    model.load_state_dict(content["model"])
    for optimizer, state in zip(optimizers, content["optimizers"], strict=True):
        optimizer.load_state_dict(state)
    return Progress(*content["progress"])


def load_weights(path: Path, model: Model) -> None:
    """Take the weights of another run's checkpoint, and nothing else of it."""
    model.load_state_dict(torch.load(path, map_location="cpu", weights_only=True)["model"])
