"""Loads the engine's classifier; the desk goes on without it, and a person decides."""

from __future__ import annotations

import structlog

from amends_engine.artefacts.read import ArtefactError
from amends_engine.classifier import Classifier
from amends_engine.triage.cascade import load_cascade

log = structlog.get_logger(__name__)


def load_classifier() -> Classifier | None:
    """The shipped engine, or None (said loudly, once) when its files are missing or damaged."""
    try:
        return load_cascade()
    except ArtefactError as error:
        log.error("engine.missing", error=str(error), what_now="every comment goes to a person")
        return None
