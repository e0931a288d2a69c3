"""Who may see a case, and what must be kept of it: lanes and legal holds."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from amends.accounts.models import User
from amends.accounts.permissions import may_hold_legally, may_move_lane
from amends.accounts.queries import members_of
from amends.cases.hold_legally import legal_hold_on, lift_legal_hold, place_legal_hold
from amends.cases.move_lane import move_lane
from amends.cases.transitions import NotPossible
from amends.web.cases import act, find_case, now_of, user_of
from amends.web.pages import action
from amends.web.triage_form import Unreadable


@action(may=may_move_lane)
def lane(request: HttpRequest, number: int) -> HttpResponse:
    """Move a case between the open lane and the restricted ones."""
    found = find_case(request, number)

    def move() -> str:
        move_lane(
            found,
            to=request.POST.get("lane", ""),
            reason=request.POST.get("reason", ""),
            by=user_of(request),
            now=now_of(request),
        )
        return _("The lane is changed.")

    return act(request, found, do=move, place="lane")


@action(may=may_hold_legally)
def hold(request: HttpRequest, number: int) -> HttpResponse:
    """Place a legal hold."""
    found = find_case(request, number)

    def place() -> str:
        place_legal_hold(
            found,
            reason=request.POST.get("reason", ""),
            counsel=_counsel(request),
            review_on=_day(request.POST.get("review_on", "")),
            by=user_of(request),
            now=now_of(request),
        )
        return _("The legal hold stands: nothing of this case is erased.")

    return act(request, found, do=place, place="lane")


@action(may=may_hold_legally)
def lift(request: HttpRequest, number: int) -> HttpResponse:
    """Lift a legal hold."""
    found = find_case(request, number)

    def end() -> str:
        standing = legal_hold_on(found)
        if standing is None:
            raise NotPossible(_("This hold was lifted before."))
        reason = request.POST.get("reason", "")
        lift_legal_hold(standing, reason=reason, by=user_of(request), now=now_of(request))
        return _("The legal hold is lifted.")

    return act(request, found, do=end, place="lane")


def _counsel(request: HttpRequest) -> User:
    raw = request.POST.get("counsel", "")
    members = members_of(request.workspace)  # type: ignore[attr-defined]
    found = members.filter(user=int(raw)).first() if raw.isdecimal() and len(raw) < 19 else None
    if found is None:
        raise Unreadable(_("Choose who answers for the hold."))
    counsel: User = found.user
    return counsel


def _day(raw: str) -> date:
    try:
        return date.fromisoformat(raw.strip())
    except ValueError:
        raise Unreadable(_("Write the day as year, month, day: 2027-03-01.")) from None
