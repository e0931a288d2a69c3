"""Write the artefact of the cascade: blends, router, manifest and card."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from amends_engine.artefacts.read import FORMAT, latest_artefact
from amends_engine.triage.blend_fields import FIELDS, NEVER, TIERS, Blend
from amends_engine.triage.router import Router
from amends_engine.triage.scores import Floats
from training.blend_fields import Unseen
from training.library import library_range
from training.measure_fields import measure_fields

CARD = Path(__file__).parent / "CARD-cascade.md"


@dataclass(frozen=True)
class Shipment:
    """What was learned, and what it says of texts that no tier saw."""

    blends: Mapping[str, Blend]
    router: Router
    numbers: Mapping[str, Floats]
    unseen: Unseen
    curve: Sequence[Mapping[str, float]]


def ship_cascade(shipment: Shipment, *, out: Path) -> None:
    """Write everything into `out`, whose name is the version."""
    out.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, Any] = {
        "router_weights": shipment.router.weights,
        "router_bias": np.float32(shipment.router.bias),
        "router_threshold": np.float32(shipment.router.threshold),
    }
    for mode, blend in shipment.blends.items():
        arrays |= {
            f"{mode}_tiers": blend.tiers,
            f"{mode}_biases": blend.biases,
            f"{mode}_sure": blend.sure,
        }
    np.savez_compressed(out / "blend.npz", **arrays)
    figures = {
        mode: measure_fields(shipment.unseen.rows, numbers)
        for mode, numbers in shipment.numbers.items()
    }
    groups = list(shipment.router.groups)
    manifest = {
        "format": FORMAT,
        "name": "cascade",
        "version": out.name,
        "library": library_range(),
        "groups": groups,
        "tiers": {name: latest_artefact(name).name for name in ("model", "screen")},
        "figures": figures,
        "curve": list(shipment.curve),
        "files": {"blend.npz": hashlib.sha256((out / "blend.npz").read_bytes()).hexdigest()},
    }
    text = json.dumps(manifest, indent=1, ensure_ascii=False)
    (out / "manifest.json").write_text(text + "\n", encoding="utf-8")
    write_card(shipment, manifest=manifest, out=out)


def write_card(shipment: Shipment, *, manifest: Mapping[str, Any], out: Path) -> None:
    """Write the card with figures by field and source, weights of the tiers, and the curve."""
    full, fast = manifest["figures"]["full"], manifest["figures"]["fast"]
    figures = [f"| {name} | {full[name]:.3f} | {fast[name]:.3f} |" for name in sorted(full)]
    curve = [
        "| "
        + " | ".join(f"{value:.3f}" for name, value in line.items() if name != "is_default")
        + " |"
        for line in shipment.curve
    ]
    names = [name for name in shipment.curve[0] if name != "is_default"]
    text = CARD.read_text(encoding="utf-8")
    for mark, lines in {
        "{figures}": figures,
        "{curve}": ["| " + " | ".join(names) + " |", "|" + "---|" * len(names), *curve],
        "{weights}": _weight_lines(shipment.blends["full"]),
        "{sure}": _sure_lines(shipment.blends["full"]),
    }.items():
        text = text.replace(mark, "\n".join(lines))
    tiers = manifest["tiers"]
    text = text.replace("{version}", out.name).replace("{model}", tiers["model"])
    (out / "CARD.md").write_text(text.replace("{screen}", tiers["screen"]), encoding="utf-8")


def _weight_lines(blend: Blend) -> list[str]:
    lines = []
    for number, field in enumerate(FIELDS):
        means = blend.tiers[:, :, number].mean(axis=0)
        shown = " | ".join(f"{value:.2f}" for value in means[: len(TIERS)])
        lines.append(f"| {field} | {shown} |")
    return lines


def _sure_lines(blend: Blend) -> list[str]:
    return [
        f"| {group} | "
        + " | ".join(
            "never" if value >= NEVER else f"{value:.2f}" for value in blend.sure[at].tolist()
        )
        + " |"
        for at, group in enumerate(blend.groups)
    ]
