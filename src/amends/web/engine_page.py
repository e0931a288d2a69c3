"""Everything that the page of the engine shows, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from amends.accounts.models import User, Workspace
from amends.accounts.permissions import may_see_lane, may_teach
from amends.cases.judge import shipped_engine
from amends.cases.models import ModelRelease, ReleaseStatus
from amends.learning.models import Reassessment, ReassessmentStatus, Training, TrainingStatus
from amends.learning.promote import SHIPPED
from amends.learning.queries import (
    FieldCount,
    correction_counts,
    last_reassessment,
    last_retired,
    last_training,
    releases_visible_to,
)
from amends.web import labels

RELEASES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One line of the table of figures."""

    field: str
    language: str
    is_whole: bool
    count: int
    before: str
    after: str
    verdict: str
    words: str


@dataclass(frozen=True, slots=True)
class ReleaseView:
    """A trained head with its figures; `is_usable` says whether the installed engine takes it."""

    release: ModelRelease
    texts: int
    fields: str
    figures: tuple[FigureRow, ...]
    golden: tuple[FigureRow, ...]
    golden_count: int
    is_usable: bool
    is_live: bool


@dataclass(frozen=True, slots=True)
class LiveView:
    """Which engine judges; `installed` is the shipped one by name, empty where there is none."""

    installed: str
    release: ModelRelease | None
    is_usable: bool
    since: datetime | None
    by: User | None

    @property
    def token(self) -> int:
        """Names what the person saw, so that two who change it at once are told apart."""
        return self.release.pk if self.release else SHIPPED


@dataclass(frozen=True, slots=True)
class CountRow:
    """What people said on a field."""

    label: str
    count: FieldCount


@dataclass(frozen=True, slots=True)
class Progress:
    """The long works; `is_moving` while one of them changes by itself."""

    training: Training | None
    trained_words: str
    trained_figures: tuple[FigureRow, ...]
    reassessment: Reassessment | None
    shows_counts: bool
    may_teach: bool

    @property
    def is_moving(self) -> bool:
        trains = self.training is not None and self.training.is_open
        judges = (
            self.reassessment is not None and self.reassessment.status == ReassessmentStatus.RUNNING
        )
        return trains or judges


@dataclass(frozen=True, slots=True)
class EnginePage:
    """The page for one person."""

    live: LiveView
    counts: tuple[CountRow, ...]
    releases: tuple[ReleaseView, ...]
    progress: Progress
    may_teach: bool

    @property
    def has_corrections(self) -> bool:
        return any(row.count.count for row in self.counts)


def read_engine_page(workspace: Workspace, *, user: User) -> EnginePage:
    """Read it all, in a fixed number of queries."""
    releases = list(releases_visible_to(user, workspace=workspace)[:RELEASES_SHOWN])
    live = next((one for one in releases if one.status == ReleaseStatus.LIVE), None)
    return EnginePage(
        live=read_live(workspace, user=user, live=live),
        counts=tuple(
            CountRow(labels.field_or_flag(one.field), one) for one in correction_counts(workspace)
        ),
        releases=tuple(view_release(one) for one in releases),
        progress=read_progress(workspace, user=user),
        may_teach=may_teach(user, workspace),
    )


def read_live(workspace: Workspace, *, user: User, live: ModelRelease | None = None) -> LiveView:
    """Which engine judges, since when and by whose act."""
    if live is None:
        visible = releases_visible_to(user, workspace=workspace)
        live = visible.filter(status=ReleaseStatus.LIVE).first()
    installed = shipped_engine()
    name = f"{installed.name} {installed.version}" if installed else ""
    if live is not None:
        return LiveView(name, live, is_usable(live), live.promoted_at, live.promoted_by)
    before = last_retired(workspace)
    since, by = (before.retired_at, before.retired_by) if before else (None, None)
    return LiveView(name, None, is_usable=True, since=since, by=by)


def is_usable(release: ModelRelease) -> bool:
    """Whether the head was taught on the engine that is installed."""
    shipped = shipped_engine()
    return shipped is not None and (shipped.name, shipped.version) == (
        release.engine,
        release.base_version,
    )


def read_progress(workspace: Workspace, *, user: User) -> Progress:
    """How the long works stand; counts of texts only for those who see every lane."""
    training = last_training(workspace)
    return Progress(
        training=training,
        trained_words=explain_training(training) if training else "",
        trained_figures=tuple(_figures(training.figures)) if training else (),
        reassessment=last_reassessment(workspace),
        shows_counts=may_see_lane(user, workspace, "legal"),
        may_teach=may_teach(user, workspace),
    )


def view_release(release: ModelRelease) -> ReleaseView:
    """A head with its figures in words."""
    said: Mapping[str, Any] = release.manifest
    golden = said.get("golden", {}).get("figures", [])
    fields = [labels.field_or_flag(field) for field in said.get("fields", [])]
    return ReleaseView(
        release=release,
        texts=said.get("texts", 0),
        fields=", ".join(fields),
        figures=tuple(_figures(said.get("figures", []))),
        golden=tuple(_figures(golden)),
        golden_count=max((one["count"] for one in golden), default=0),
        is_usable=is_usable(release),
        is_live=release.status == ReleaseStatus.LIVE,
    )


def explain_training(training: Training) -> str:
    """Why nothing came of a training, in a sentence; empty where something did."""
    if training.status == TrainingStatus.FAILED:
        return _(
            "The training broke off. Try again; if it breaks off again, ask who runs the desk."
        )
    if training.status != TrainingStatus.REFUSED:
        return ""
    facts = dict(training.facts)
    if training.reason == "golden_fell":
        facts["field"] = labels.field_or_flag(str(facts.get("field", "")))
        facts["before"], facts["after"] = _score(facts["before"]), _score(facts["after"])
    sentences = {
        "too_few": _("There are %(have)s texts with a triage; at least %(need)s are needed."),
        "all_alike": _("Where enough people have spoken, the engine already says the same."),
        "no_gain": _(
            "Learning from these %(texts)s texts makes the engine no better, beyond luck."
        ),
        "golden_fell": _(
            "It would do worse on the shipped examples: %(field)s falls from %(before)s to %(after)s."
        ),
        "engine": _("The engine that is installed cannot be taught."),
        "golden_missing": _("The shipped examples are missing or damaged. Install Amends again."),
    }
    return sentences.get(training.reason, training.reason) % facts


def _figures(stored: Iterable[Mapping[str, Any]]) -> Iterable[FigureRow]:
    verdicts = {
        "better": pgettext("figures", "better"),
        "unclear": pgettext("figures", "not enough to say"),
        "worse": pgettext("figures", "worse"),
    }
    for one in stored:
        language = one["language"]
        yield FigureRow(
            field=labels.field_or_flag(one["field"]),
            language=labels.label_of(labels.LANGUAGES, language)
            if language
            else pgettext("figures", "all languages"),
            is_whole=not language,
            count=one["count"],
            before=_score(one["before"]),
            after=_score(one["after"]),
            verdict=one["verdict"],
            words=verdicts.get(one["verdict"], one["verdict"]),
        )


def _score(value: float) -> str:
    return number_format(value, 2)
