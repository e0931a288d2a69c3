"""Write a taught screen as a model directory: weights, manifest with hashes, card."""

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

from amends_engine.artefacts.read import FORMAT
from amends_engine.triage.heads import pack_table, write_table
from training.corpus import SOURCES, Row
from training.library import library_range
from training.screen.features import SHAPE
from training.screen.fields import STRENGTH, Group
from training.screen.languages import CODES, LanguageHead

OWN_LICENCE = "Apache-2.0 (written for this project)"
LEVELS = 63
"""Steps from zero to the largest weight of a column; more would cost space and change nothing."""

LEAST = 0.035
"""Part of its column's largest weight below which a weight is dropped."""

LANGUAGE_LEVELS, LANGUAGE_LEAST = 127, 0.015
FREQUENCY_LISTS = (
    "wordfreq 3.1.1 (code Apache-2.0; its lists, from Wikipedia, subtitles, news, books, web and "
    "social media, CC BY-SA 4.0): words drawn by frequency taught the language head"
)


@dataclass(frozen=True)
class Taught:
    """Everything that is shipped."""

    rows: Sequence[Row]
    language: LanguageHead
    groups: Mapping[str, Group]
    metrics: Mapping[str, Mapping[str, float | int]]
    recipe: Mapping[str, Any]


def write_screen(folder: Path, taught: Taught) -> None:
    """Write the directory; its name is the version."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, npt.NDArray[Any]] = {
        "language_biases": taught.language.biases.astype(np.float32)
    }
    table = pack_table(taught.language.weights, levels=LANGUAGE_LEVELS, least=LANGUAGE_LEAST)
    arrays |= write_table(table, "language")
    for name, group in taught.groups.items():
        arrays |= _pack_group(name, group)
    weights = folder / "weights.npz"
    np.savez_compressed(weights, **arrays)
    manifest = _manifest(folder.name, taught)
    manifest["files"] = {weights.name: hashlib.sha256(weights.read_bytes()).hexdigest()}
    (folder / "manifest.json").write_text(
        json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    (folder / "CARD.md").write_text(write_card(manifest), encoding="utf-8")


def _pack_group(name: str, group: Group) -> dict[str, npt.NDArray[Any]]:
    words, pairs = group.weights[: SHAPE.word_size], group.weights[SHAPE.word_size :]
    return {
        **write_table(pack_table(words, levels=LEVELS, least=LEAST), f"{name}_words"),
        **write_table(pack_table(pairs, levels=LEVELS, least=LEAST), f"{name}_pairs"),
        f"{name}_sources": group.sources,
        f"{name}_mix": group.mix,
        f"{name}_biases": group.biases,
    }


def _manifest(version: str, taught: Taught) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "name": "screen",
        "version": version,
        "library": library_range(),
        "input": {
            "normalisation": "amends_engine.text.normalise",
            "features": "character n-grams 2-5 inside words, words and pairs of words, hashed",
            "word_bits": SHAPE.word_bits,
            "pair_bits": SHAPE.pair_bits,
        },
        "languages": list(CODES),
        "groups": list(taught.groups),
        "first": {name: list(group.first) for name, group in taught.groups.items()},
        "recipe": {"script": "training/train_screen.py", "strength": STRENGTH, **taught.recipe},
        "texts_sha256": _texts_hash(taught.rows),
        "sources": _sources(taught.rows),
        "metrics": taught.metrics,
    }


def _texts_hash(rows: Sequence[Row]) -> str:
    digest = hashlib.sha256()
    for row in rows:
        digest.update(repr(row).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _sources(rows: Sequence[Row]) -> list[dict[str, Any]]:
    counts = Counter(row.source for row in rows)
    licences = {source.name: source.licence for source in SOURCES}
    return [
        {"source": name, "texts": count, "licence": licences.get(name, OWN_LICENCE)}
        for name, count in sorted(counts.items())
    ]


def write_card(manifest: Mapping[str, Any]) -> str:
    """Return the card, a page of Markdown, for a manifest."""
    lines = [
        f"# Screen {manifest['version']}",
        "",
        "Linear heads over hashed words and their character n-grams, for customer comments in",
        "Turkish, Indonesian, Russian, Dutch and English: the language, and all fields of an",
        "assessment. One group of heads for each of the five, one (`xx`) for all other languages.",
        "Made by `training/train_screen.py`.",
        "",
        "**Use:** to order and pre-select work for a person, blended with rules and the model.",
        "**Not for:** removing, hiding or answering anything by itself; judging people.",
        "Weights are hashed; no text of the material is in them; links and handles were masked,",
        "digits are one and the same.",
        "",
        "**Limits.** Reads no sarcasm, no parent, no order beyond two words. Fields other than",
        "sentiment, offence, complaint (English) and spam rest on some 1,300 examples a language of",
        "our own, written for this project; rare labels have a handful. Malay, Azerbaijani, Ukrainian",
        "and the like are known to be kept apart from ours, no more.",
        "",
        "## Figures on texts that were not trained on",
        "",
        "Macro-F1 over the labels that occur; `own-…` are our own examples (hash split);",
        "`without X` was taught without the source X and is measured on it.",
        "",
        "| what | figures |",
        "|---|---|",
    ]
    for name, figures in manifest["metrics"].items():
        shown = ", ".join(f"{key} {round(value, 3)}" for key, value in figures.items())
        lines.append(f"| {name} | {shown} |")
    lines += ["", "## Sources and licences", "", "| source | texts | licence |", "|---|---|---|"]
    lines += [
        f"| {row['source']} | {row['texts']} | {row['licence']} |" for row in manifest["sources"]
    ]
    lines += ["", f"Frequency lists: {FREQUENCY_LISTS}."]
    return "\n".join(lines) + "\n"
