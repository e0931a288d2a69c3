"""The parts of a playbook beside its rules in words: waiting, owning, and how two playbooks differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from amends.cases.pause import paused_kinds
from amends.core.playbook.diff import Difference, diff_playbooks
from amends.core.playbook.rules import ApologyRule, PauseRule, Playbook
from amends.core.playbook.standing import apology_of, components_of, pauses_of
from amends.core.playbook.terms import ClockKind, FaultBand, PauseEnd
from amends.web import labels
from amends.web.explain import Part, component_part
from amends.web.playbook_words import Source, read_sources

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CLOCKS: Mapping[str, str | LazyText] = {
    ClockKind.FIRST_REPLY: pgettext_lazy("clock", "first reply"),
    ClockKind.PROGRESS: pgettext_lazy("clock", "progress"),
    ClockKind.RESOLUTION: pgettext_lazy("clock", "resolution"),
}
ENDS: Mapping[str, LazyText] = {
    PauseEnd.CLOSE_NO_ANSWER: gettext_lazy("the case is closed as not answered"),
    PauseEnd.ASK_A_PERSON: gettext_lazy("a person is asked again what to do"),
}
BANDS: Mapping[str, LazyText] = {
    FaultBand.UNKNOWN: gettext_lazy("Nobody knows yet whose fault it was"),
    FaultBand.NONE: gettext_lazy("Not our fault"),
    FaultBand.PART: gettext_lazy("Our fault in part: 1 to 49 %"),
    FaultBand.MOST: gettext_lazy("Our fault: 50 to 100 %"),
}
SECTIONS: Mapping[str, str | LazyText] = {
    "head": gettext_lazy("Name and version"),
    "priorities": gettext_lazy("How urgent"),
    "clocks": gettext_lazy("By when"),
    "pauses": gettext_lazy("When clocks stand still"),
    "approvals": gettext_lazy("Who must agree"),
    "components": gettext_lazy("Parts of a reply"),
    "apology": gettext_lazy("How much is owned"),
    "gates": gettext_lazy("Gates"),
    "matrix": gettext_lazy("Matrix"),
    "default": gettext_lazy("Where nothing else holds"),
}
FATES: Mapping[str, str | LazyText] = {
    "added": pgettext_lazy("of a rule", "added"),
    "removed": pgettext_lazy("of a rule", "removed"),
    "changed": pgettext_lazy("of a rule", "changed"),
    "moved": pgettext_lazy("of a rule", "moved: order decides"),
}


@dataclass(frozen=True, slots=True)
class PauseView:
    """What happens to the clocks once we have asked the author something."""

    stops: str
    pauses: str
    at_most: str
    then: str
    watch: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class BandView:
    """What a full answer says at one share of the fault."""

    title: str
    needs: tuple[Part, ...]
    welcome: tuple[Part, ...]
    never: tuple[Part, ...]
    bans: tuple[str, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class KeyView:
    """One thing that a rule says, before and after; empty where it says nothing."""

    key: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class DifferenceView:
    """One rule or entry that differs between two playbooks."""

    section: str
    id: str
    fate: str
    fate_words: str
    keys: tuple[KeyView, ...]


def view_pauses(playbook: Playbook) -> tuple[PauseView, ...]:
    """When clocks stand still, by this playbook or as shipped."""
    return tuple(_view_pause(one) for one in pauses_of(playbook).values())


def view_bands(playbook: Playbook) -> tuple[BandView, ...]:
    """What is owned at each share of the fault, from not known to wholly ours."""
    rules = apology_of(playbook)
    return tuple(_view_band(band, rules[band]) for band in FaultBand if band in rules)


def view_components(playbook: Playbook) -> tuple[Part, ...]:
    """Every part of a reply, in the playbook's own words where it has any."""
    return tuple(
        Part(part.value, _(words.title), _(words.say))
        for part, words in components_of(playbook).items()
    )


def view_differences(before: Playbook, *, after: Playbook) -> tuple[DifferenceView, ...]:
    """What a person would tell a colleague of the change: rules added, changed, removed, moved."""
    return tuple(_view_difference(one) for one in diff_playbooks(before, after=after))


def _view_pause(rule: PauseRule) -> PauseView:
    return PauseView(
        stops=_clocks(rule.stops),
        pauses=_clocks(paused_kinds(rule.pauses)),
        at_most=length_words(rule.at_most),
        then=str(ENDS[rule.then]),
        watch=length_words(rule.watch) if rule.watch else "",
        sources=read_sources(rule.because),
    )


def _view_band(band: FaultBand, rule: ApologyRule) -> BandView:
    return BandView(
        title=str(BANDS[band]),
        needs=tuple(component_part(one.value) for one in rule.needs),
        welcome=tuple(component_part(one.value) for one in rule.welcome),
        never=tuple(component_part(one.value) for one in rule.never),
        bans=tuple(labels.label_of(labels.BANS, one.value) for one in rule.forbid),
        sources=read_sources(rule.because),
    )


def _view_difference(one: Difference) -> DifferenceView:
    return DifferenceView(
        section=str(SECTIONS[one.section]),
        id=one.id,
        fate=one.fate.value,
        fate_words=str(FATES[one.fate]),
        keys=tuple(
            KeyView(key.key, plain_text(key.before), plain_text(key.after)) for key in one.keys
        ),
    )


def plain_text(value: Any) -> str:
    """A value of the file on one line, as somebody who edits the file would write it."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_nested(inner)}" for key, inner in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_nested(one) for one in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _nested(value: Any) -> str:
    said = plain_text(value)
    if isinstance(value, Mapping):
        return f"{{{said}}}"
    return f"[{said}]" if isinstance(value, list | tuple) else said


def length_words(span: timedelta) -> str:
    """A length of time by the wall in the largest unit that fits."""
    if span >= 3 * DAY and not span % DAY:
        count = span // DAY
        return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}
    if span >= HOUR and not span % HOUR:
        count = span // HOUR
        return ngettext("%(count)d hour", "%(count)d hours", count) % {"count": count}
    count = round(span.total_seconds() / 60)
    return ngettext("%(count)d minute", "%(count)d minutes", count) % {"count": count}


def _clocks(kinds: Any) -> str:
    return ", ".join(str(CLOCKS[kind]) for kind in ClockKind if kind in set(kinds))
