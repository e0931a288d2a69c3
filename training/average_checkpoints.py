"""Average the weights of several runs: `python -m training.average_checkpoints OUT RUN RUN…`.

Runs that began with the same weights lie in one valley; their mean judges unseen texts at least as
well as each (Wortsman et al. 2022, model soups). OUT gets a checkpoint without optimizers.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import torch

from amends_engine.triage.model.model import CHARACTERS, TOKENIZER
from training.model.vocabulary import ROWS


def main() -> None:
    """Read, average, write."""
    out, *runs = (Path(name) for name in sys.argv[1:])
    if not runs:
        sys.exit(__doc__)
    out.mkdir(parents=True, exist_ok=True)
    states = [
        torch.load(run / "checkpoint.pt", map_location="cpu", weights_only=True)["model"]
        for run in runs
    ]
    mean = {name: sum(state[name] for state in states) / len(states) for name in states[0]}
    torch.save({"model": mean, "optimizers": [], "progress": (0.0, 0, 0, 0)}, out / "checkpoint.pt")
    for name in (TOKENIZER, CHARACTERS, ROWS):
        shutil.copyfile(runs[0] / name, out / name)


if __name__ == "__main__":
    main()
