"""Step "learn": trains a candidate from a workspace's corrections; the live engine is not touched."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User, Workspace
from amends.accounts.permissions import may_teach, refuse_unless
from amends.cases.classify import ClassifierSource
from amends.cases.models import ModelRelease
from amends.cases.transitions import NotPossible
from amends.core.clock import Clock
from amends.learning.gather import gather_corrected_texts
from amends.learning.models import Training, TrainingStatus
from amends.learning.note_corrections import note_all_corrections
from amends.record.log import WORKER, Subject, log_action
from amends.work.claim import Claim, LeaseLost, finish
from amends_engine.artefacts.read import ArtefactError
from amends_engine.triage.golden import read_golden
from amends_engine.triage.head import write_head
from amends_engine.triage.taught import Teachable
from amends_engine.triage.teach import Candidate, NotTaught, teach

LEARN = "learn"


def ask_for_training(workspace: Workspace, *, by: User, now: datetime) -> Training:
    """Let the worker train a candidate; raises NotPossible while one is being trained."""
    refuse_unless(may_teach(by, workspace), _("train the engine"))
    try:
        with transaction.atomic():
            training = Training.objects.create(
                workspace=workspace, asked_by=by, asked_at=now, next_step=LEARN, due_at=now
            )
            log_action(
                "engine.train",
                workspace_id=workspace.pk,
                actor=actor_of(by),
                subject=Subject("engine", workspace.slug, workspace.name),
                now=now,
            )
    except IntegrityError as error:
        raise NotPossible(_("A training is running already.")) from error
    return training


def learn(
    claim: Claim[Training], *, clock: Clock, lease: timedelta, classifier: ClassifierSource
) -> None:
    """Train, and store a candidate with its figures, or why there is none."""
    training = claim.row
    tell_progress(claim, percent=0, now=clock.now(), lease=lease)
    note_all_corrections()
    number = _next_number(training.workspace_id)
    try:
        engine = classifier()
        if not isinstance(engine, Teachable):
            raise NotTaught("engine")
        candidate = teach(
            engine,
            gather_corrected_texts(training.workspace_id),
            head_id=str(number),
            golden=read_golden(),
            tell=lambda percent: tell_progress(
                claim, percent=percent, now=clock.now(), lease=lease
            ),
        )
    except ArtefactError as error:
        _store_refusal(claim, NotTaught("golden_missing", error=str(error)), now=clock.now())
    except NotTaught as refused:
        _store_refusal(claim, refused, now=clock.now())
    else:
        _store_candidate(claim, candidate, number=number, now=clock.now())


def tell_progress(claim: Claim[Training], *, percent: int, now: datetime, lease: timedelta) -> None:
    """Show how far it is and keep the row; raises LeaseLost, which ends the training here."""
    changed = Training.objects.filter(pk=claim.row.pk, lease_token=claim.token).update(
        status=TrainingStatus.RUNNING, percent=percent, leased_until=now + lease
    )
    if not changed:
        raise LeaseLost(f"{claim.row} is leased to another worker by now")


def _store_candidate(
    claim: Claim[Training], candidate: Candidate, *, number: int, now: datetime
) -> None:
    training, head = claim.row, candidate.head
    manifest, weights = write_head(head, facts=candidate.facts)
    with transaction.atomic():
        release = ModelRelease.objects.create(
            workspace_id=training.workspace_id,
            number=number,
            engine=head.base.name,
            base_version=head.base.version,
            version=head.engine.version,
            manifest=manifest,
            weights=weights,
            trained_by_id=training.asked_by_id,
            created_at=now,
        )
        Training.objects.filter(pk=training.pk).update(
            status=TrainingStatus.DONE, percent=100, finished_at=now, release=release
        )
        log_action(
            "engine.learn",
            workspace_id=training.workspace_id,
            actor=WORKER,
            subject=Subject("engine", release.version, str(release)),
            now=now,
            data={"fields": list(head.fields), "texts": candidate.facts["texts"]},
        )
        finish(claim)


def _store_refusal(claim: Claim[Training], refused: NotTaught, *, now: datetime) -> None:
    with transaction.atomic():
        Training.objects.filter(pk=claim.row.pk).update(
            status=TrainingStatus.REFUSED,
            percent=100,
            finished_at=now,
            reason=refused.code,
            facts=refused.facts,
            figures=[one.to_json() for one in refused.figures],
        )
        finish(claim)


def _next_number(workspace_id: int) -> int:
    """One training at a time makes releases, so the number is free until it ends."""
    rows = ModelRelease.objects.filter(workspace_id=workspace_id)
    return (rows.aggregate(last=Max("number"))["last"] or 0) + 1
