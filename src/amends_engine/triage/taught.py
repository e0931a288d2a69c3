"""The engine with a workspace's head on top: the same contract, its own name and version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from amends_engine.classifier import (
    Assessment,
    EngineName,
    TextInput,
    UnreadableText,
    require_readable,
)
from amends_engine.triage.blend_fields import FIELDS, NEVER, Blend
from amends_engine.triage.compose import Tiers, compose
from amends_engine.triage.head import HeadError, WorkspaceHead, columns_of
from amends_engine.triage.layout import CHOICES
from amends_engine.triage.scores import Floats

BATCH = 500


@runtime_checkable
class Teachable(Protocol):
    """An engine on which a head can stand: it shows its tiers and how it blends them."""

    @property
    def engine(self) -> EngineName: ...

    def assess(self, texts: Sequence[TextInput]) -> list[Assessment]: ...

    def score(self, texts: Sequence[TextInput]) -> list[Tiers]: ...

    def blend_of(self, tiers: Tiers) -> Blend: ...


@dataclass(frozen=True, slots=True)
class TaughtBlend(Blend):
    """The blend of one text with its correction: `said` before it, `corrected` after it."""

    said: Floats
    corrected: Floats
    taught: tuple[str, ...]

    def combine(
        self, *, group: str, screen: Floats, rules: Floats, model: Floats | None = None
    ) -> Floats:
        """Return the corrected numbers; they were made of these tiers."""
        return self.corrected.copy()

    def threshold(self, field: str, *, group: str) -> float:
        """Return the threshold of the blend, but never for a label that the head has brought in.

        How often a head is right where it is certain was not measured on enough texts: a person
        decides.
        """
        place = self.groups.index(group)
        usual = float(self.sure[place, FIELDS.index(field)])
        if field not in self.taught:
            return usual
        return usual if _would_be_sure(self.said, self.corrected, field, usual) else NEVER


class TaughtClassifier:
    """Satisfies `amends_engine.classifier.Classifier`."""

    def __init__(self, base: Teachable, head: WorkspaceHead) -> None:
        """Take the engine and the head; raise HeadError if the head is for another engine."""
        if head.base != base.engine:
            raise HeadError(
                f"The head is for {head.base.name} {head.base.version}, the engine is "
                f"{base.engine.name} {base.engine.version}. Train a new one."
            )
        self._base = base
        self._head = head
        self.engine = head.engine

    def assess(self, texts: Sequence[TextInput]) -> list[Assessment]:
        """Return one assessment per text, in order; raise UnreadableText naming the id."""
        for text in texts:
            try:
                require_readable(text.text)
            except UnreadableText as error:
                raise UnreadableText(f"id {text.id}: {error}") from error
        answers: list[Assessment] = []
        for start in range(0, len(texts), BATCH):
            scored = self._base.score(texts[start : start + BATCH])
            answers += [self.judge(tiers) for tiers in scored]
        return answers

    def judge(self, tiers: Tiers) -> Assessment:
        """Return the assessment of one text whose tiers have spoken."""
        blend = self._base.blend_of(tiers)
        said = blend_tiers(tiers, blend=blend)
        corrected = self._head.correct(said, vector_of(tiers))
        taught = TaughtBlend(
            groups=blend.groups,
            tiers=blend.tiers,
            biases=blend.biases,
            sure=blend.sure,
            said=said,
            corrected=corrected,
            taught=self._head.fields,
        )
        return compose(tiers, blend=taught, engine=self.engine)


def blend_tiers(tiers: Tiers, *, blend: Blend) -> Floats:
    """Return the blended numbers of one text (39)."""
    return blend.combine(
        group=tiers.screen.group,
        screen=tiers.screen.logits,
        rules=tiers.screen.signals,
        model=None if tiers.model is None else tiers.model.logits,
    )


def vector_of(tiers: Tiers) -> Floats | None:
    """Return the model's vector of the text, None where the model did not read it."""
    vector = getattr(tiers.model, "vector", None)
    return None if vector is None else np.asarray(vector, dtype=np.float32)


def _would_be_sure(said: Floats, corrected: Floats, field: str, usual: float) -> bool:
    columns = columns_of(field)
    before, after = said[columns], corrected[columns]
    if field in CHOICES:
        part = np.exp(before - before.max())
        is_same = int(before.argmax()) == int(after.argmax())
        return is_same and float(part.max() / part.sum()) >= usual
    chance = float(1 / (1 + np.exp(-before[0])))
    return bool((before[0] >= 0) == (after[0] >= 0)) and max(chance, 1 - chance) >= usual
