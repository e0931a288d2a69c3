"""What the linter says of a draft, in words for the page: findings, parts of the decision, a summary."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

from amends.replies.lint import Found, Linted, lint_draft
from amends.replies.models import Override, Reply
from amends.replies.override import overrides_in_force, uncovered
from amends.replies.promise import time_named
from amends.web import labels
from amends.web.sources import source_words

KEYS = 9  # suggestions that have a key of their own

# A word, an icon and a class for each level: colour is never the only sign.
LEVELS: MappingProxyType[str, tuple[str | Promise, str, str]] = MappingProxyType(
    {
        "block": (pgettext_lazy("finding", "stops it"), "hand", "danger"),
        "warn": (pgettext_lazy("finding", "better change it"), "triangle-alert", "warn"),
        "hint": (pgettext_lazy("finding", "a hint"), "info", "plain"),
    }
)


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding and the key of its suggestion (0: none)."""

    found: Found
    level: str
    icon: str
    tone: str
    key: int
    until: str  # of a promise, as a date-and-time field takes it; empty where no time is named
    sources: tuple[tuple[str, str], ...]

    @property
    def is_removal(self) -> bool:
        return self.found.edit is not None and not self.found.edit.text


@dataclass(frozen=True, slots=True)
class PartView:
    """A component of the decision; `state` is found, missing or unknown (only a person can tell)."""

    code: str
    label: str
    hint: str
    state: str
    words: str
    icon: str


@dataclass(frozen=True, slots=True)
class LintPanel:
    """`stopped` names the checks that nobody has overridden for this text."""

    summary: str
    score: int
    language: str
    findings: tuple[FindingView, ...]
    parts: tuple[PartView, ...]
    stopped: tuple[str, ...]
    may_override: bool
    overrides: tuple[Override, ...]

    @property
    def is_stopped(self) -> bool:
        return bool(self.stopped)


def read_lint_panel(reply: Reply, *, now: datetime, text: str | None = None) -> LintPanel:
    """What the linter says of the saved text, or of `text` as it is being typed."""
    linted = lint_draft(reply, now=now, text=text, reader=get_language() or "")
    is_saved = text is None or text == reply.text
    return LintPanel(
        summary=_summary(linted),
        score=linted.score,
        language=linted.language,
        findings=_findings(linted, reply=reply, now=now),
        parts=tuple(_part(one.code, is_found=one.is_found) for one in linted.components),
        stopped=uncovered(reply, linted) if is_saved else linted.blocking,
        may_override=linted.may_override,
        overrides=tuple(overrides_in_force(reply)) if is_saved else (),
    )


def _findings(linted: Linted, *, reply: Reply, now: datetime) -> tuple[FindingView, ...]:
    views = []
    key = 0
    for found in linted.findings:
        has_key = found.edit is not None and key < KEYS
        key += has_key
        words, icon, tone = LEVELS[found.level]
        sources = tuple((code, source_words(code)) for code in found.sources)
        until = _until(found, reply=reply, now=now)
        number = key if has_key else 0
        views.append(FindingView(found, str(words), icon, tone, number, until, sources))
    return tuple(views)


def _until(found: Found, *, reply: Reply, now: datetime) -> str:
    if found.code != "Q05":
        return ""
    named = time_named(found.sentence, case=reply.case, now=now)
    return timezone.localtime(named).strftime("%Y-%m-%dT%H:%M") if named else ""


def _summary(linted: Linted) -> str:
    """How many findings of each level, in one sentence that a screen reader says once."""
    if not linted.text.strip():
        return _("Nothing written yet.")
    counts = linted.counts
    said = [
        (ngettext("%(n)d thing stops it", "%(n)d things stop it", n) % {"n": n})
        if (n := counts.get("block", 0))
        else "",
        (ngettext("%(n)d to change", "%(n)d to change", n) % {"n": n})
        if (n := counts.get("warn", 0))
        else "",
        (ngettext("%(n)d hint", "%(n)d hints", n) % {"n": n})
        if (n := counts.get("hint", 0))
        else "",
    ]
    return " · ".join(one for one in said if one) or _("The linter has nothing to say against it.")


# What a part looks like by what the linter found of it.
_STATES: MappingProxyType[bool | None, tuple[str, str | Promise, str]] = MappingProxyType(
    {
        True: ("found", gettext_lazy("found in the draft"), "circle-check"),
        False: ("missing", gettext_lazy("not found yet"), "circle"),
        None: ("unknown", gettext_lazy("look yourself"), "eye"),
    }
)


def _part(code: str, *, is_found: bool | None) -> PartView:
    label, hint = labels.COMPONENTS.get(code, (code, ""))
    state, words, icon = _STATES[is_found]
    return PartView(code, str(label), str(hint), state, str(words), icon)
