"""What is done with a case: assigned, taken, passed on, triaged, closed, opened again; as on the pages."""

from __future__ import annotations

from typing import Annotated

from ninja import Field, Router, Schema, Status
from pydantic import Strict

from amends.accounts.models import User
from amends.accounts.queries import people_who_may_work
from amends.cases.assign import assign_case
from amends.cases.close import MAX_REASON, close_case, refuse_unread_complaint, reopen_case
from amends.cases.fault import BASES
from amends.cases.models import Case, DispositionCode
from amends.cases.take_over import take_over
from amends.cases.triage import TriageForm
from amends.cases.welfare import pass_on
from amends.core.playbook.terms import AuthorType, Goal, SpeechLevel
from amends.core.vocabulary import Arousal, Category, Flag, PolicyGround, Sentiment, Severity
from amends.pipeline.act import triage_and_decide
from amends.pipeline.desk import Desk
from amends.web.api.case_shapes import CaseOut
from amends.web.api.cases import read_again
from amends.web.api.find import CaseId, find_case, find_named_case
from amends.web.api.gate import TRIAGE, ApiRequest
from amends.web.api.problems import unknown_problem
from amends.web.api.shapes import WHOLE, BodyKey, Text
from amends.web.api.shapes import Flag as YesNo

router = Router(tags=["work"])

CHANGED = {200: CaseOut, 204: None}  # 204: done, and the case is out of the person's sight now
Changed = Status[CaseOut | None]


class AssignIn(Schema):
    """`to` is the id of a colleague, or null for the queue."""

    to: BodyKey | None


class TakeIn(Schema):
    """`holder` is the id of the colleague who has the case, as you read it; null: it lies in the queue."""

    holder: BodyKey | None


class TriageIn(Schema):
    """What a person confirms; what is left out was not asked, and the engine's word stands for it.

    `fault_share` is per cent (0: not ours, null: not known yet) and needs its basis.
    """

    category: Category
    sentiment: Sentiment
    is_complaint: YesNo
    severity: Severity
    arousal: Arousal
    fault_share: Annotated[int, Strict(), Field(ge=0, le=100), WHOLE] | None = None
    fault_basis: Annotated[Text, Field(max_length=200, examples=list(BASES))] = ""
    fault_words: Annotated[Text, Field(max_length=200)] = ""
    can_help: YesNo | None = None
    author_type: AuthorType | None = None
    goal: Goal | None = None
    speech_level: SpeechLevel | None = None
    root_cause: Annotated[Text, Field(max_length=32)] = ""
    policy_ground: PolicyGround | None = None
    flags: list[Flag] | None = None


class CloseIn(Schema):
    """What became of it, and why: nothing is closed silently. `silence` needs two people, so a page."""

    disposition: DispositionCode
    reason: Annotated[Text, Field(min_length=1, max_length=MAX_REASON)]
    duplicate_of: Annotated[str, Field(pattern="^C-[1-9][0-9]{0,8}$")] | None = None


@router.post("/cases/{case_id}/assign", response=CHANGED, auth=TRIAGE, summary="Assign a case")
def assign(request: ApiRequest, case_id: CaseId, wanted: AssignIn) -> Changed:
    """Give a case to a colleague, or put it back into the queue."""
    case = find_case(request, case_id)
    to = None if wanted.to is None else _colleague(request, wanted.to)
    assign_case(case, to=to, by=request.user, now=request.now)
    return read_again(request, case)


@router.post("/cases/{case_id}/take", response=CHANGED, auth=TRIAGE, summary="Take a case")
def take(request: ApiRequest, case_id: CaseId, wanted: TakeIn) -> Changed:
    """Make a case your person's own, from the queue or from a colleague, who is told.

    Refused where somebody else has it by now: of two who take it at once, one is told who was first.
    """
    case = find_case(request, case_id)
    take_over(case, holder=wanted.holder, by=request.user, now=request.now)
    return read_again(request, case)


@router.post("/cases/{case_id}/pass-on", response=CHANGED, auth=TRIAGE, summary="Pass a case on")
def pass_it_on(request: ApiRequest, case_id: CaseId) -> Changed:
    """Give your person's own case back into the queue, without a reason; routing brings it to others."""
    case = find_case(request, case_id)
    pass_on(case, by=request.user, now=request.now)
    return read_again(request, case)


@router.post("/cases/{case_id}/triage", response=CHANGED, auth=TRIAGE, summary="Confirm the triage")
def triage(request: ApiRequest, case_id: CaseId, said: TriageIn) -> Changed:
    """Confirm what the matter is, as the token's person; the playbook recommends anew."""
    case = find_case(request, case_id)
    triage_and_decide(
        case,
        form=_form(said),
        by=request.user,
        now=request.now,
        desk=Desk(clock=request.clock),
    )
    return read_again(request, case)


@router.post("/cases/{case_id}/close", response=CHANGED, auth=TRIAGE, summary="Close a case")
def close(request: ApiRequest, case_id: CaseId, ending: CloseIn) -> Changed:
    """Close a case with its disposition and the reason."""
    case = find_case(request, case_id)
    refuse_unread_complaint(case)
    close_case(
        case,
        disposition=ending.disposition,
        reason=ending.reason,
        by=request.user,
        now=request.now,
        duplicate_of=_other(request, ending.duplicate_of),
    )
    return read_again(request, case)


@router.post("/cases/{case_id}/reopen", response=CHANGED, auth=TRIAGE, summary="Open a case again")
def reopen(request: ApiRequest, case_id: CaseId) -> Changed:
    """Take a closed case up again; reopenings are counted."""
    case = find_case(request, case_id)
    reopen_case(case, by=request.user, now=request.now)
    return read_again(request, case)


def _colleague(request: ApiRequest, pk: int) -> User:
    found = people_who_may_work(request.workspace).filter(pk=pk).first()
    if found is None:
        raise unknown_problem("body.to", "There is no colleague of this id who could work on it.")
    return found


def _other(request: ApiRequest, case_id: str | None) -> Case | None:
    if case_id is None:
        return None
    return find_named_case(request, case_id, place="body.duplicate_of")


def _form(said: TriageIn) -> TriageForm:
    return TriageForm(
        category=said.category,
        sentiment=said.sentiment,
        is_complaint=said.is_complaint,
        severity=said.severity,
        arousal=said.arousal,
        fault_share=said.fault_share,
        fault_basis=said.fault_basis,
        fault_words=said.fault_words,
        can_help=said.can_help,
        author_type=said.author_type or "",
        goal=said.goal or "",
        speech_level=said.speech_level or "",
        root_cause=said.root_cause,
        policy_ground=said.policy_ground,
        flags=None if said.flags is None else tuple(said.flags),
    )
