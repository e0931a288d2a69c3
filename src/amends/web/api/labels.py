"""Labels: those of the workspace, and putting them on cases and taking them off."""

from __future__ import annotations

from typing import Annotated

from ninja import Path, Router, Schema

from amends.cases.label import labels_visible_to, put_label, take_label
from amends.cases.models import Label
from amends.web.api.case_shapes import LabelOut
from amends.web.api.cases import read_again
from amends.web.api.find import CaseId, find_case
from amends.web.api.gate import READ, TRIAGE, ApiRequest
from amends.web.api.problems import Problem
from amends.web.api.shapes import Key
from amends.web.api.work import CHANGED, Changed

router = Router(tags=["labels"])

LabelId = Annotated[Key, Path()]


class LabelRowOut(LabelOut):
    """A retired label stays where it is and is put on no further case."""

    is_retired: bool


class LabelsOut(Schema):
    labels: list[LabelRowOut]


@router.get("/labels", response=LabelsOut, auth=READ, summary="List labels")
def list_labels(request: ApiRequest) -> LabelsOut:
    """The labels of the workspace by name; owners and leads make new ones on the pages."""
    rows = labels_visible_to(request.user, workspace=request.workspace)
    return LabelsOut(
        labels=[
            LabelRowOut(**LabelOut.of(one).model_dump(), is_retired=one.retired_at is not None)
            for one in rows
        ]
    )


@router.put(
    "/cases/{case_id}/labels/{label_id}", response=CHANGED, auth=TRIAGE, summary="Put a label on"
)
def put(request: ApiRequest, case_id: CaseId, label_id: LabelId) -> Changed:
    """Put a label on a case; one that it bears already stays, and nothing is logged again."""
    case = find_case(request, case_id)
    put_label(case, label=_label(request, label_id), by=request.user, now=request.now)
    return read_again(request, case)


@router.delete(
    "/cases/{case_id}/labels/{label_id}", response=CHANGED, auth=TRIAGE, summary="Take a label off"
)
def take_off(request: ApiRequest, case_id: CaseId, label_id: LabelId) -> Changed:
    """Take a label off a case; one that it does not bear is no error."""
    case = find_case(request, case_id)
    take_label(case, label=_label(request, label_id), by=request.user, now=request.now)
    return read_again(request, case)


def _label(request: ApiRequest, pk: int) -> Label:
    rows = labels_visible_to(request.user, workspace=request.workspace)
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Problem("not_found", "There is no such label: GET /api/v1/labels lists them.")
    return found
