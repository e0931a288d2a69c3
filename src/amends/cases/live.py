"""Which engine judges for a workspace: the shipped one, or it with the head that a person promoted."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from amends.cases.models import ModelRelease, ReleaseStatus, Verdict
from amends_engine.classifier import Classifier
from amends_engine.triage.head import HeadError, read_head
from amends_engine.triage.taught import TaughtClassifier, Teachable

log = structlog.get_logger(__name__)

HEAD_SIGN = "+w"  # stands in the version of every engine with a head
MOST_CACHED = 64  # heads in memory; each has some 200 kB

# With the shipped engine it was made for; None where the head cannot be used.
_cached: dict[int, tuple[Classifier, Classifier | None]] = {}


def live_release(workspace_id: int) -> ModelRelease | None:
    """The promoted head of a workspace, without its weights."""
    return (
        ModelRelease.objects.filter(workspace_id=workspace_id, status=ReleaseStatus.LIVE)
        .defer("weights", "manifest")
        .first()
    )


def live_classifier(workspace_id: int, *, shipped: Classifier | None) -> Classifier | None:
    """The engine of a workspace; the shipped one where no head is promoted or it cannot be used."""
    release = live_release(workspace_id) if shipped is not None else None
    if shipped is None or release is None:
        return shipped
    known = _cached.get(release.pk)
    if known is None or known[0] is not shipped:
        if len(_cached) >= MOST_CACHED:
            _cached.clear()
        known = _cached[release.pk] = (shipped, _with_head(release, shipped=shipped))
    return known[1] or shipped


def choose_verdict(verdicts: Sequence[Verdict], *, live: ModelRelease | None) -> Verdict:
    """The verdict in force among those on one version, newest first.

    That of the promoted head; else the newest of a shipped engine: a head that was taken back does
    not count any more.
    """
    of_head = [one for one in verdicts if live and one.engine_version == live.version]
    of_shipped = [one for one in verdicts if HEAD_SIGN not in one.engine_version]
    return (of_head or of_shipped or list(verdicts))[0]


def _with_head(release: ModelRelease, *, shipped: Classifier) -> Classifier | None:
    stored = ModelRelease.objects.values_list("manifest", "weights").get(pk=release.pk)
    try:
        if not isinstance(shipped, Teachable):
            raise HeadError(f"The engine {shipped.engine.name} takes no head.")
        head = read_head(stored[0], bytes(stored[1]), base=shipped.engine)
        return TaughtClassifier(shipped, head)
    except HeadError as error:
        log.error(
            "engine.head_unusable",
            workspace=release.workspace_id,
            release=release.version,
            error=str(error),
            what_now="the shipped engine judges; train a new head, or go back to the shipped one",
        )
        return None
