"""What the steps are given: the time, the classifier, the playbook; each loaded when first needed."""

from __future__ import annotations

import functools
from datetime import timedelta

from amends.cases.classify import ClassifierSource
from amends.cases.in_force import playbook_in_force
from amends.cases.judge import load_classifier
from amends.core.clock import Clock, SystemClock
from amends.core.playbook.rules import Playbook


class Desk:
    """The tools of one process."""

    def __init__(
        self, *, clock: Clock | None = None, lease: timedelta = timedelta(seconds=60)
    ) -> None:
        self.clock: Clock = clock or SystemClock()
        self.lease = lease
        # None where no usable model lies: a person decides then. Loaded by the first comment, once.
        self.classifier: ClassifierSource = functools.cache(load_classifier)

    def playbook(self, workspace_id: int) -> Playbook:
        """The playbook in force in a workspace; asked for anew each time, parsed once."""
        return playbook_in_force(workspace_id)
