"""Run the model: pieces in, logits out, one text at a time on one thread.

Texts run alone on purpose. Whole-number arithmetic takes its scale from the numbers at hand, so a
neighbour in a batch would change a text's answer; alone it costs a tenth more and is repeatable.

On processors whose 8-bit products saturate, answers would be wrong without a word. So the first
load compares a few stored texts with what the float graph said of them when it was made, and takes
the float graph (a third as fast) if they differ.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime

from amends_engine.triage.model.pieces import join_pieces

Floats = npt.NDArray[np.float32]

WHOLE, FLOAT = "model.onnx", "model-fp32.onnx"
OUTPUTS = ("logits", "pooled", "shares")
TOLERANCE = 1.0
"""Mean distance of the self-test's logits above which whole numbers are not trusted here."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Logits (labels), the text's vector (width), and each piece's share in the logits."""

    logits: Floats
    pooled: Floats
    shares: Floats


class Session:
    """The graph of one artefact, loaded and tested."""

    def __init__(self, folder: Path, *, pieces: Sequence[Sequence[int]], expected: Floats) -> None:
        """Load; `expected` are the float graph's logits for `pieces`."""
        self._run = load_graph(folder / WHOLE)
        self.is_whole = True
        found = np.stack([self.answer(one).logits for one in pieces])
        if float(np.abs(found - expected).mean()) > TOLERANCE:
            warnings.warn(
                "This processor rounds 8-bit products too coarsely; the engine uses floats, "
                "which is slower.",
                RuntimeWarning,
                stacklevel=2,
            )
            self._run, self.is_whole = load_graph(folder / FLOAT), False

    def answer(self, text: Sequence[int], parent: Sequence[int] = ()) -> Answer:
        """Return what the model says of the pieces of one text and of what it answers."""
        pieces = np.array([join_pieces(text, parent)], dtype=np.int64)
        logits, pooled, shares = self._run.run(OUTPUTS, {"pieces": pieces})
        return Answer(logits[0], pooled[0], shares[0])


def load_graph(path: Path) -> Any:
    """Return an onnxruntime session on one thread that gives memory back."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
