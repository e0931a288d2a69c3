"""The model as the cascade uses it: texts in, scores in the common layout out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from amends_engine.artefacts.read import Artefact, ArtefactError, latest_artefact, read_artefact
from amends_engine.classifier import EngineName, TextInput
from amends_engine.triage.layout import CHOICES, TRUTHS
from amends_engine.triage.model.pieces import TEXT_PIECES
from amends_engine.triage.model.session import Answer, Session
from amends_engine.triage.model.words import Words, prepare_text, prepare_words
from amends_engine.triage.scores import Floats, WordShares

TOKENIZER, CHARACTERS = "tokenizer.json", "characters.json"


@dataclass(frozen=True, slots=True)
class ModelScores:
    """What the model says of one text; `vector` is its place among all texts (for other heads)."""

    answer: Answer
    words: Words
    word_of_piece: npt.NDArray[np.int64]

    @property
    def logits(self) -> Floats:
        return self.answer.logits

    @property
    def vector(self) -> Floats:
        return self.answer.pooled

    def word_shares(self) -> WordShares:
        """Return the words with their part of each logit: the head is linear over the pieces."""
        values = np.zeros((len(self.words.words), self.logits.shape[0]), dtype=np.float32)
        count = len(self.word_of_piece)
        # The first piece is the sign of the beginning; what follows the text is no word of it.
        parts = self.answer.shares[1 : count + 1] / len(self.answer.shares)
        np.add.at(values, self.word_of_piece, parts)
        return WordShares(self.words.spans, values)


class Model:
    """Scores texts one by one; loads in about a second and holds some 150 MB."""

    def __init__(self, artefact: Artefact) -> None:
        """Take the artefact; raise ArtefactError if it was made for another layout."""
        manifest, folder = artefact.manifest, artefact.folder
        self.engine = EngineName(name="model", version=str(manifest["version"]))
        layout = {"choices": {field: list(names) for field, names in CHOICES.items()}}
        if manifest.get("layout") != {**layout, "truths": list(TRUTHS)}:
            raise ArtefactError(
                f"{folder} answers in another layout than this library. Install amends again."
            )
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        table = json.loads((folder / CHARACTERS).read_text(encoding="utf-8"))
        self._characters = {int(code): char for code, char in table.items()}
        arrays = artefact.arrays
        lengths = arrays["test_lengths"].tolist()
        pieces = np.split(arrays["test_pieces"], np.cumsum(lengths)[:-1])
        self._session = Session(
            folder, pieces=[one.tolist() for one in pieces], expected=arrays["test_logits"]
        )

    @property
    def is_whole(self) -> bool:
        """Whether it runs on whole numbers; False where the processor rounds too coarsely."""
        return self._session.is_whole

    def score(self, texts: Sequence[TextInput]) -> list[ModelScores]:
        """Return the scores of `texts`, in order; each depends on its text and parent alone."""
        return [self._score(text) for text in texts]

    def _score(self, text: TextInput) -> ModelScores:
        words = prepare_words(text.text, self._characters)
        encoding = self._tokenizer.encode(words.text, add_special_tokens=False)
        parent: list[int] = []
        if text.parent:
            prepared = prepare_text(text.parent, self._characters)
            parent = self._tokenizer.encode(prepared, add_special_tokens=False).ids
        numbers = encoding.word_ids[:TEXT_PIECES]
        last = max(len(words.words) - 1, 0)
        return ModelScores(
            answer=self._session.answer(encoding.ids, parent),
            words=words,
            word_of_piece=np.array([min(at or 0, last) for at in numbers], dtype=np.int64),
        )


@cache
def load_model(folder: Path | None = None) -> Model:
    """Return the shipped model, loaded once per process; raise ArtefactError if it is unusable."""
    return Model(read_artefact(folder or latest_artefact("model")))
