"""Notes: words among colleagues on a case; never sent."""

from __future__ import annotations

from typing import Annotated

from ninja import Field, Router, Schema, Status

from amends.cases.note import MAX_CHARS, write_note
from amends.web.api.case_shapes import NoteOut
from amends.web.api.find import CaseId, find_case
from amends.web.api.gate import NOTE, READ, ApiRequest
from amends.web.api.shapes import Text

router = Router(tags=["notes"])


class NoteIn(Schema):
    """@names tell colleagues, as on the page."""

    text: Annotated[Text, Field(min_length=1, max_length=MAX_CHARS)]


class NotesOut(Schema):
    notes: list[NoteOut]


@router.get("/cases/{case_id}/notes", response=NotesOut, auth=READ, summary="List notes")
def list_notes(request: ApiRequest, case_id: CaseId) -> NotesOut:
    """All notes of a case, oldest first."""
    case = find_case(request, case_id)
    rows = case.notes.select_related("written_by").order_by("written_at", "pk")
    return NotesOut(notes=[NoteOut.of(one) for one in rows])


@router.post("/cases/{case_id}/notes", response={201: NoteOut}, auth=NOTE, summary="Write a note")
def add_note(request: ApiRequest, case_id: CaseId, note: NoteIn) -> Status[NoteOut]:
    """Add a note to a case."""
    case = find_case(request, case_id)
    made = write_note(case, text=note.text, by=request.user, now=request.now)
    return Status(201, NoteOut.of(made))
