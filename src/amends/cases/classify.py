"""Step 3, triage (first half): the engine's verdict on a version, kept apart from what people say."""

from __future__ import annotations

from typing import Protocol

from django.db import transaction

from amends.cases.models import Verdict
from amends.core.clock import Clock
from amends.inbox.models import Comment, Version
from amends.inbox.queries import latest_version
from amends.work.claim import Claim, finish
from amends_engine.classifier import Assessment, Classifier, TextInput, UnreadableText

PATIENCE = 2  # tries; each is put off by the runner


class ClassifierSource(Protocol):
    """Gives the classifier when it is needed first; None when there is no usable model."""

    def __call__(self) -> Classifier | None: ...


def classify(claim: Claim[Version], *, clock: Clock, classifier: ClassifierSource) -> None:
    """Store a verdict; without a model, or for a text that cannot be read, a person decides alone."""
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
        finish(claim, next_step="decide", due_at=now)


def assess_version(version: Version, *, classifier: ClassifierSource) -> Assessment | None:
    """What the engine says of the words and what they answer; outside of any transaction."""
    engine = classifier()
    if engine is None:
        return None
    parent = version.comment.parent
    above = latest_version(parent) if parent else None
    text = TextInput(id=version.pk, text=version.text, parent=above.text if above else None)
    try:
        return engine.assess([text])[0]
    except UnreadableText:
        return None


def store_verdict(version: Version, *, assessment: Assessment, clock: Clock) -> Verdict:
    """The verdict of this engine on this version; there is one, however often it is asked."""
    verdict, _is_new = Verdict.objects.get_or_create(
        version=version,
        engine=assessment.engine.name,
        engine_version=assessment.engine.version,
        defaults={
            "workspace_id": version.workspace_id,
            "language": assessment.language.code,
            "sentiment": assessment.sentiment.label,
            "is_complaint": assessment.complaint.label,
            "category": assessment.category.label,
            "severity": assessment.severity.label,
            "assessment": assessment.to_json(),
            "created_at": clock.now(),
        },
    )
    return verdict
