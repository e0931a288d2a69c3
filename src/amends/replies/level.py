"""Which approval a reply asks for, A0 to A4: what the playbook says, raised by what the text and the
person who hands it over make of it (domain.md 3.3, K12). A level is raised here and never lowered.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from types import MappingProxyType

from amends.accounts.authority import Answer, Deed, may_do
from amends.accounts.models import Act, Role, User
from amends.accounts.permissions import may_send
from amends.accounts.queries import members_of
from amends.cases.decide import latest_decision
from amends.cases.models import Case, Decision
from amends.cases.override_decision import what_counts
from amends.cases.triage import latest_triage
from amends.core.money import Money
from amends.core.playbook.rules import highest_approval
from amends.core.playbook.terms import Component
from amends.core.vocabulary import ApprovalLevel
from amends.replies.lint import Linted
from amends.replies.models import Approval, Promise, PromiseStatus, Reply, ReplyStatus
from amends.replies.override import overrides_in_force

A = ApprovalLevel
TIME_OUTS = MappingProxyType(
    {
        A.A0: timedelta(minutes=10),  # asked for although the writer could have released it alone
        A.A1: timedelta(minutes=10),
        A.A2: timedelta(minutes=15),
        A.A3: timedelta(minutes=30),
        A.A4: timedelta(minutes=30),
    }
)
GIFT = "Q19"  # the linter's sign of something given in public


@dataclass(frozen=True, slots=True)
class Need:
    """The level that a reply asks for, and what raised it beyond the playbook's.

    `why` holds codes: no_decision, override, gift, amount, owner_amount, language, publish.
    """

    level: ApprovalLevel
    why: tuple[str, ...]
    money: tuple[Money, ...] = ()


def read_need(reply: Reply, *, by: User, now: datetime, linted: Linted) -> Need:
    """What the reply asks for when `by` hands it over as it stands."""
    case = reply.case
    decision = decision_that_counts(case)
    level = A(what_counts(decision).approval) if decision else A.A1
    raised: list[tuple[ApprovalLevel, str]] = []
    if decision is None:
        raised.append((A.A1, "no_decision"))
    if overrides_in_force(reply).exists():
        raised.append((A.A1, "override"))
    money = money_promised(case, reply=reply)
    if not money and any(one.code == GIFT for one in linted.findings):
        raised.append((A.A2, "gift"))
    raised += [_raised_by(one, reply=reply, by=by, now=now) for one in money]
    published = may_publish(reply, by=by, now=now)
    if not published.is_allowed:
        is_language = published.why == "language"
        raised.append((A.A1, "language" if is_language else "publish"))
    above = [(one, why) for one, why in raised if why]
    level = highest_approval(level, *(one for one, _why in above))
    return Need(level, tuple(dict.fromkeys(why for _one, why in above)), money)


def may_release(
    reply: Reply, *, need: Need, linted: Linted, by: User, now: datetime
) -> Answer | None:
    """What a release without a second person would rest on; None where one is needed (A0, K12)."""
    if linted.blocking:
        return None
    answer = release_authority(reply, need=need, by=by, now=now)
    return answer if answer.is_allowed else None


def release_authority(reply: Reply, *, need: Need, by: User, now: datetime) -> Answer:
    """Whether level and authority let a person release a reply alone, whatever its words are by then."""
    if need.level != A.A0 or not may_send(by, reply.workspace):
        return Answer(is_allowed=False, why="level")
    return may_publish(reply, by=by, now=now)


def is_approved_enough(reply: Reply, *, approval: Approval, linted: Linted, now: datetime) -> bool:
    """Before sending: whether what was approved is still enough for what the reply asks for by now."""
    asked_by = approval.request.asked_by if approval.request else approval.approved_by
    need = read_need(reply, by=asked_by, now=now, linted=linted)
    if approval.is_solo:  # one person alone is everybody whom a level could ask for
        return True
    if approval.is_self:
        return (
            may_release(reply, need=need, linted=linted, by=approval.approved_by, now=now)
            is not None
        )
    return highest_approval(need.level, A(approval.level)) == approval.level


def may_publish(reply: Reply, *, by: User, now: datetime, is_late: bool = False) -> Answer:
    return may_do(by, reply.workspace, deed=publishing(reply), now=now, is_late=is_late)


def publishing(reply: Reply) -> Deed:
    """What it means to publish a reply: in its language, for its brand, on its channel."""
    return Deed(
        act=Act.PUBLISH,
        language="" if reply.language == "und" else reply.language,
        brand_id=reply.case.brand_id,
        channel=reply.account.kind,
    )


def paying(reply: Reply, money: Money) -> Deed:
    """What it means to give an amount away in a reply."""
    return Deed(
        act=Act.COMPENSATE,
        money=money,
        brand_id=reply.case.brand_id,
        channel=reply.account.kind,
    )


def decision_that_counts(case: Case) -> Decision | None:
    """The recommendation that rests on what a person confirmed last; None before there is one."""
    decision, triage = latest_decision(case), latest_triage(case)
    is_current = decision is not None and triage is not None and decision.triage_id == triage.pk
    return decision if is_current else None


def is_holding(reply: Reply, linted: Linted) -> bool:
    """Whether the playbook asks for a holding reply and the text reads as one (time-out of A3)."""
    decision = decision_that_counts(reply.case)
    wanted = decision is not None and Component.HOLD in what_counts(decision).strategy
    return wanted and any(one.code == Component.HOLD and one.is_found for one in linted.components)


def money_promised(case: Case, *, reply: Reply) -> tuple[Money, ...]:
    """What the open promises of a case cost together, by currency; those of an answer that is out are not
    counted again: its approval covered them.
    """
    sums: dict[str, Decimal] = defaultdict(Decimal)
    rows = Promise.objects.filter(case=case, status=PromiseStatus.OPEN, amount__isnull=False)
    earlier = (
        Approval.objects.filter(
            reply__case=case, reply__status=ReplyStatus.SENT, revoked_at__isnull=True
        )
        .exclude(reply=reply.pk)
        .order_by("-approved_at")
        .first()
    )
    if earlier is not None:
        rows = rows.filter(made_at__gt=earlier.approved_at)
    for row in rows:
        sums[row.currency] += row.amount or 0
    return tuple(Money(amount, currency) for currency, amount in sorted(sums.items()))


def _raised_by(money: Money, *, reply: Reply, by: User, now: datetime) -> tuple[ApprovalLevel, str]:
    """A2 beyond the person's own limit, A4 where no lead reaches so far either (domain.md 3.3)."""
    deed = paying(reply, money)
    if may_do(by, reply.workspace, deed=deed, now=now).is_allowed:
        return A.A0, ""
    leads = [one.user for one in members_of(reply.workspace) if one.role == Role.LEAD]
    if not leads or any(
        may_do(one, reply.workspace, deed=deed, now=now).is_allowed for one in leads
    ):
        return A.A2, "amount"
    return A.A4, "owner_amount"
