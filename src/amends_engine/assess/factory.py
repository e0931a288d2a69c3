"""Which engine judges, by a name that other processes can import: the one place of that choice."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from amends_engine.classifier import Classifier

WHOLE = "amends_engine.triage.screen:load_screen"
SCREEN_ALONE = "amends_engine.triage.screen:load_screen"
# The screen is the only tier so far, so that `--fast` changes nothing yet.


def choose_factory(*, is_fast: bool) -> str:
    """Return `module:function` of what loads the engine; a cluster's workers are given this name."""
    return SCREEN_ALONE if is_fast else WHOLE


@cache
def load_classifier(factory: str) -> Classifier:
    """Return the engine that `module:function` loads, once for each process.

    Raises ArtefactError where the weights cannot be read.
    """
    module, _, function = factory.partition(":")
    classifier: Classifier = getattr(import_module(module), function)()
    return classifier
