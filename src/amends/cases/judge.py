"""Loads the engine's classifier; the desk goes on without it, and a person decides."""

from __future__ import annotations

import structlog

from amends_engine.artefacts.read import ArtefactError, latest_artefact
from amends_engine.classifier import Classifier, EngineName

log = structlog.get_logger(__name__)

SHIPPED = ("cascade", "screen")


def load_classifier() -> Classifier | None:
    """The shipped engine: the cascade, else the screen alone, else None; said loudly, once."""
    # Heavy, so inside: web processes ask for the name of the engine, but never load it.
    from amends_engine.triage.cascade import load_cascade, load_screen_alone

    try:
        return load_cascade().load()
    except (ArtefactError, ImportError) as error:
        log.warning("engine.screen_alone", error=str(error), what_now="the screen judges alone")
    try:
        return load_screen_alone()
    except ArtefactError as error:
        log.error("engine.missing", error=str(error), what_now="every comment goes to a person")
        return None


def shipped_engine() -> EngineName | None:
    """Name and version of the engine that is installed, without loading it."""
    for name in SHIPPED:
        try:
            return EngineName(name, latest_artefact(name).name)
        except ArtefactError:
            continue
    return None
