"""Train the compact model: `python -m training.train_model --data FOLDER --work FOLDER`.

Continues from the checkpoint in the work folder if one is there. `--start FILE` begins with the
weights of an earlier checkpoint; `--leave-out SOURCE` measures how well a source is judged that
the model never saw.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import torch

from training.corpus import read_corpus
from training.model.carrier import find_carrier, read_carrier
from training.model.encoder import Model, build_model
from training.model.material import WEAK, Material, build_material
from training.model.measure import measure_rows, score_rows
from training.model.train import Plan, load_weights, train_model
from training.model.vocabulary import choose_vocabulary, load_vocabulary, save_vocabulary

VALIDATION_CAP = 600
"""Validation rows of a source that are measured at the end of a run."""


def main() -> None:
    """Read, cut, train, measure."""
    arguments = parse_arguments()
    torch.set_num_threads(arguments.threads)
    rows = read_corpus(arguments.data, leave_out=arguments.leave_out)
    carrier = read_carrier(find_carrier())
    # Weights belong to the vocabulary that they were trained with.
    earlier = arguments.start.parent if arguments.start else arguments.work
    vocabulary = load_vocabulary(earlier) or choose_vocabulary(
        carrier, texts=[row.text for row in rows]
    )
    arguments.work.mkdir(parents=True, exist_ok=True)
    save_vocabulary(vocabulary, carrier.characters, folder=arguments.work)
    material = build_material(rows, tokenizer=vocabulary.tokenizer, characters=carrier.characters)
    model = build_model(carrier, rows=vocabulary.rows, weak_sources=len(WEAK))
    del carrier
    if arguments.start:
        load_weights(arguments.start, model)
    say(f"{len(rows)} texts, {len(vocabulary.rows)} pieces in the vocabulary")
    plan = Plan(
        arguments.minutes,
        arguments.work,
        seed=arguments.seed,
        pace=arguments.pace,
        frozen=arguments.freeze,
    )
    progress = train_model(model, material, plan=plan, say=say)
    figures = measure(model, material)
    (arguments.work / "figures.json").write_text(json.dumps(figures, indent=1))
    say(f"{progress.steps} steps, {progress.pieces} pieces in {progress.seconds:.0f} s")
    for name, value in figures.items():
        say(f"{value:.3f}  {name}")


def measure(model: Model, material: Material) -> dict[str, float]:
    """Return macro-F1 of the model on a part of every validation split."""
    rng = np.random.default_rng(0)
    chosen = []
    for source in np.unique(material.sources).tolist():
        rows = material.rows_of(source, validation=True)
        chosen.append(rng.permutation(rows)[:VALIDATION_CAP])
    rows = np.sort(np.concatenate(chosen))
    return dict(measure_rows(material, rows, score_rows(model, material, rows)))


def parse_arguments() -> argparse.Namespace:
    """Return what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the open material")
    parser.add_argument("--work", type=Path, required=True, help="folder for checkpoints")
    parser.add_argument("--minutes", type=float, default=70.0)
    parser.add_argument("--start", type=Path, help="checkpoint whose weights to begin with")
    parser.add_argument("--pace", type=float, default=1.0, help="share of the usual rates")
    parser.add_argument("--freeze", type=int, default=0, help="lowest layers that stay as they are")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--leave-out", nargs="*", default=[], metavar="SOURCE")
    return parser.parse_args()


def say(text: str) -> None:
    """Print at once, so that a run in the background can be watched."""
    print(text, flush=True)


if __name__ == "__main__":
    main()
