"""Train the screen: the language, and all fields of an assessment, as linear heads on words.

Run from the repository root:
    python -m training.train_screen --data FOLDER --work FOLDER --out FOLDER
Languages that the work folder holds already are not taught again: empty it to begin anew.
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
from training.corpus import Row, read_corpus
from training.screen import imitate, keep
from training.screen.fields import STRENGTH, Group, teach_first, teach_rest
from training.screen.languages import teach_languages
from training.screen.material import GROUPS, Material, build_material, rows_of_group
from training.screen.measure import Figures, measure_group, measure_languages, measure_transfer
from training.screen.ship import Taught, write_screen


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, measure, write the model directory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the open material")
    parser.add_argument("--work", type=Path, required=True, help="folder for what is taught so far")
    parser.add_argument("--out", type=Path, required=True, help="model directory; name = version")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--leave-out", nargs="*", default=[], metavar="SOURCE")
    parser.add_argument("--imitate", action="store_true", help="learn from the shipped engine too")
    parser.add_argument("--skip-transfer", action="store_true", help="no leave-source-out figures")
    parser.add_argument("--jobs", type=int, default=2, help="processes, one language each")
    options = parser.parse_args(arguments)
    began = time.monotonic()
    options.work.mkdir(parents=True, exist_ok=True)
    _ROWS[:] = read_corpus(options.data, leave_out=options.leave_out)
    if options.imitate:
        _ROWS.extend(imitate.make_parts(_ROWS))
        if not (options.work / imitate.FILE).exists():
            imitate.ask_engine(_ROWS, work=options.work)
    # Forked, so that the rows are shared and not copied.
    with ProcessPoolExecutor(options.jobs, mp_context=get_context("fork")) as pool:
        waiting = [
            pool.submit(_teach_group, options.work, name, transfer=not options.skip_transfer)
            for name in GROUPS
            if not keep.is_kept(options.work, name)
        ]
        if not keep.is_kept(options.work, keep.LANGUAGE):
            waiting.append(
                pool.submit(_teach_language, options.work, options.data, seed=options.seed)
            )
        for one in waiting:
            one.result()
    language, metrics = keep.read_language(options.work)
    groups = {}
    for name in GROUPS:
        groups[name], figures = keep.read_group(options.work, name)
        metrics |= figures
    recipe = {"seed": options.seed, "seconds": round(time.monotonic() - began)}
    write_screen(options.out, Taught(_ROWS, language, groups, metrics, recipe))
    return 0


_ROWS: list[Row] = []


def _teach_language(work: Path, data: Path, *, seed: int) -> None:
    head = teach_languages(data, _ROWS, seed=seed)
    figures = measure_languages(head, _ROWS, seed=seed)
    keep.keep_language(work, head, _rounded(figures))


def _teach_group(work: Path, group: str, *, transfer: bool) -> None:
    material = build_material(rows_of_group(_ROWS, group), imitate.read_wishes(work))
    taught = teach_group(material)
    figures = measure_group(material, taught)
    if group == POOLED:
        figures = {f"{name} (xx)": values for name, values in figures.items()}
    elif transfer:
        figures |= measure_transfer(material, group=group, strength=STRENGTH)
    keep.keep_group(work, group, taught, _rounded(figures))


def teach_group(material: Material) -> Group:
    """Teach all fields of a language; score its validation rows."""
    judged = np.flatnonzero(material.is_validation())
    taught = teach_first(material, judged=judged)
    return teach_rest(material, taught, judged=judged)


def _rounded(figures: Figures) -> Figures:
    """Return the figures as they are kept, and print them."""
    for name, values in figures.items():
        shown = "  ".join(f"{key} {round(value, 3)}" for key, value in values.items())
        print(f"{name:<48} {shown}", flush=True)
    return {
        name: {key: round(value, 4) for key, value in values.items()}
        for name, values in figures.items()
    }


if __name__ == "__main__":
    sys.exit(main())
