"""The codes of policies in words; `measures` and the public pages say them alike."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from amends.core.policy.policy import Clause, Consequence
from amends.core.policy.terms import LadderStep, Tier
from amends.core.vocabulary import PolicyGround

STEPS = {
    LadderStep.WARN: gettext_lazy("warning"),
    LadderStep.HIDE: gettext_lazy("comment hidden"),
    LadderStep.REMOVE: gettext_lazy("comment removed"),
    LadderStep.TEMPORARY_BAN: gettext_lazy("ban for a time"),
    LadderStep.PERMANENT_BAN: gettext_lazy("permanent ban"),
    LadderStep.BLOCK: gettext_lazy("account blocked"),
    LadderStep.REPORT: gettext_lazy("reported to the platform"),
    LadderStep.LEGAL: gettext_lazy("legal steps"),
}
PARTS = {
    "title": gettext_lazy("Title"),
    "rule": gettext_lazy("Rule"),
    "example": gettext_lazy("Example that breaks it"),
    "allowed": gettext_lazy("What is fine"),
    "consequence": gettext_lazy("What follows"),
    "introduction": gettext_lazy("Introduction"),
    "promises": gettext_lazy("What we promise"),
    "never_removed": gettext_lazy("What is never removed"),
    "register": gettext_lazy("Way of speaking, and languages"),
    "decides": gettext_lazy("Who decides"),
    "appeal": gettext_lazy("How to appeal"),
    "contact": gettext_lazy("Where to ask"),
    "ladder": gettext_lazy("Steps"),
    "ground": gettext_lazy("Ground"),
    "times": gettext_lazy("Time limits of an appeal"),
}


def step_words(rung: Consequence) -> str:
    """A step of the ladder, a ban with its length."""
    if rung.length is None:
        return str(STEPS[rung.step])
    days, hours = rung.length.days, int(rung.length.total_seconds()) // 3600
    if days:
        return ngettext("ban for %(count)d day", "ban for %(count)d days", days) % {"count": days}
    return ngettext("ban for %(count)d hour", "ban for %(count)d hours", hours) % {"count": hours}


def ladder_words(clause: Clause) -> list[str]:
    return [step_words(one) for one in clause.ladder]


def tier_words(clause: Clause) -> str:
    """How fast we act, for the public."""
    if clause.tier is Tier.A:
        return _("We act at once; a second person checks within 24 hours.")
    if clause.ground is PolicyGround.SPAM:
        return _("We act at once.")
    return _("We warn once before we act.")
