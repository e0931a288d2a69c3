"""The engine as it is used: the screen reads every text, the model those where it may help.

The default of `amends assess` and of the desk. `load_screen_alone` (`--fast`) answers with the
screen and the rules. Both satisfy `amends_engine.classifier.Classifier`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from amends_engine.artefacts.read import Artefact, ArtefactError, latest_artefact, read_artefact
from amends_engine.classifier import (
    Assessment,
    EngineName,
    TextInput,
    UnreadableText,
    require_readable,
)
from amends_engine.triage.blend_fields import Blend, read_blend
from amends_engine.triage.compose import Tiers, compose
from amends_engine.triage.router import Router, read_router
from amends_engine.triage.scores import Floats, ScreenScores
from amends_engine.triage.screen import Screen, load_screen

if TYPE_CHECKING:
    from amends_engine.triage.model.model import Model, ModelScores

BATCH = 500

ModelSource = Callable[[], "Model"]


@dataclass(frozen=True, slots=True)
class Parts:
    """What a cascade is made of; `model` is loaded with the first text that needs it."""

    screen: Screen
    fast: Blend
    full: Blend
    router: Router
    model: ModelSource | None


class Cascade:
    """Satisfies `amends_engine.classifier.Classifier`."""

    def __init__(self, parts: Parts, *, engine: EngineName) -> None:
        self._parts = parts
        self.engine = engine

    def assess(self, texts: Sequence[TextInput]) -> list[Assessment]:
        """Return one assessment per text, in order; raise UnreadableText naming the id."""
        for text in texts:
            try:
                require_readable(text.text)
            except UnreadableText as error:
                raise UnreadableText(f"id {text.id}: {error}") from error
        answers: list[Assessment] = []
        for start in range(0, len(texts), BATCH):
            answers += self._assess_batch(texts[start : start + BATCH])
        return answers

    def load(self) -> Cascade:
        """Load the model now instead of with the first text; raise ArtefactError if it is unusable."""
        if self._parts.model is not None:
            self._parts.model()
        return self

    def count_escalated(self, texts: Sequence[TextInput]) -> int:
        """Return how many of `texts` go to the model."""
        return sum(one.model is not None for one in self.score(texts))

    @property
    def parts(self) -> Parts:
        """What it is made of."""
        return self._parts

    def rate(self, texts: Sequence[TextInput]) -> Floats:
        """Return for each text how likely the router thinks that it needs the model."""
        return self._rate(texts, self._parts.screen.score(texts))

    def score(self, texts: Sequence[TextInput]) -> list[Tiers]:
        """Return what each tier says, the model only where the router asks for it."""
        parts = self._parts
        if not texts:
            return []
        screened = parts.screen.score(texts)
        models: list[ModelScores | None] = [None] * len(texts)
        if parts.model is not None:
            chances = self._rate(texts, screened)
            chosen = np.flatnonzero(chances >= parts.router.threshold).tolist()
            scored = parts.model().score([texts[at] for at in chosen]) if chosen else []
            for at, one in zip(chosen, scored, strict=True):
                models[at] = one
        return [
            Tiers(text, one, model)
            for text, one, model in zip(texts, screened, models, strict=True)
        ]

    def blend_of(self, tiers: Tiers) -> Blend:
        """Return the blend for a text, by the tiers that have read it."""
        return self._parts.fast if tiers.model is None else self._parts.full

    def _rate(self, texts: Sequence[TextInput], screened: Sequence[ScreenScores]) -> Floats:
        parts = self._parts
        blended = np.stack(
            [
                parts.fast.combine(group=one.group, screen=one.logits, rules=one.signals)
                for one in screened
            ]
        )
        return parts.router.rate(texts, screened, blended)

    def _assess_batch(self, texts: Sequence[TextInput]) -> list[Assessment]:
        return [
            compose(tiers, blend=self.blend_of(tiers), engine=self.engine)
            for tiers in self.score(texts)
        ]


def _load_model() -> Model:
    # Imported with the first text that needs it: the runtime behind it takes a while to load, and
    # the screen alone answers without.
    from amends_engine.triage.model.model import load_model

    return load_model()


@cache
def load_cascade() -> Cascade:
    """Return the shipped engine, loaded once per process; raise ArtefactError if it is unusable.

    The model itself is loaded when a text needs it first.
    """
    artefact = read_artefact(latest_artefact("cascade"))
    _require_tiers(artefact)
    return Cascade(
        _read_parts(artefact, model=_load_model),
        engine=EngineName(name="cascade", version=str(artefact.manifest["version"])),
    )


@cache
def load_screen_alone() -> Cascade:
    """Return the shipped engine without the model: faster, coarser, and sure of less."""
    artefact = read_artefact(latest_artefact("cascade"))
    _require_tiers(artefact)
    return Cascade(
        _read_parts(artefact, model=None),
        engine=EngineName(name="screen", version=str(artefact.manifest["version"])),
    )


def _read_parts(artefact: Artefact, *, model: ModelSource | None) -> Parts:
    groups = tuple(artefact.manifest["groups"])
    try:
        return Parts(
            screen=load_screen(),
            fast=read_blend(artefact.arrays, mode="fast", groups=groups),
            full=read_blend(artefact.arrays, mode="full", groups=groups),
            router=read_router(artefact.arrays, groups=groups),
            model=model,
        )
    except KeyError as error:
        raise ArtefactError(
            f"{artefact.folder} is no cascade: {error} is missing. Install amends again."
        ) from error


def _require_tiers(artefact: Artefact) -> None:
    """Refuse tiers that the blend was not learned for: their numbers would mean something else."""
    for name, version in artefact.manifest["tiers"].items():
        found = latest_artefact(name).name
        if found != version:
            raise ArtefactError(
                f"{artefact.folder} blends {name} {version}, but {name} {found} is installed. "
                "Install amends again."
            )
