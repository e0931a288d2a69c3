"""Which cases and comments are one matter: suggested, merged, undone, split, attached; by a person's word."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from django.db.models import Q
from ninja import Field, Path, Router, Schema, Status

from amends.cases.family import family_of, merge_of, merges_into
from amends.cases.merge import MAX_REASON
from amends.cases.models import Case, CaseComment, Merge
from amends.cases.queries import case_or_none, cases_visible_to, comments_visible_to
from amends.cases.suggest_merges import suggest_merges
from amends.inbox.models import Comment
from amends.pipeline import join
from amends.web.api.case_shapes import CaseOut
from amends.web.api.cases import read_again
from amends.web.api.find import CaseId, find_case, find_named_case
from amends.web.api.gate import READ, TRIAGE, ApiRequest
from amends.web.api.problems import Problem, unknown_problem
from amends.web.api.shapes import BodyKey, Key, PersonOut, Text
from amends.web.api.work import CHANGED, Changed

router = Router(tags=["matters"])

MOST_CHOSEN = 500
CaseName = Annotated[str, Field(pattern="^C-[1-9][0-9]{0,8}$")]


class MergeIn(Schema):
    """`other` ends in the case of the address; `reason` is for colleagues."""

    other: CaseName
    reason: Annotated[Text, Field(max_length=MAX_REASON)] = ""


class MergeOut(Schema):
    """A merge: `merged` ended in `survivor`; undone, the two are two again."""

    id: int
    survivor: str
    merged: str
    reason: str
    merged_by: PersonOut | None
    merged_at: datetime
    undone_at: datetime | None

    @classmethod
    def of(cls, merge: Merge) -> MergeOut:
        return cls(
            id=merge.pk,
            survivor=merge.survivor.public_id,
            merged=merge.merged.public_id,
            reason=merge.reason,
            merged_by=PersonOut.of(merge.merged_by),
            merged_at=merge.merged_at,
            undone_at=merge.undone_at,
        )


class MergesOut(Schema):
    """`merges` brought something into the case; `ended` is the one that ended it."""

    merges: list[MergeOut]
    ended: MergeOut | None


class SuggestionOut(Schema):
    """Another open case and why it may be the same; `number` is how the order number begins."""

    case: str
    reasons: list[Literal["same_order", "near_copy", "same_author"]]
    number: str


class SuggestionsOut(Schema):
    suggestions: list[SuggestionOut]


class SplitIn(Schema):
    """Ids of some of the comments of the case, not all."""

    comments: Annotated[list[BodyKey], Field(min_length=1, max_length=MOST_CHOSEN)]


class AttachIn(Schema):
    """The id of a comment of another case."""

    comment: BodyKey


@router.get(
    "/cases/{case_id}/suggestions", response=SuggestionsOut, auth=READ, summary="List suggestions"
)
def suggestions(request: ApiRequest, case_id: CaseId) -> SuggestionsOut:
    """Cases that may be the same matter, the likeliest first; none for who may not merge."""
    found = suggest_merges(find_case(request, case_id), user=request.user)
    return SuggestionsOut(
        suggestions=[
            SuggestionOut(case=one.case.public_id, reasons=one.reasons, number=one.number)  # type: ignore[arg-type]  # codes of WEIGHTS
            for one in found
        ]
    )


@router.get("/cases/{case_id}/merges", response=MergesOut, auth=READ, summary="List merges")
def list_merges(request: ApiRequest, case_id: CaseId) -> MergesOut:
    """The merges of a case that stand, as far as this person may see both cases."""
    case = find_case(request, case_id)
    rows = list(merges_into(case).select_related("survivor"))
    seen = set(
        cases_visible_to(request.user, workspace=request.workspace)
        .filter(pk__in=[one.merged_id for one in rows])
        .values_list("pk", flat=True)
    )
    ended = merge_of(case) if case.merged_into_id is not None else None
    shown = ended is not None and _is_seen(request, ended.survivor)
    return MergesOut(
        merges=[MergeOut.of(one) for one in rows if one.merged_id in seen],
        ended=MergeOut.of(ended) if ended is not None and shown else None,
    )


@router.post(
    "/cases/{case_id}/merges", response={201: MergeOut}, auth=TRIAGE, summary="Merge two cases"
)
def merge(request: ApiRequest, case_id: CaseId, wanted: MergeIn) -> Status[MergeOut]:
    """End another case in this one: its comments come here, and it leads here."""
    case = find_case(request, case_id)
    other = find_named_case(request, wanted.other, place="body.other")
    made = join.merge(other, into=case, reason=wanted.reason, by=request.user, now=request.now)
    return Status(201, MergeOut.of(made))


@router.post(
    "/cases/{case_id}/merges/{merge_id}/undo",
    response=MergeOut,
    auth=TRIAGE,
    summary="Undo a merge",
)
def undo(request: ApiRequest, case_id: CaseId, merge_id: Annotated[Key, Path()]) -> MergeOut:
    """Make two cases of it again, from the address of either."""
    row = _merge(request, find_case(request, case_id), pk=merge_id)
    join.unmerge(row, by=request.user, now=request.now)
    row.refresh_from_db(fields=["undone_at"])
    return MergeOut.of(row)


@router.post(
    "/cases/{case_id}/split",
    response={201: CaseOut, 204: None},
    auth=TRIAGE,
    summary="Split a case",
)
def split(request: ApiRequest, case_id: CaseId, wanted: SplitIn) -> Changed:
    """Make a new case of some comments of this one; the answer is the new case."""
    case = find_case(request, case_id)
    made = join.split(case, comments=wanted.comments, by=request.user, now=request.now)
    shown = read_again(request, made)
    return Status(201, shown.value) if shown.value is not None else shown


@router.post("/cases/{case_id}/attach", response=CHANGED, auth=TRIAGE, summary="Attach a comment")
def attach(request: ApiRequest, case_id: CaseId, wanted: AttachIn) -> Changed:
    """Move a comment from the case in which it is to this one."""
    case = find_case(request, case_id)
    comment, source = _comment(request, wanted.comment)
    join.attach(comment, source=source, to=case, by=request.user, now=request.now)
    return read_again(request, case)


def _is_seen(request: ApiRequest, case: Case) -> bool:
    found = case_or_none(request.user, workspace=request.workspace, number=case.number)
    return found is not None


def _merge(request: ApiRequest, case: Case, *, pk: int) -> Merge:
    """A merge of this case whose other case the person may see as well; standing or undone."""
    of_case = Q(merged=case) | Q(survivor__in=family_of(case))
    rows = Merge.objects.select_related("merged__workspace", "survivor__workspace", "merged_by")
    found = rows.filter(of_case, pk=pk).first()
    if found is None or not all(_is_seen(request, one) for one in (found.merged, found.survivor)):
        raise Problem("not_found", "There is no such merge of this case.")
    return found


def _comment(request: ApiRequest, pk: int) -> tuple[Comment, Case]:
    """The comment and its case, both as this person may see them."""
    rows = comments_visible_to(request.user, workspace=request.workspace)
    comment = rows.filter(pk=pk).first()
    item = CaseComment.objects.filter(comment=pk).select_related("case").first()
    case = (
        case_or_none(request.user, workspace=request.workspace, number=item.case.number)
        if item is not None
        else None
    )
    if comment is None or case is None:
        raise unknown_problem(
            "body.comment", "There is no such comment of a case that is yours to see."
        )
    return comment, case
