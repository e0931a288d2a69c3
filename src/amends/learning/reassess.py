"""Step "reassess": history is judged anew by the live engine, a batch at a time, newest words first.

New verdicts stand beside the old ones. They change no triage, start no clock, and reach a
recommendation only where nobody has confirmed anything yet.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Max, QuerySet
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User, Workspace
from amends.accounts.permissions import may_teach, refuse_unless
from amends.cases.classify import ClassifierSource, assess_versions, store_verdicts
from amends.cases.live import live_classifier
from amends.cases.models import Case, CaseStatus, ModelRelease, Verdict
from amends.cases.transitions import NotPossible
from amends.core.clock import Clock
from amends.inbox.models import Version
from amends.learning.models import OPEN_REASSESSMENTS, Reassessment, ReassessmentStatus
from amends.record.log import Actor, Subject, log_action
from amends.work.claim import Claim, finish, put_off
from amends_engine.classifier import Classifier

REASSESS = "reassess"
BATCH = 50  # texts; a fraction of a second, so that a worker is soon free again
REST = timedelta(milliseconds=200)
ENGINE_AWAY = timedelta(minutes=10)
ONE_BY_ONE = 2  # failed attempts after which a batch is a single text
GIVE_UP = 4  # failed attempts after which that text is passed over


def start_reassessment(
    workspace_id: int, *, release: ModelRelease | None, by: User | None, now: datetime
) -> Reassessment:
    """Begin anew with the engine that is live now, in the caller's transaction; one that runs ends."""
    Reassessment.objects.filter(workspace_id=workspace_id, status__in=OPEN_REASSESSMENTS).update(
        status=ReassessmentStatus.STOPPED, finished_at=now, **_AT_REST
    )
    versions = _history_of(workspace_id)
    return Reassessment.objects.create(
        workspace_id=workspace_id,
        engine=release.engine if release else "",
        engine_version=release.version if release else "",
        cursor=(versions.aggregate(last=Max("pk"))["last"] or 0) + 1,
        total=versions.count(),
        asked_by=by,
        started_at=now,
        next_step=REASSESS,
        due_at=now,
    )


def pause_reassessment(workspace: Workspace, *, by: User, now: datetime) -> None:
    """Stop for a while; a batch that is being judged is dropped and judged again later."""
    _turn(
        workspace,
        was=ReassessmentStatus.RUNNING,
        values={"status": ReassessmentStatus.PAUSED, **_AT_REST},
        action="engine.pause",
        by=by,
        now=now,
    )


def resume_reassessment(workspace: Workspace, *, by: User, now: datetime) -> None:
    """Go on where it stopped."""
    _turn(
        workspace,
        was=ReassessmentStatus.PAUSED,
        values={"status": ReassessmentStatus.RUNNING, "next_step": REASSESS, "due_at": now},
        action="engine.resume",
        by=by,
        now=now,
    )


def reassess(claim: Claim[Reassessment], *, clock: Clock, classifier: ClassifierSource) -> None:
    """Judge one batch and hand the row on to the next."""
    row = claim.row
    engine = live_classifier(row.workspace_id, shipped=classifier())
    if engine is None:
        later = clock.now() + ENGINE_AWAY
        put_off(claim, until=later, error="There is no usable engine on this machine.")
        return
    name = engine.engine
    if row.engine and (row.engine, row.engine_version) != (name.name, name.version):
        _end(claim, status=ReassessmentStatus.STOPPED, now=clock.now())
        return
    versions = _next_versions(row)
    if not versions:
        _end(claim, status=ReassessmentStatus.DONE, now=clock.now())
        return
    is_passed_over = row.attempts > GIVE_UP
    todo = [] if is_passed_over else _not_judged_by(engine, versions)
    found = zip(todo, assess_versions(todo, engine=engine), strict=True) if todo else ()
    judged = [(version, assessment) for version, assessment in found if assessment]
    now = clock.now()
    with transaction.atomic():
        store_verdicts(judged, now=now)
        _recommend_anew([version for version, _assessment in judged], now=now)
        Reassessment.objects.filter(pk=row.pk).update(
            engine=name.name,
            engine_version=name.version,
            cursor=versions[-1].pk,
            done=F("done") + len(versions),
            skipped=F("skipped") + (1 if is_passed_over else 0),
        )
        finish(claim, next_step=REASSESS, due_at=now + REST)


_AT_REST = {"next_step": "", "due_at": None, "lease_token": "", "leased_until": None}


def _history_of(workspace_id: int) -> QuerySet[Version]:
    return Version.objects.filter(
        workspace_id=workspace_id,
        is_tombstone=False,
        comment__is_ours=False,
        comment__is_context=False,
    )


def _next_versions(row: Reassessment) -> list[Version]:
    size = 1 if row.attempts > ONE_BY_ONE else BATCH
    return list(
        _history_of(row.workspace_id)
        .filter(pk__lt=row.cursor)
        .select_related("content", "comment")
        .order_by("-pk")[:size]
    )


def _not_judged_by(engine: Classifier, versions: list[Version]) -> list[Version]:
    name = engine.engine
    judged = set(
        Verdict.objects.filter(
            version__in=versions, engine=name.name, engine_version=name.version
        ).values_list("version_id", flat=True)
    )
    return [one for one in versions if one.pk not in judged]


def _recommend_anew(versions: list[Version], *, now: datetime) -> None:
    """Let the playbook look again at new cases that nobody has triaged; history has no clock."""
    Case.objects.filter(
        comment__in={one.comment_id for one in versions},
        status=CaseStatus.NEW,
        clock_started_at__isnull=False,
        triages__isnull=True,
    ).update(next_step="decide_again", due_at=now, lease_token="", leased_until=None, attempts=0)


def _end(claim: Claim[Reassessment], *, status: ReassessmentStatus, now: datetime) -> None:
    with transaction.atomic():
        Reassessment.objects.filter(pk=claim.row.pk).update(status=status, finished_at=now)
        finish(claim)


def _turn(
    workspace: Workspace,
    *,
    was: ReassessmentStatus,
    values: dict[str, object],
    action: str,
    by: User,
    now: datetime,
) -> None:
    refuse_unless(may_teach(by, workspace), _("pause or resume the re-assessment"))
    with transaction.atomic():
        rows = Reassessment.objects.filter(workspace=workspace, status=was)
        if not rows.update(**values):
            raise NotPossible(_("The re-assessment does not stand there any more."))
        log_engine(
            action,
            workspace_id=workspace.pk,
            about=(workspace.slug, workspace.name),
            actor=actor_of(by),
            now=now,
        )


def log_engine(
    action: str, *, workspace_id: int, about: tuple[str, str], actor: Actor, now: datetime
) -> None:
    """An entry about the engine of a workspace; `about` is its id and label."""
    subject = Subject("engine", *about)
    log_action(action, workspace_id=workspace_id, actor=actor, subject=subject, now=now)
