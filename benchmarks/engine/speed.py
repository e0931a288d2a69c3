"""Texts a second on one thread, time to the first answer, and memory, each in a fresh process."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

SOURCE = Path(__file__).parent.parent.parent / "src"
TEXTS = 2_000

PROGRAM = """
import json, os, sys, time
os.environ["OMP_NUM_THREADS"] = "1"
began = time.monotonic()
from amends_engine.classifier import TextInput
from amends_engine.triage import cascade
kind, path = sys.argv[1], sys.argv[2]
engine = cascade.load_screen_alone() if kind == "screen" else cascade.load_cascade()
with open(path, encoding="utf-8") as lines:
    texts = [TextInput(n, text) for n, text in enumerate(map(json.loads, lines))]
engine.assess(texts[:1])
first = time.monotonic() - began
if kind == "model":
    from amends_engine.triage.model.model import load_model
    run = load_model().score
    run(texts[:20])
else:
    run = engine.assess
    run(texts[:200])
warm = texts[200:]
began = time.process_time()
for start in range(0, len(warm), 500):
    run(warm[start:start + 500])
spent = time.process_time() - began
status = open("/proc/self/status").read()
memory = {key: int(status.split(key + ":")[1].split()[0]) / 1024 for key in ("VmRSS", "VmHWM")}
print(json.dumps({
    "texts a CPU second": round(len(warm) / spent),
    "first answer, s": round(first, 2),
    "resident, MB": round(memory["VmRSS"]),
    "peak, MB": round(memory["VmHWM"]),
    "to the model": "" if kind != "cascade" else f"{engine.count_escalated(warm) / len(warm):.0%}",
}))
"""


def measure_speed(texts: Sequence[str], *, folder: Path) -> dict[str, dict[str, object]]:
    """Return the figures of screen, cascade and model; `folder` takes the file of texts."""
    path = folder / "speed.jsonl"
    path.write_text("".join(json.dumps(text) + "\n" for text in texts[:TEXTS]), encoding="utf-8")
    figures = {}
    for kind in ("screen", "cascade", "model"):
        printed = subprocess.run(
            [sys.executable, "-c", PROGRAM, kind, str(path)],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONPATH": str(SOURCE)},
        )
        figures[kind] = json.loads(printed.stdout.splitlines()[-1])
    return figures
