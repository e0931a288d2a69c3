"""Train the screen: the language, and all fields of an assessment, as linear heads on words.

Run from the repository root: python -m training.train_screen --data FOLDER --out FOLDER
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
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
    parser.add_argument("--jobs", type=int, default=2, help="processes, one language each")
    options = parser.parse_args(arguments)
    began = time.monotonic()
    rows = read_corpus(options.data, leave_out=options.leave_out)
    material = build_material(rows)
    _SHARED["material"] = material
    metrics: Figures = {}
    # Forked, so that the material is shared and not copied.
    with ProcessPoolExecutor(options.jobs, mp_context=get_context("fork")) as pool:
        speaking = pool.submit(teach_languages, options.data, rows, seed=options.seed)
        taught = [
            pool.submit(_teach_and_measure, name, transfer=not options.skip_transfer)
            for name in GROUPS
        ]
        language = speaking.result()
        _report(metrics, measure_languages(language, rows, seed=options.seed))
        groups = {}
        for name, waiting in zip(GROUPS, taught, strict=True):
            groups[name], found = waiting.result()
            _report(metrics, found)
    recipe = {"seed": options.seed, "seconds": round(time.monotonic() - began)}
    write_screen(options.out, Taught(material, language, groups, metrics, recipe))
    return 0


_SHARED: dict[str, Material] = {}


def _teach_and_measure(group: str, *, transfer: bool) -> tuple[Group, Figures]:
    material = _SHARED["material"]
    taught = teach_group(material, group=group)
    if group == POOLED:
        figures: Figures = {}
        for lang in sorted(set(material.langs().tolist()) - set(GROUPS)):
            found = measure_group(material, taught, group=lang)
            figures |= {f"{name} (xx)": values for name, values in found.items()}
        return taught, figures
    figures = measure_group(material, taught, group=group)
    if transfer:
        figures |= measure_transfer(material, group=group, strength=STRENGTH)
    return taught, figures


def teach_group(material: Material, *, group: str) -> Group:
    """Teach all fields of a language; score the validation rows that it will be asked about."""
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
