"""What a worker process of the cluster does: load the engine once, judge partitions of texts.

Imports Daft; imported only by `scale.py` and, by name, by the workers.
"""

from __future__ import annotations

import json

import daft

from amends_engine.assess.factory import load_classifier
from amends_engine.assess.output import dump_json
from amends_engine.assess.run import BATCH
from amends_engine.classifier import TextInput


def dump_text(text: TextInput) -> str:
    """Return a text as JSON, in which lone surrogates and both kinds of id survive the way."""
    return dump_json([text.id, text.text, text.parent, text.lang]).decode("utf-8")


class PartitionJudge:
    """Daft makes one in each worker process, and gives it batches of texts."""

    def __init__(self, factory: str) -> None:
        self._factory = factory

    @daft.method.batch(return_dtype=daft.DataType.string(), batch_size=BATCH)  # type: ignore[untyped-decorator]
    def judge(self, texts: daft.Series) -> list[str]:
        """Return the record of each text (JSON of `dump_text`) as JSON, in order."""
        classifier = load_classifier(self._factory)
        inputs = [TextInput(*json.loads(text)) for text in texts.to_pylist()]
        return [
            dump_json(assessment.to_json()).decode("utf-8")
            for assessment in classifier.assess(inputs)
        ]
