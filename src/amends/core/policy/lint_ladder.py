"""Whether what follows a breach stands on the ladder in order, and says how long (K21, S4.10–S4.12)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from amends.core.policy.policy import Clause
from amends.core.policy.problems import Problem, error, warning
from amends.core.policy.terms import WARNED_FIRST, LadderStep, Tier
from amends.core.text import gettext_noop

_ORDER = {step: rank for rank, step in enumerate(LadderStep)}
_NUMBER = re.compile(r"[0-9]{1,4}")


def ladder_problems(clause: Clause, *, path: str) -> Iterator[Problem]:
    """Look at the steps of a clause, and at whether its words say how long a ban lasts."""
    place = f"{path}.ladder"
    steps = [one.step for one in clause.ladder]
    if not steps:
        template = gettext_noop(
            "no consequence: name at least one step, like `ladder: [warn, remove]`"
        )
        yield error(place, template)
        return
    for earlier, later in pairwise(steps):
        if _ORDER[later] <= _ORDER[earlier]:
            template = gettext_noop(
                "%(later)s stands after %(earlier)s: write the steps from mild to strong, each once"
            )
            yield error(place, template, later=later.value, earlier=earlier.value)
    if clause.ground in WARNED_FIRST and steps[0] is not LadderStep.WARN:
        template = gettext_noop("%(ground)s begins with a warning: put `warn` first")
        yield error(place, template, ground=clause.ground.value)
    if clause.tier is Tier.A and steps[0] is LadderStep.WARN:
        template = gettext_noop(
            "%(ground)s harms people while it stands: begin with `hide` or `remove`"
        )
        yield warning(place, template, ground=clause.ground.value)
    yield from _ban_problems(clause, path=path)


def _ban_problems(clause: Clause, *, path: str) -> Iterator[Problem]:
    for rung in clause.ladder:
        if rung.step is not LadderStep.TEMPORARY_BAN:
            continue
        if rung.length is None:
            template = gettext_noop("a temporary ban without length: write `temporary_ban: 7d`")
            yield warning(f"{path}.ladder", template)
            continue
        for code, text in clause.texts.items():
            if text.consequence and not _says(text.consequence, rung.length):
                template = gettext_noop(
                    "the words do not say how long the ban lasts: write the number, %(length)s"
                )
                place = f"{path}.texts.{code}.consequence"
                yield warning(place, template, length=_as_number(rung.length))


def _says(text: str, length: timedelta) -> bool:
    return _as_number(length) in _NUMBER.findall(text)


def _as_number(length: timedelta) -> str:
    """Days, or hours for a ban of less than a day."""
    return str(length.days or max(1, int(length.total_seconds()) // 3600))
