"""Train the screen: the language, and all fields of an assessment, as linear heads on words.

Run from the repository root: python -m training.train_screen --data FOLDER --out FOLDER
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from amends_engine.triage.screen import POOLED
from training.corpus import read_corpus
from training.screen.fields import STRENGTH, Group, teach_first, teach_rest
from training.screen.languages import teach_languages
from training.screen.material import GROUPS, Material, build_material
from training.screen.measure import Figures, measure_group, measure_languages, measure_transfer
from training.screen.ship import Taught, write_screen


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, measure, write the model directory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the open material")
    parser.add_argument("--out", type=Path, required=True, help="model directory; name = version")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--leave-out", nargs="*", default=[], metavar="SOURCE")
    parser.add_argument("--skip-transfer", action="store_true", help="no leave-source-out figures")
    options = parser.parse_args(arguments)
    began = time.monotonic()
    rows = read_corpus(options.data, leave_out=options.leave_out)
    metrics: Figures = {}
    language = teach_languages(options.data, rows, seed=options.seed)
    _report(metrics, measure_languages(language, rows, seed=options.seed))
    material = build_material(rows)
    groups = {}
    for name in GROUPS:
        groups[name] = teach_group(material, group=name)
        if name != POOLED:
            _report(metrics, measure_group(material, groups[name], group=name))
            if not options.skip_transfer:
                _report(metrics, measure_transfer(material, group=name, strength=STRENGTH))
    for lang in sorted(set(material.langs().tolist()) - set(GROUPS)):
        pooled = measure_group(material, groups[POOLED], group=lang)
        _report(metrics, {f"{key} (xx)": value for key, value in pooled.items()})
    recipe = {"seed": options.seed, "seconds": round(time.monotonic() - began)}
    write_screen(options.out, Taught(material, language, groups, metrics, recipe))
    return 0


def teach_group(material: Material, *, group: str) -> Group:
    """Teach all fields of a language; score its rows, whoever holds them back."""
    is_judged = material.langs() == group
    if group == POOLED:
        is_judged = ~np.isin(material.langs(), [name for name in GROUPS if name != POOLED])
    judged = np.flatnonzero(is_judged & material.is_validation())
    taught = teach_first(material, group=group, judged=judged)
    return teach_rest(material, taught, group=group, judged=judged)


def _report(metrics: Figures, found: Figures) -> None:
    for name, figures in found.items():
        metrics[name] = {key: round(value, 4) for key, value in figures.items()}
        shown = "  ".join(f"{key} {round(value, 3)}" for key, value in figures.items())
        print(f"{name:<48} {shown}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
