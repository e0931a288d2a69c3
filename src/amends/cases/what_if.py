"""Step "what_if": decides past cases anew under a draft, a batch at a time, and notes what would change.

Nothing of the cases themselves is touched. Both sides rest on the facts that were kept with the last
decision of each case (`Decision.inputs`), so an answer of today is not mixed with knowledge of then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max, QuerySet
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User, Workspace
from amends.accounts.permissions import may_edit_playbook, refuse_unless
from amends.cases.in_force import parse_once, text_of, version_in_force
from amends.cases.models import Case, Decision, WhatIf, WhatIfChange, WhatIfStatus
from amends.cases.publish_playbook import check_draft, playbook_draft
from amends.cases.transitions import NotPossible
from amends.core.clock import Clock
from amends.core.playbook.bits import BitBook, Bits
from amends.core.playbook.compiled import CompiledPlaybook, Outcome
from amends.core.playbook.inputs import DecisionInput
from amends.core.playbook.rules import ClockTargets, Playbook, Span
from amends.core.playbook.schema import PlaybookError
from amends.core.playbook.terms import ClockKind
from amends.record.log import Subject, log_action
from amends.work.claim import Claim, finish

WHAT_IF = "what_if"
BATCH = 2_000  # cases; about a second, so that progress is seen and a cancel counts soon
REMEMBERED = 50_000  # comparisons kept: many comments are alike
ASPECTS = ("rule", "priority", "approval", "strategy", "clocks", "rest")

Facts = Mapping[str, Any]


def ask_what_if(
    workspace: Workspace, *, since: datetime, until: datetime, by: User, now: datetime
) -> WhatIf:
    """Let the worker try the draft on the cases opened from `since` up to before `until`.

    Raises NotPossible without a sound draft, and while another one runs.
    """
    refuse_unless(may_edit_playbook(by, workspace), _("try the playbook on past cases"))
    draft = playbook_draft(workspace)
    if draft is None:
        raise NotPossible(_("There is no draft to try: begin one first."))
    checked = check_draft(workspace, text=draft.text)
    if checked.playbook is None:
        raise NotPossible(_("The draft has mistakes: mend them first."))
    if since >= until:
        raise NotPossible(_("The last day lies before the first."))
    try:
        with transaction.atomic():
            run = WhatIf.objects.create(
                workspace=workspace,
                text=draft.text,
                digest=checked.playbook.named.digest,
                base=version_in_force(workspace),
                since=since,
                until=until,
                total=_cases_between(workspace.pk, since, until).count(),
                asked_by=by,
                asked_at=now,
                next_step=WHAT_IF,
                due_at=now,
            )
            _log("playbook.try", run, by=by, now=now)
    except IntegrityError as error:
        raise NotPossible(_("A what-if is running already.")) from error
    return run


def cancel_what_if(workspace: Workspace, *, by: User, now: datetime) -> None:
    """Stop the one that runs; what was found so far stays readable."""
    refuse_unless(may_edit_playbook(by, workspace), _("try the playbook on past cases"))
    with transaction.atomic():
        running = WhatIf.objects.filter(workspace=workspace, status=WhatIfStatus.RUNNING)
        run = running.first()
        if run is None or not running.update(
            status=WhatIfStatus.CANCELLED,
            finished_at=now,
            next_step="",
            due_at=None,
            lease_token="",
            leased_until=None,
        ):
            raise NotPossible(_("It does not run any more."))
        _log("playbook.stop_trying", run, by=by, now=now)


def what_if(claim: Claim[WhatIf], *, clock: Clock) -> None:
    """Compare one batch and hand the row on to the next; the last one clears away older results."""
    run = claim.row
    try:
        replay = _replay(text_of(run.base), run.text)
    except PlaybookError:  # one of both was written for another edition of the rules
        _end(claim, status=WhatIfStatus.FAILED, now=clock.now())
        return
    cases = list(
        _cases_between(run.workspace_id, run.since, run.until)
        .filter(pk__gt=run.cursor)
        .order_by("pk")
        .values_list("pk", flat=True)[:BATCH]
    )
    if not cases:
        _end(claim, status=WhatIfStatus.DONE, now=clock.now())
        return
    found, skipped = _compare_cases(run, cases, replay=replay)
    with transaction.atomic():
        WhatIf.objects.filter(pk=run.pk).update(
            cursor=cases[-1], done=F("done") + len(cases), skipped=F("skipped") + skipped
        )
        WhatIfChange.objects.bulk_create(found, batch_size=500)
        finish(claim, next_step=WHAT_IF, due_at=clock.now())


@dataclass(frozen=True, slots=True)
class Difference:
    """In what two decisions on the same facts differ; `aspects` by the names of WhatIfChange's columns."""

    before: dict[str, Any]
    after: dict[str, Any]
    aspects: dict[str, bool]


