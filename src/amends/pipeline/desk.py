"""What the steps are given: the time, the classifier, the playbook; each loaded once, when first needed."""

from __future__ import annotations

import functools
from datetime import timedelta
from importlib import resources

from amends.cases.classify import ClassifierSource
from amends.cases.judge import load_classifier
from amends.core.clock import Clock, SystemClock
from amends.core.playbook.rules import Playbook
from amends.core.playbook.schema import parse_playbook


class Desk:
    """The tools of one process."""

    def __init__(
        self, *, clock: Clock | None = None, lease: timedelta = timedelta(seconds=60)
    ) -> None:
        self.clock: Clock = clock or SystemClock()
        self.lease = lease
        # None where no usable model lies: a person decides then. Loaded by the first comment, once.
        self.classifier: ClassifierSource = functools.cache(load_classifier)

    def playbook(self) -> Playbook:
        """The playbook in force."""
        return _shipped_playbook("general")


@functools.cache
def _shipped_playbook(name: str) -> Playbook:
    folder = resources.files("amends.core.playbook") / "playbooks"
    return parse_playbook((folder / f"{name}.yaml").read_bytes())
