"""The approval of a reply as its case shows it: the level and why, who is asked, who agreed, who may act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from amends.accounts.models import User
from amends.accounts.second_person import is_solo
from amends.core.playbook.rules import highest_approval
from amends.core.vocabulary import ApprovalLevel
from amends.replies.level import TIME_OUTS, Need, is_holding, read_need, release_authority
from amends.replies.lint import lint_draft
from amends.replies.models import Agreement, ApprovalRequest, Reply
from amends.replies.request import request_of
from amends.replies.seats import LEAD, Table
from amends.replies.word import missing_words
from amends.web.labels import APPROVALS, Words

SEAT_WORDS: MappingProxyType[str, Words] = MappingProxyType(
    {
        "anyone": gettext_lazy("a colleague"),
        "lead": gettext_lazy("a lead"),
        "counsel": gettext_lazy("counsel"),
        "owner": gettext_lazy("an owner"),
    }
)
WHY_WORDS: MappingProxyType[str, Words] = MappingProxyType(
    {
        "no_decision": gettext_lazy("the playbook has not decided on the confirmed triage yet"),
        "override": gettext_lazy("the linter was overridden"),
        "gift": gettext_lazy("it offers something in public: enter the promise with its amount"),
        "amount": gettext_lazy("the amount is beyond the limit of who hands it over"),
        "owner_amount": gettext_lazy("the amount is beyond what any lead may give"),
        "language": gettext_lazy("who hands it over may not publish in this language"),
        "publish": gettext_lazy("who hands it over may not publish here alone"),
    }
)


@dataclass(frozen=True, slots=True)
class ApprovalView:
    """What stands beside the reply. `may_release`: this person may send it without anybody else."""

    level: str
    who: Words
    why: tuple[Words, ...]
    money: tuple[str, ...]
    may_release: bool
    may_agree: bool = False
    why_not: str = ""
    in_name_of: str = ""
    is_holding_alone: bool = False
    wanted: tuple[Words, ...] = ()
    agreed: tuple[Agreement, ...] = ()
    asked_at: datetime | None = None
    due_at: datetime | None = None
    timed_out_at: datetime | None = None


def read_approval(reply: Reply, *, user: User, now: datetime) -> ApprovalView:
    """The level for the person who looks at a draft, or for who handed it over."""
    request = request_of(reply)
    linted = lint_draft(reply, now=now, text=None, reader=get_language() or "")
    need = read_need(reply, by=request.asked_by if request else user, now=now, linted=linted)
    level = highest_approval(need.level, ApprovalLevel(request.level)) if request else need.level
    need = Need(level, need.why, need.money)
    is_alone = is_solo(reply.workspace, reply.case.lane)
    is_theirs = request is None or request.asked_by_id == user.pk
    # Words are still being typed in a draft: what the linter stops is said when they are sent.
    may = release_authority(reply, need=need, by=user, now=now).is_allowed
    may = may and (request is None or not linted.blocking)
    shown = ApprovalView(
        level=level.value,
        who=APPROVALS[level.value],
        why=tuple(WHY_WORDS[code] for code in need.why),
        money=tuple(str(one) for one in need.money),
        may_release=may and is_theirs and not is_alone,
    )
    if request is None:
        return shown
    return _waiting(
        shown, reply=reply, request=request, user=user, now=now, hold=is_holding(reply, linted)
    )


def _waiting(
    shown: ApprovalView,
    *,
    reply: Reply,
    request: ApprovalRequest,
    user: User,
    now: datetime,
    hold: bool,
) -> ApprovalView:
    level = ApprovalLevel(shown.level)
    table = Table(reply, request=request, level=level, now=now)
    seat = table.seat_for(user)
    is_holding_alone = (
        hold
        and table.is_late
        and level == ApprovalLevel.A3
        and LEAD in {seat.name if seat else "", table.agreed_as(user)}
    )
    may_agree = seat is not None or is_holding_alone
    why_not = "" if may_agree else missing_words(table, level=level)
    if table.agreed_as(user) and not may_agree:
        why_not = _("You have agreed. %(why)s") % {"why": why_not}
    return ApprovalView(
        level=shown.level,
        who=shown.who,
        why=shown.why,
        money=shown.money,
        may_release=shown.may_release,
        may_agree=may_agree,
        why_not=why_not,
        in_name_of=str(seat.in_name_of) if seat and seat.in_name_of else "",
        is_holding_alone=is_holding_alone,
        wanted=tuple(SEAT_WORDS[name] for name in table.free),
        agreed=tuple(request.agreements.select_related("person", "in_name_of").order_by("pk")),
        asked_at=request.asked_at,
        due_at=request.asked_at + TIME_OUTS[ApprovalLevel(request.level)],
        timed_out_at=request.timed_out_at,
    )
