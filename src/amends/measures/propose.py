"""A person asks for a measure: the guard is asked, evidence is captured, and only then it is a row.

What is refused is logged with its reasons (`measure.refused`), and nothing else is left of it. What passes
waits for a second person, or is carried out at once and looked at by one afterwards.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User
from amends.accounts.permissions import may_measure, may_see_lane, refuse_unless
from amends.cases.models import Case
from amends.cases.transitions import log_on_case
from amends.connectors.kit.manifest import Mode
from amends.core.vocabulary import ApprovalLevel, Category, PolicyGround
from amends.inbox.models import Version
from amends.measures.guard import Matter, Wanted, capability_mode, objections, read_matter
from amends.measures.ladder import Demand, demand_for, tier_of
from amends.measures.models import Measure, MeasureMode, MeasureStatus
from amends.measures.refusals import Refused
from amends.measures.statement import StatementForm, make_statement
from amends.measures.tell import tell_confirmers
from amends.measures.within_authority import within_authority
from amends.record.evidence import keep_evidence
from amends.record.log import Subject
from amends.record.models import Evidence

ACT = "act_measure"
MAX_REASON = 2_000


def propose_measure(
    case: Case, *, wanted: Wanted, statement: StatementForm, by: User, now: datetime
) -> Measure:
    """Ask for a measure about the latest words of a case.

    Raises Refused (a NotPossible) with the guard's codes after logging them; NotAllowed without permission.
    """
    refuse_unless(may_measure(by, case.workspace), _("take measures"))
    refuse_unless(may_see_lane(by, case.workspace, case.lane), _("take measures"))
    matter = read_matter(case)
    codes = objections(matter, wanted, now=now)
    if codes:
        log_refusal(case, wanted=wanted, codes=codes, by=by, now=now)
        raise Refused(codes)
    try:
        with transaction.atomic():
            measure = _write(matter, wanted, key=uuid.uuid4().hex, by=by, now=now)
            make_statement(measure, form=statement, by=by, now=now)
            if measure.level != ApprovalLevel.A0:
                tell_confirmers(measure, now=now)
    except IntegrityError:
        log_refusal(case, wanted=wanted, codes=("already_done",), by=by, now=now)
        raise Refused(("already_done",)) from None
    return measure


def log_refusal(
    case: Case, *, wanted: Wanted, codes: tuple[str, ...], by: User, now: datetime
) -> None:
    """A try that was refused stays visible: who, what, why; never the words."""
    with transaction.atomic():
        log_on_case(
            case,
            "measure.refused",
            actor=actor_of(by),
            now=now,
            data={
                "kind": str(wanted.kind),
                "clause": wanted.clause[:64],
                "codes": list(codes),
                "channel": case.comment.account.kind,
                "language": case.language,
            },
        )


def is_employee(matter: Matter) -> bool:
    judged = (matter.triage, matter.verdict)
    return matter.case.lane == "employee" or any(
        one is not None and one.category == Category.EMPLOYEE for one in judged
    )


def demand_of(matter: Matter, wanted: Wanted, *, now: datetime) -> Demand:
    """Who must agree to it, given what the matter is."""
    return demand_for(
        wanted.kind,
        ground=matter.ground_of(wanted.clause),
        until=wanted.until,
        now=now,
        is_criticism=matter.is_criticism,
        is_employee=is_employee(matter),
        is_ground_seen=matter.is_tier_a_seen,
    )


def _write(matter: Matter, wanted: Wanted, *, key: str, by: User, now: datetime) -> Measure:
    """The evidence, the row and its log entry; in the caller's transaction."""
    case, version, policy = matter.case, matter.version, matter.policy
    if version is None or policy is None:
        raise TypeError("the guard lets nothing pass without words and policy")
    ground = matter.ground_of(wanted.clause)
    demand = within_authority(
        demand_of(matter, wanted, now=now), case=case, wanted=wanted, by=by, now=now
    )
    status = MeasureStatus.WAITING if demand.is_before else MeasureStatus.READY
    is_assisted = capability_mode(case.comment.account, wanted.kind) is Mode.ASSISTED
    measure: Measure = Measure.objects.create(
        workspace_id=case.workspace_id,
        case=case,
        account_id=case.comment.account_id,
        comment_id=case.comment_id,
        version=version,
        author_id=case.comment.author_id,
        evidence=_capture(case, version, key=key, by=by, now=now),
        kind=wanted.kind,
        policy=policy.version,
        clause=wanted.clause,
        ground=ground,
        tier=tier_of(ground) or "",
        words=[list(place) for place in wanted.words],
        is_criticism=matter.is_criticism,
        is_bulk=wanted.is_bulk and ground in {PolicyGround.SPAM, PolicyGround.SCAM},
        level=demand.level,
        is_confirmed_before=demand.is_before,
        reason=wanted.reason.strip()[:MAX_REASON],
        skipped_because=wanted.skipped_because.strip()[:MAX_REASON],
        language=case.language,
        until=wanted.until,
        mode=MeasureMode.ASSISTED if is_assisted else MeasureMode.API,
        key=key,
        acted_by=by,
        acted_at=now,
        status=status,
        **next_work(status, is_assisted=is_assisted, now=now),
    )
    log_on_case(case, "measure.propose", actor=actor_of(by), now=now, data=facts_of(measure))
    return measure


def next_work(status: str, *, is_assisted: bool, now: datetime) -> dict[str, object]:
    """What the row waits for: the step that acts, where the desk may act now; else a person."""
    if status != MeasureStatus.READY or is_assisted:
        return {}
    return {"next_step": ACT, "due_at": now}


def facts_of(measure: Measure) -> dict[str, object]:
    """What the log says of a measure; the transparency report is computed from it."""
    return {
        "measure": measure.pk,
        "kind": str(measure.kind),
        "clause": measure.clause,
        "policy": measure.policy_id,
        "ground": measure.ground,
        "tier": str(measure.tier),
        "channel": measure.account.kind,
        "language": measure.language,
        "is_criticism": measure.is_criticism,
        "until": measure.until.isoformat() if measure.until else None,
        "how": str(measure.mode),
    }


def _capture(case: Case, version: Version, *, key: str, by: User, now: datetime) -> Evidence:
    """The words and the channel's payload as they were captured, kept for this act alone."""
    content = version.content
    payload = {
        "external_id": case.comment.external_id,
        "version": version.key,
        "text": version.text,
        "payload": content.payload if content else "",
        "content_digest": content.digest if content else "",
        "published_at": case.comment.published_at.isoformat(),
        "captured_at": version.captured_at.isoformat(),
    }
    return keep_evidence(
        subject=Subject("measure", key, case.public_id),
        workspace_id=case.workspace_id,
        kind="payload",
        source_url=case.comment.url,
        payload=payload,
        captured_by=str(by),
        method="measure.propose",
        now=now,
    )
