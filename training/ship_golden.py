"""Write the golden set: held-out examples of our own, balanced over categories, about 60 a language.

    python -m training.ship_golden --out src/amends_engine/artefacts/golden/VERSION

No tier is trained on these rows (`training/corpus.py`), so that a workspace's head can be compared
with the shipped engine on them.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from amends_engine.artefacts.read import FORMAT
from amends_engine.triage.golden import FILE
from amends_engine.triage.layout import CHOICES, TRUTHS
from training.corpus import LANGUAGES, OWN_FOLDER, OWN_VALIDATION
from training.hashing import hash_fraction
from training.library import library_range

PER_LANGUAGE = 60
KEPT = ("id", "lang", "text", "parent", *CHOICES, *TRUTHS)


def main() -> None:
    """Write the set; the name of the folder is its version."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    write_golden(parser.parse_args().out)


def write_golden(folder: Path, *, source: Path = OWN_FOLDER) -> None:
    """Write the set and its manifest; the folder's name is the version."""
    rows = [row for lang in LANGUAGES for row in choose_rows(_read(source, lang))]
    folder.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / FILE).write_text(text, encoding="utf-8")
    manifest = {
        "format": FORMAT,
        "name": "golden",
        "version": folder.name,
        "library": library_range(),
        "recipe": {"script": "training/ship_golden.py", "per_language": PER_LANGUAGE},
        "licence": "Apache-2.0 (written for this project)",
        "counts": {
            "language": dict(Counter(row["lang"] for row in rows)),
            "category": dict(Counter(row["category"] for row in rows)),
        },
        "files": {FILE: hashlib.sha256(text.encode()).hexdigest()},
    }
    (folder / "manifest.json").write_text(
        json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )


def choose_rows(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return held-out rows, one of each category in turn, by the hash of their ids."""
    by_category: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in sorted(rows, key=lambda one: hash_fraction(one["id"])):
        if hash_fraction(row["id"]) < OWN_VALIDATION:
            by_category[row["category"]].append(row)
    chosen: list[dict[str, Any]] = []
    while len(chosen) < PER_LANGUAGE and any(by_category.values()):
        for category in sorted(by_category):
            if by_category[category] and len(chosen) < PER_LANGUAGE:
                chosen.append(by_category[category].pop(0))
    return [{key: row[key] for key in KEPT if key in row} for row in chosen]


def _read(folder: Path, lang: str) -> list[dict[str, Any]]:
    lines = (folder / f"comments_{lang}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


if __name__ == "__main__":
    main()
