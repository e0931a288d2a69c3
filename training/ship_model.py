"""Ship the trained model: `python -m training.ship_model --work FOLDER --out ARTEFACT`.

Writes both graphs, the weights, the vocabulary, the texts of the self-test with the float graph's
answers, the manifest and the card. Language of the self-test: sentences of our own.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer

from amends_engine.artefacts.read import FORMAT
from amends_engine.triage.layout import CHOICES, TRUTHS
from amends_engine.triage.model.model import CHARACTERS, TOKENIZER
from amends_engine.triage.model.pieces import PARENT_PIECES, TEXT_PIECES, join_pieces
from amends_engine.triage.model.session import FLOAT, load_graph
from amends_engine.triage.model.words import prepare_text
from training.corpus import OWN_FOLDER, SOURCES
from training.library import library_range
from training.model.carrier import SHA256
from training.model.encoder import LAYERS
from training.model.export import export_model

SELF_TEST = (
    "Kargom altı gündür şubede bekliyor, arıyorum kimse açmıyor!!",
    "Paketnya belum sampai juga, tolong dicek kak",
    "Третий день без интернета, верните деньги",
    "Mijn bestelling is kapot aangekomen en niemand reageert",
    "The kettle caught fire and burnt my hand",
    "Thanks, that was quick and friendly",
    "Nasıl iade edebilirim?",
    "Kazan setiap hari, deposit kecil, link di bio",
)


def main() -> None:
    """Export, test, describe."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True, help="folder of the training run")
    parser.add_argument(
        "--out", type=Path, required=True, help="folder to write; its name is the version"
    )
    arguments = parser.parse_args()
    ship_model(arguments.work, arguments.out)


def ship_model(work: Path, out: Path) -> None:
    """Write the artefact of the run in `work` into `out`."""
    state = torch.load(work / "checkpoint.pt", map_location="cpu", weights_only=True)["model"]
    export_model({name: value.float().numpy() for name, value in state.items()}, folder=out)
    for name in (TOKENIZER, CHARACTERS):
        shutil.copyfile(work / name, out / name)
    write_self_test(out)
    figures = json.loads((work / "figures.json").read_text(encoding="utf-8"))
    write_manifest(out, figures)
    write_card(out, figures)


def write_self_test(out: Path) -> None:
    """Store what the float graph says of a few texts, for the check at every start."""
    tokenizer = Tokenizer.from_file(str(out / TOKENIZER))
    table = json.loads((out / CHARACTERS).read_text(encoding="utf-8"))
    characters = {int(code): char for code, char in table.items()}
    graph = load_graph(out / FLOAT)
    pieces, logits = [], []
    for text in SELF_TEST:
        encoding = tokenizer.encode(prepare_text(text, characters), add_special_tokens=False)
        pieces.append(encoding.ids)
        joined = np.array([join_pieces(encoding.ids)], dtype=np.int64)
        logits.append(graph.run(["logits"], {"pieces": joined})[0][0])
    np.savez_compressed(
        out / "self-test.npz",
        test_pieces=np.concatenate([np.array(one, dtype=np.int64) for one in pieces]),
        test_lengths=np.array([len(one) for one in pieces]),
        test_logits=np.stack(logits).astype(np.float32),
    )


def write_manifest(out: Path, figures: Mapping[str, float]) -> None:
    """Write what the engine checks when it loads, and what a person may want to know."""
    names = sorted(path.name for path in out.iterdir() if path.suffix not in (".md",))
    files = {
        name: hashlib.sha256((out / name).read_bytes()).hexdigest()
        for name in names
        if name != "manifest.json"
    }
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "name": "model",
        "version": out.name,
        "library": library_range(),
        "input": {
            "preparation": "amends_engine.triage.model.words",
            "text_pieces": TEXT_PIECES,
            "parent_pieces": PARENT_PIECES,
        },
        "layout": {
            "choices": {field: list(labels) for field, labels in CHOICES.items()},
            "truths": list(TRUTHS),
        },
        "base": {
            "name": "multilingual-e5-small",
            "licence": "MIT",
            "layers": LAYERS,
            "carrier_sha256": SHA256,
        },
        "own_data_sha256": hash_own_data(),
        "sources": [{"path": one.path, "licence": one.licence} for one in SOURCES],
        "figures": dict(figures),
        "files": files,
    }
    text = json.dumps(manifest, indent=1, ensure_ascii=False)
    (out / "manifest.json").write_text(text + "\n", encoding="utf-8")


def hash_own_data() -> str:
    """Return the hash over our own examples, so that a card can be traced to its data."""
    digest = hashlib.sha256()
    for path in sorted(OWN_FOLDER.glob("comments_*.jsonl")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def write_card(out: Path, figures: Mapping[str, float]) -> None:
    """Write the card: what it is, from what, for what, what not, and how good."""
    template = (Path(__file__).parent / "model" / "CARD.md").read_text(encoding="utf-8")
    sources = "\n".join(f"| {one.path} | {one.licence} |" for one in SOURCES)
    rows = "\n".join(f"| {name} | {value:.3f} |" for name, value in sorted(figures.items()))
    text = template.replace("{version}", out.name)
    text = text.replace("{sources}", sources).replace("{figures}", rows)
    (out / "CARD.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
