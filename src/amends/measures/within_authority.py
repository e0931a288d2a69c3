"""Narrows a measure by the authority of who asks for it: beyond it a lead must agree first (K12)."""

from __future__ import annotations

from datetime import datetime

from amends.accounts.authority import PERMANENT, Deed, log_use, may_do
from amends.accounts.models import Act, User
from amends.cases.models import Case
from amends.core.playbook.rules import highest_approval
from amends.core.vocabulary import ApprovalLevel
from amends.measures.guard import Wanted
from amends.measures.ladder import AGAINST_PERSONS, REMOVALS, Demand
from amends.record.log import Subject


def within_authority(
    demand: Demand, *, case: Case, wanted: Wanted, by: User, now: datetime
) -> Demand:
    """The demand as it stands where the person's authority covers the act, else at least A2 beforehand.

    In the caller's transaction: the use of what was delegated is logged.
    """
    deed = _deed_of(wanted, case=case, now=now)
    if deed is None:
        return demand
    answer = may_do(by, case.workspace, deed=deed, now=now)
    if answer.is_allowed:
        about = Subject("case", case.public_id, case.public_id)
        log_use(answer, what=deed.act, by=by, workspace=case.workspace, about=about, now=now)
        return demand
    return Demand(level=highest_approval(demand.level, ApprovalLevel.A2), is_before=True)


def _deed_of(wanted: Wanted, *, case: Case, now: datetime) -> Deed | None:
    """What an authority would have to cover; None for a warning, a report and handing to counsel."""
    if wanted.kind in REMOVALS:
        act, days = Act.REMOVE, 0
    elif wanted.kind in AGAINST_PERSONS:
        act = Act.BAN
        days = PERMANENT if wanted.until is None else -((now - wanted.until).days)
    else:
        return None
    return Deed(
        act=act,
        days=days,
        language=case.language,
        brand_id=case.brand_id,
        channel=case.comment.account.kind,
    )
