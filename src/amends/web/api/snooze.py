"""Sleep: a case leaves the working views until a moment, or comes back now."""

from __future__ import annotations

from ninja import Router, Schema

from amends.cases.snooze import end_snooze, snooze_case
from amends.web.api.cases import read_again
from amends.web.api.find import CaseId, find_case
from amends.web.api.gate import TRIAGE, ApiRequest
from amends.web.api.shapes import Moment
from amends.web.api.work import CHANGED, Changed

router = Router(tags=["snooze"])


class SnoozeIn(Schema):
    """From 5 minutes to 90 days ahead, with its zone."""

    until: Moment


@router.post("/cases/{case_id}/snooze", response=CHANGED, auth=TRIAGE, summary="Snooze a case")
def snooze(request: ApiRequest, case_id: CaseId, wanted: SnoozeIn) -> Changed:
    """Put a case to sleep. Its clocks run on: `snoozed_until` of the answer is earlier than `until`
    where one of them would run out meanwhile.
    """
    case = find_case(request, case_id)
    snooze_case(case, until=wanted.until, by=request.user, now=request.now)
    return read_again(request, case)


@router.post("/cases/{case_id}/wake", response=CHANGED, auth=TRIAGE, summary="Wake a case")
def wake(request: ApiRequest, case_id: CaseId) -> Changed:
    """Bring a case back before its time."""
    case = find_case(request, case_id)
    end_snooze(case, by=request.user, now=request.now)
    return read_again(request, case)
