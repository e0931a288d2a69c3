"""As what a person may agree to a reply: as the writer at A0, alone in a desk of one, or in a seat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from amends.accounts.authority import Answer
from amends.accounts.models import Act, User
from amends.accounts.second_person import is_solo
from amends.cases.transitions import NotPossible
from amends.core.vocabulary import ApprovalLevel
from amends.replies.level import Need, is_holding, may_release
from amends.replies.lint import Linted
from amends.replies.models import ApprovalRequest, Reply
from amends.replies.seats import LEAD, Seat, Table, check_reach
from amends.replies.solo import check_pause


@dataclass(frozen=True, slots=True)
class Word:
    """How somebody agrees. `used` is what they asked of their authority, and what the answers rest on."""

    level: ApprovalLevel
    seat: Seat | None = None
    is_last: bool = True
    is_solo: bool = False
    used: tuple[tuple[str, Answer], ...] = ()


def read_word(
    reply: Reply,
    *,
    request: ApprovalRequest,
    need: Need,
    linted: Linted,
    by: User,
    now: datetime,
) -> Word:
    """As what a person may agree; raises NotPossible where they may not."""
    has_written = reply.revisions.filter(edited_by=by).exists()
    if is_solo(reply.workspace, reply.case.lane):
        if has_written:
            check_pause(reply, now=now)
        return Word(need.level, is_solo=has_written)
    if has_written:
        answer = None
        if by.pk == request.asked_by_id:  # the level was read for their authority
            answer = may_release(reply, need=need, linted=linted, by=by, now=now)
        if answer is not None:
            return Word(need.level, used=((Act.PUBLISH.value, answer),))
        raise NotPossible(_("You wrote part of this reply: somebody else must approve it."))
    table = Table(reply, request=request, level=need.level, now=now)
    seat = table.seat_for(by)
    # The time of an A3 is over: a lead alone lets the holding reply go out, and only that one.
    may_hold = table.is_late and need.level == ApprovalLevel.A3 and is_holding(reply, linted)
    if seat is None and may_hold and table.agreed_as(by) == LEAD:
        return Word(need.level)
    if seat is None:
        raise NotPossible(missing_words(table, level=need.level))
    used = check_reach(reply, need=need, seat=seat, table=table, by=by, now=now)
    if seat.in_name_of is not None:
        word = Answer(is_allowed=True, why="deputy", in_name_of=seat.in_name_of)
        used.append(("approve", word))
    is_last = table.is_full_with(seat, user=by) or (may_hold and seat.name == LEAD)
    return Word(need.level, seat=seat, is_last=is_last, used=tuple(used))


def missing_words(table: Table, *, level: ApprovalLevel) -> str:
    """Who must agree instead of the person who tried."""
    if not table.free:
        return _("Everybody whom this level asks for has agreed already.")
    wanted = {
        "anyone": _("a colleague"),
        "lead": _("a lead"),
        "counsel": _("counsel"),
        "owner": _("an owner"),
    }
    who = ", ".join(wanted[name] for name in table.free)
    return _("Level %(level)s asks for somebody else: %(who)s.") % {"level": level, "who": who}
