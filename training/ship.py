"""Write a trained screen as a model directory: weights, manifest with hashes, card."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from amends_engine import ENGINE_VERSION
from amends_engine.artefacts.read import FORMAT
from amends_engine.triage.features import FeatureShape
from amends_engine.triage.heads import Head, quantise, stack_heads
from training.blend import Blend
from training.columns import STRENGTHS, Column
from training.languages import CLASSES
from training.material import COLUMNS, GROUPS
from training.sources import SOURCES, Example, source_name

OWN_LICENCE = "Apache-2.0 (written for this project)"


@dataclass(frozen=True)
class Model:
    """Everything that is shipped."""

    shape: FeatureShape
    rarity: npt.NDArray[Any]
    language: Head
    fields: Mapping[str, Mapping[str, Column]]
    blend: Blend
    metrics: Mapping[str, Mapping[str, float | int]]
    thresholds: Mapping[str, float]
    recipe: Mapping[str, Any]


def write_model(folder: Path, model: Model, *, examples: Sequence[Example]) -> None:
    """Write the directory; its name is the version."""
    folder.mkdir(parents=True, exist_ok=True)
    heads = [_to_head(model.fields[group], rarity=model.rarity) for group in GROUPS]
    arrays = {f"fields_{name}": array for name, array in stack_heads(heads).items()}
    arrays |= {
        f"language_{name}": array[0] for name, array in stack_heads([model.language]).items()
    }
    weights = folder / "weights.npz"
    np.savez_compressed(weights, rarity=model.rarity, **arrays)
    manifest = _manifest(folder.name, model, examples=examples)
    manifest["files"] = {weights.name: hashlib.sha256(weights.read_bytes()).hexdigest()}
    (folder / "manifest.json").write_text(
        json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    (folder / "CARD.md").write_text(_card(manifest), encoding="utf-8")


def _to_head(columns: Mapping[str, Column], *, rarity: npt.NDArray[Any]) -> Head:
    weights = np.stack([columns[name].linear.weights for name in COLUMNS], axis=1)
    stored, scales = quantise(weights * rarity.astype(np.float64)[:, None])
    return Head(stored, scales, np.array([columns[name].linear.bias for name in COLUMNS]))


def _manifest(version: str, model: Model, *, examples: Sequence[Example]) -> dict[str, Any]:
    major, minor, _ = (int(part) for part in ENGINE_VERSION.split("."))
    return {
        "format": FORMAT,
        "name": "screen",
        "version": version,
        "library": {"from": f"{major}.{minor}.0", "below": f"{major}.{minor + 1}.0"},
        "input": {
            "normalisation": "amends_engine.text.normalise",
            "features": "character n-grams 2-5 in chunks, words and word pairs, hashed",
            "char_bits": model.shape.char_bits,
            "word_bits": model.shape.word_bits,
        },
        "languages": list(CLASSES),
        "groups": list(GROUPS),
        "columns": list(COLUMNS),
        "taught": {
            group: [name for name in COLUMNS if model.fields[group][name].is_taught]
            for group in GROUPS
        },
        "blend": {"groups": list(model.blend.groups), "weights": model.blend.weights},
        "thresholds": {name: round(value, 4) for name, value in model.thresholds.items()},
        "recipe": {"script": "training/train_screen.py", "strengths": STRENGTHS, **model.recipe},
        "texts_sha256": _texts_hash(examples),
        "sources": _sources(examples),
        "metrics": model.metrics,
    }


def _texts_hash(examples: Sequence[Example]) -> str:
    digest = hashlib.sha256()
    for example in examples:
        digest.update(repr(example).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _sources(examples: Sequence[Example]) -> list[dict[str, Any]]:
    counts = Counter(example.source for example in examples)
    licences = {source_name(source): source.licence for source in SOURCES}
    return [
        {"source": name, "texts": count, "licence": licences.get(name, OWN_LICENCE)}
        for name, count in sorted(counts.items())
    ]


def _card(manifest: Mapping[str, Any]) -> str:
    lines = [
        f"# Screen {manifest['version']}",
        "",
        "A linear classifier over hashed n-grams for customer comments in Turkish, Indonesian,",
        "Russian, Dutch and English: language, sentiment, complaint, offensive. Trained by",
        "`training/train_screen.py`; the other fields of an assessment come from rules.",
        "",
        "**Use:** to order and pre-select work for a person. **Not for:** removing, hiding or",
        "answering anything by itself; judging people; other languages (pooled weights, never sure).",
        "Weights are hashed; no text of the material is in them, handles and URLs were masked.",
        "",
        "## Figures on texts that were not trained on",
        "",
        "`sentiment/tr/without X` is trained without the source X and tested on it. `own-…` is",
        "measured by five folds on examples of one author: it says less than its number.",
        "",
        "| what | figures |",
        "|---|---|",
    ]
    for name, figures in manifest["metrics"].items():
        shown = ", ".join(f"{key} {round(value, 3)}" for key, value in figures.items())
        lines.append(f"| {name} | {shown} |")
    lines += ["", "## Sure", "", "A field is sure from this probability on (2: never).", ""]
    lines += [f"- {name}: {value}" for name, value in manifest["thresholds"].items()]
    lines += ["", "## Sources and licences", "", "| source | texts | licence |", "|---|---|---|"]
    lines += [
        f"| {row['source']} | {row['texts']} | {row['licence']} |" for row in manifest["sources"]
    ]
    return "\n".join(lines) + "\n"