class Replay:
    """Compares what two playbooks say of the same facts; cases that both cannot tell apart only once."""

    def __init__(self, before: Playbook, after: Playbook) -> None:
        self._book = BitBook()  # one for both, so that a case is read once
        self._before = CompiledPlaybook(before, book=self._book)
        self._after = CompiledPlaybook(after, book=self._book)
        self._known: dict[Bits, Difference | None] = {}

    def compare(self, facts: Facts) -> Difference | None:
        """How the answers differ, None where they do not; ValueError for facts that cannot be read."""
        read = DecisionInput.from_json(facts)
        bits = self._book.read(read)
        if bits not in self._known:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[bits] = self._compare(read, bits)
        return self._known[bits]

    def _compare(self, facts: DecisionInput, bits: Bits) -> Difference | None:
        before = _answer(self._before.decide(facts, bits=bits), self._before.playbook)
        after = _answer(self._after.decide(facts, bits=bits), self._after.playbook)
        if before == after:
            return None
        aspects = {name: before[name] != after[name] for name in ASPECTS}
        return Difference(_shown(before), _shown(after), aspects)


def _answer(said: Outcome, playbook: Playbook) -> dict[str, Any]:
    return {
        "rule": said.rule_id,
        "priority": said.priority.value,
        "approval": said.approval.value,
        "strategy": [part.value for part in said.strategy],
        "clocks": clock_times(playbook.clocks[said.priority]),
        "rest": (said.added, frozenset(said.forbid), frozenset(said.tasks), said.watch),
    }


def _shown(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "rest"}


def clock_times(targets: ClockTargets) -> dict[str, str]:
    """The times promised, as a file writes them: first_reply 30m, resolution 1d, and which hours count."""
    times = {
        kind.value: _write_span(targets.targets[kind])
        for kind in ClockKind
        if kind in targets.targets
    }
    return {**times, "hours": targets.hours.value}


def _write_span(span: Span) -> str:
    if span.days:
        return f"{span.days}d"
    hours, minutes = divmod(span.minutes, 60)
    return f"{hours}h" if hours and not minutes else f"{span.minutes}m"


@lru_cache(maxsize=2)
def _replay(before: str, after: str) -> Replay:
    """The same pair from batch to batch, with all that it has met."""
    return Replay(parse_once(before), parse_once(after))


def _compare_cases(
    run: WhatIf, cases: list[int], *, replay: Replay
) -> tuple[list[WhatIfChange], int]:
    changes: list[WhatIfChange] = []
    skipped = 0
    for case_id, facts in _last_facts(cases).items():
        try:
            found = replay.compare(facts)
        except (TypeError, ValueError):
            skipped += 1
            continue
        if found is not None:
            change = WhatIfChange(
                what_if=run, case_id=case_id, before=found.before, after=found.after
            )
            for name, differs in found.aspects.items():
                setattr(change, name, differs)
            changes.append(change)
    return changes, skipped


def _last_facts(cases: list[int]) -> dict[int, Facts]:
    """Case → the facts of its last decision; cases that were never decided have none.

    Rows are only ever added, so the last one has the highest key; the facts of the others are not read.
    """
    decisions = Decision.objects.filter(case_id__in=cases).order_by()
    last = decisions.values("case_id").annotate(last=Max("pk")).values_list("last", flat=True)
    rows = Decision.objects.filter(pk__in=list(last)).order_by()
    return dict(rows.values_list("case_id", "inputs"))


def _cases_between(workspace_id: int, since: datetime, until: datetime) -> QuerySet[Case]:
    return Case.objects.filter(
        workspace_id=workspace_id, created_at__gte=since, created_at__lt=until
    )


def _end(claim: Claim[WhatIf], *, status: WhatIfStatus, now: datetime) -> None:
    run = claim.row
    with transaction.atomic():
        older = WhatIfChange.objects.filter(what_if__workspace=run.workspace_id, what_if__lt=run.pk)
        older._raw_delete(older.db)  # nothing hangs on them; one statement, however many there are
        WhatIf.objects.filter(pk=run.pk).update(status=status, finished_at=now)
        finish(claim)


def _log(action: str, run: WhatIf, *, by: User, now: datetime) -> None:
    log_action(
        action,
        workspace_id=run.workspace_id,
        actor=actor_of(by),
        subject=Subject("text", "playbook", "playbook"),
        now=now,
        data={"what_if": run.pk, "digest": run.digest, "cases": run.total},
    )
