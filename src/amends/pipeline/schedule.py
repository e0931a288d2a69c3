"""What the clock does by itself, each job at its own pace; one process does it, however many there are."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.core.management import call_command
from django.db.models import Q

from amends.accounts.idempotency import forget_old_requests
from amends.accounts.make_digests import make_digests
from amends.cases.hold_legally import remind_of_holds
from amends.cases.judge import shipped_engine
from amends.cases.keep_words import forget_old_words
from amends.cases.presence import forget_presence
from amends.cases.wake import wake_due
from amends.hooks.gather import gather_events, prune_deliveries
from amends.inbox.erase_files import erase_files_of_erased
from amends.inbox.erase_names import write_missing_erasures
from amends.inbox.recheck import recheck_due
from amends.inbox.upload import clear_imports
from amends.learning.note_corrections import note_corrections
from amends.learning.notice_upgrade import notice_upgrade
from amends.measures.apply_retention import apply_retention
from amends.measures.watch_reposts import watch_reposts
from amends.pipeline.desk import Desk
from amends.record.backup.replay import write_missing_redactions
from amends.record.seal import seal_log
from amends.replies.contacts import expire_contacts
from amends.replies.erase_private import forget_private
from amends.replies.index_search import index_changed, repair_index
from amends.work.models import Beat

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """A recurring job; `lease` bounds how long a dead process can keep it from the others."""

    name: str
    every: timedelta
    run: Callable[[Desk], object]
    lease: timedelta = timedelta(minutes=5)


JOBS: tuple[Job, ...] = (
    Job("seal_log", timedelta(seconds=2), lambda desk: seal_record(desk.clock.now())),
    # An entry whose transaction took very long may have been passed over: look through the whole log.
    Job(
        "seal_late_entries",
        timedelta(hours=1),
        lambda desk: seal_record(desk.clock.now(), is_thorough=True),
    ),
    Job("recheck", timedelta(seconds=3), lambda desk: recheck_due(clock=desk.clock)),
    Job("index_search", timedelta(seconds=2), lambda _desk: index_changed()),
    # What a crash or an import left out, and what was taken out and still fills the file.
    Job(
        "repair_search",
        timedelta(hours=6),
        lambda _desk: repair_index(),
        lease=timedelta(hours=1),
    ),
    Job("note_corrections", timedelta(seconds=30), lambda _desk: note_corrections()),
    Job("notice_upgrade", timedelta(minutes=10), lambda desk: look_for_upgrade(desk.clock.now())),
    Job("make_digests", timedelta(minutes=1), lambda desk: make_digests(now=desk.clock.now())),
    Job("note_redactions", timedelta(minutes=1), lambda _desk: note_redactions()),
    Job("clear_imports", timedelta(hours=1), lambda desk: clear_imports(now=desk.clock.now())),
    Job("gather_events", timedelta(seconds=2), lambda desk: gather_events(now=desk.clock.now())),
    Job(
        "prune_deliveries",
        timedelta(minutes=15),
        lambda desk: prune_deliveries(now=desk.clock.now()),
    ),
    Job(
        "forget_old_requests",
        timedelta(hours=1),
        lambda desk: forget_old_requests(now=desk.clock.now()),
    ),
    Job("erase_files", timedelta(hours=1), lambda _desk: erase_files_of_erased()),
    Job("wake_cases", timedelta(seconds=10), lambda desk: wake_due(now=desk.clock.now())),
    Job("forget_presence", timedelta(minutes=1), lambda desk: forget_presence(desk.clock.now())),
    Job("expire_contacts", timedelta(hours=1), lambda desk: expire_contacts(now=desk.clock.now())),
    Job("forget_private", timedelta(hours=1), lambda desk: forget_private(now=desk.clock.now())),
    Job(
        "forget_old_words",
        timedelta(hours=6),
        lambda desk: forget_old_words(now=desk.clock.now()),
    ),
    # A batch at a time, so that a day with many due cases keeps nobody waiting.
    Job(
        "apply_retention",
        timedelta(minutes=5),
        lambda desk: apply_retention(clock=desk.clock),
        lease=timedelta(minutes=15),
    ),
    Job("watch_reposts", timedelta(minutes=1), lambda desk: watch_reposts(now=desk.clock.now())),
    Job("remind_of_holds", timedelta(hours=1), lambda desk: remind_of_holds(now=desk.clock.now())),
    Job("clear_sessions", timedelta(hours=6), lambda _desk: call_command("clearsessions")),
)


def look_for_upgrade(now: datetime) -> object:
    return notice_upgrade(shipped=shipped_engine(), now=now)


def note_redactions() -> object:
    file = settings.DATA_DIR / "redactions.jsonl"
    return write_missing_redactions(file) + write_missing_erasures(file)


def seal_record(now: datetime, *, is_thorough: bool = False) -> object:
    return seal_log(
        now=now,
        keys_dir=settings.KEYS_DIR,
        heads_file=settings.DATA_DIR / "log-heads.jsonl",
        is_thorough=is_thorough,
    )


def run_jobs(desk: Desk, *, jobs: tuple[Job, ...] = JOBS) -> int:
    """Run the jobs that are due and not being done by another process; returns how many ran."""
    return sum(_run_if_due(job, desk=desk) for job in jobs)


def _run_if_due(job: Job, *, desk: Desk) -> bool:
    now = desk.clock.now()
    Beat.objects.get_or_create(name=job.name, defaults={"due_at": now})
    token = uuid.uuid4().hex
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    rows = Beat.objects.filter(name=job.name)
    if not rows.filter(free, due_at__lte=now).update(
        lease_token=token, leased_until=now + job.lease
    ):
        return False
    error = ""
    try:
        job.run(desk)
    except Exception as caught:  # an edge: one broken job must not stop the clock
        log.exception("job.failed", job=job.name)
        error = f"{type(caught).__name__}: {caught}"[:2000]
    done = desk.clock.now()
    rows.filter(lease_token=token).update(
        lease_token="",
        leased_until=None,
        due_at=done + job.every,
        last_run_at=done,
        last_error=error,
    )
    return True
