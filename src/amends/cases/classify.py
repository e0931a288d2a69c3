"""Step 3, triage (first half): the engine's verdict on a version, kept apart from what people say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from django.db import transaction

from amends.cases.live import live_classifier
from amends.cases.models import Verdict
from amends.core.clock import Clock
from amends.inbox.models import Comment, Version
from amends.work.claim import Claim, finish
from amends_engine.classifier import (
    Assessment,
    Classifier,
    TextInput,
    UnreadableText,
    require_readable,
)

PATIENCE = 2  # tries; each is put off by the runner


class ClassifierSource(Protocol):
    """Gives the classifier when it is needed first; None when there is no usable model."""

    def __call__(self) -> Classifier | None: ...


def classify(
    claim: Claim[Version], *, clock: Clock, classifier: ClassifierSource, then: str = "decide"
) -> None:
    """Store a verdict; without a model, or for a text that cannot be read, a person decides alone.

    `then` is the step that follows: imported history goes its way beside what comes in live.
    """
    version = claim.row
    # An engine that fails on a text again and again must not keep the comment from people.
    is_given_up = version.attempts > PATIENCE
    is_wordless = version.is_tombstone or is_given_up
    assessment = None if is_wordless else assess_version(version, classifier=classifier)
    now = clock.now()
    with transaction.atomic():
        if assessment is not None:
            store_verdict(version, assessment=assessment, clock=clock)
            if assessment.complaint.label or assessment.sentiment.label == "negative":
                Comment.objects.filter(pk=version.comment_id, detected_at__isnull=True).update(
                    detected_at=now
                )
        finish(claim, next_step=then, due_at=now)


def assess_version(version: Version, *, classifier: ClassifierSource) -> Assessment | None:
    """What the live engine says of the words and what they answer; outside of any transaction."""
    engine = live_classifier(version.workspace_id, shipped=classifier())
    return None if engine is None else assess_versions([version], engine=engine)[0]


def assess_versions(versions: Sequence[Version], *, engine: Classifier) -> list[Assessment | None]:
    """What an engine says of each version, in order; None for words that cannot be read."""
    texts = [text for text in read_texts(versions) if _is_readable(text)]
    try:
        found = {one.id: one for one in engine.assess(texts)}
    except UnreadableText:
        if len(versions) == 1:
            return [None]
        return [assess_versions([one], engine=engine)[0] for one in versions]
    return [found.get(version.pk) for version in versions]


def read_texts(versions: Sequence[Version]) -> list[TextInput]:
    """The words of versions, each with the latest state of what it answers."""
    parents = {one.comment.parent_id for one in versions if one.comment.parent_id}
    stored = Version.objects.filter(comment__in=parents).select_related("content")
    above = {one.comment_id: one.text for one in stored.order_by("occurred_at", "key")}
    return [
        TextInput(id=one.pk, text=one.text, parent=above.get(one.comment.parent_id))
        for one in versions
    ]


def _is_readable(text: TextInput) -> bool:
    try:
        require_readable(text.text)
    except UnreadableText:
        return False
    return True


def store_verdict(version: Version, *, assessment: Assessment, clock: Clock) -> None:
    """The verdict of this engine on this version; there is one, however often it is asked."""
    store_verdicts([(version, assessment)], now=clock.now())


def store_verdicts(pairs: Sequence[tuple[Version, Assessment]], *, now: datetime) -> None:
    """Add verdicts; one that the same engine has given before stays as it is."""
    Verdict.objects.bulk_create(
        [
            Verdict(
                version=version,
                engine=assessment.engine.name,
                engine_version=assessment.engine.version,
                workspace_id=version.workspace_id,
                language=assessment.language.code,
                sentiment=assessment.sentiment.label,
                is_complaint=assessment.complaint.label,
                category=assessment.category.label,
                severity=assessment.severity.label,
                assessment=_storable(assessment),
                created_at=now,
            )
            for version, assessment in pairs
        ],
        ignore_conflicts=True,
    )


def _storable(assessment: Assessment) -> dict[str, object]:
    """The assessment without the words it quotes: a verdict stays when the words are erased."""
    spans = [
        {key: value for key, value in reason.to_json().items() if key != "text"}
        for reason in assessment.reasons
    ]
    return {**assessment.to_json(), "reasons": spans}
