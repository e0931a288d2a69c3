"""Train the screen: language, sentiment, complaint and offensive as linear heads on hashed n-grams.

Run from the repository root: python -m training.train_screen --data FOLDER --out FOLDER
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from training import sources
from training.blend import train_blend
from training.columns import Column, train_column
from training.languages import train_language
from training.material import COLUMNS, GROUPS, SHAPE, Material, build_material
from training.measure import Report, measure_sentiment, measure_transfer, measure_yes_no
from training.ship import Model, write_model


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, measure, write the model directory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the open material")
    parser.add_argument("--out", type=Path, required=True, help="model directory; name = version")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--skip-transfer", action="store_true", help="no leave-source-out figures")
    options = parser.parse_args(arguments)
    began = time.monotonic()
    material = build_material(sources.read_examples(options.data), seed=options.seed)
    report = Report()
    language = train_language(material, report)
    fields = {group: train_group(material, group, report) for group in GROUPS}
    blend = train_blend(material, fields, report)
    if not options.skip_transfer:
        measure_transfer(material, report)
    recipe = {"seed": options.seed, "seconds": round(time.monotonic() - began)}
    model = Model(
        shape=SHAPE,
        rarity=material.rarity,
        language=language,
        fields=fields,
        blend=blend,
        metrics=report.metrics,
        thresholds=report.thresholds,
        recipe=recipe,
    )
    write_model(options.out, model, examples=material.examples)
    return 0


def train_group(material: Material, group: str, report: Report) -> dict[str, Column]:
    """Fit, calibrate and measure the columns of one language."""
    trained = {column: train_column(material, column, group=group) for column in COLUMNS}
    measure_sentiment(material, trained, group=group, report=report)
    for column in ("complaint", "offensive"):
        measure_yes_no(material, trained[column], column=column, group=group, report=report)
    return trained


if __name__ == "__main__":
    sys.exit(main())
