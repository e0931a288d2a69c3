"""Learn the blend and the router: `python -m training.train_cascade --data FOLDER --out ARTEFACT`.

Needs the shipped screen and model. Asks both about texts that neither was trained on (validation
splits of the open material, and the held-out part of our own examples), learns how much to
believe each, which texts the screen may answer alone, and writes the artefact with its card.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from amends_engine.classifier import TextInput, UnreadableText, require_readable
from amends_engine.triage.blend_fields import Blend
from amends_engine.triage.model.model import load_model
from amends_engine.triage.scores import Floats, ScreenScores
from amends_engine.triage.screen import load_screen
from training.blend_fields import Unseen, fit_blend, stack_tiers
from training.corpus import LANGUAGES, Row, read_corpus
from training.hashing import hash_fraction
from training.route import Routed, fit_router, measure_curve
from training.ship_cascade import Shipment, ship_cascade

GROUPS = (*LANGUAGES, "xx")
CAP = 350
"""Texts of one public source that are asked about."""

MOST_ESCALATED = 0.95
"""Share of texts that the model may read, so that a thousand texts a second are judged."""


def main() -> None:
    """Ask, learn, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the open material")
    parser.add_argument(
        "--out", type=Path, required=True, help="folder to write; its name is the version"
    )
    arguments = parser.parse_args()
    rows = pick_rows(read_corpus(arguments.data))
    texts = [TextInput(at, row.text, parent=row.parent) for at, row in enumerate(rows)]
    screened = load_screen().score(texts)
    say(f"{len(rows)} unseen texts, screened")
    modelled = np.stack([one.logits for one in load_model().score(texts)])
    say("and read by the model")
    unseen = gather(rows, screened, modelled)
    blends: dict[str, Blend] = {}
    numbers: dict[str, Floats] = {}
    for mode in ("fast", "full"):
        blends[mode], numbers[mode] = fit_blend(unseen, mode=mode, groups=GROUPS)
        say(f"{mode} blend learned")
    routed = Routed(texts, screened, rows=rows, fast=numbers["fast"], full=numbers["full"])
    router = fit_router(routed, groups=GROUPS, most=MOST_ESCALATED)
    curve = measure_curve(routed, router)
    for line in curve:
        say(json.dumps(line))
    ship_cascade(
        Shipment(blends=blends, router=router, numbers=numbers, unseen=unseen, curve=curve),
        out=arguments.out,
    )


def pick_rows(rows: Sequence[Row]) -> list[Row]:
    """Return the held-out rows, shuffled for good, at most CAP of a public source."""
    taken: dict[str, int] = {}
    picked = []
    for row in sorted(rows, key=lambda row: hash_fraction(f"cascade {row.id}")):
        count = taken.get(row.source, 0)
        is_full = count >= CAP and not row.source.startswith("own-")
        if not row.is_validation or is_full or not _is_readable(row.text):
            continue
        taken[row.source] = count + 1
        picked.append(row)
    return picked


def gather(rows: Sequence[Row], screened: Sequence[ScreenScores], modelled: Floats) -> Unseen:
    """Return what every tier says of every text."""
    return Unseen(
        rows=rows,
        tiers=stack_tiers(
            model=modelled,
            screen=np.stack([one.logits for one in screened]),
            rules=np.stack([one.signals for one in screened]),
        ),
        groups=np.array([one.group for one in screened]),
    )


def _is_readable(text: str) -> bool:
    try:
        require_readable(text)
    except UnreadableText:
        return False
    return True


def say(text: str) -> None:
    """Print at once, so that a run in the background can be watched."""
    print(text, flush=True)


if __name__ == "__main__":
    main()
