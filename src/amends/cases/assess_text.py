"""Judges a text that is no comment of the desk: nothing is stored, no case is opened."""

from __future__ import annotations

import functools

from amends.cases.judge import load_classifier
from amends.cases.live import live_classifier
from amends_engine.classifier import Assessment, Classifier, TextInput, require_readable

shared_classifier = functools.cache(load_classifier)
"""The shipped engine of this process; loaded at the first text, None where there is none."""


class NoEngine(Exception):
    """No usable model lies on this machine; a person must judge."""


def assess_text(text: str, *, parent: str | None, workspace_id: int) -> Assessment:
    """What the engine in use in the workspace says. Raises NoEngine, and UnreadableText for no words."""
    require_readable(text)
    shipped: Classifier | None = shared_classifier()
    engine = live_classifier(workspace_id, shipped=shipped)
    if engine is None:
        raise NoEngine
    return engine.assess([TextInput(id=1, text=text, parent=parent)])[0]
