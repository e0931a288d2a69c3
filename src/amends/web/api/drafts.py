"""Reply drafts: begun, written, linted, handed over. Nothing here approves or sends: that stays with people.

A draft has a revision as its ETag. Who writes names the one that was read (`If-Match`); when somebody else
wrote meanwhile the answer is 412, and nothing is overwritten.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from django.db import transaction
from django.http import HttpResponse
from ninja import Field, Header, Router, Schema, Status

from amends.cases.models import Case
from amends.replies.approve import ask_for_approval
from amends.replies.draft import MAX_CHARS, DraftConflict, begin_reply, save_draft
from amends.replies.draft_by_machine import mark_as_machine_text
from amends.replies.lint import Linted, lint_draft
from amends.replies.models import Reply
from amends.replies.queries import open_reply
from amends.web.api.find import CaseId, find_case
from amends.web.api.gate import DRAFT, READ, ApiRequest
from amends.web.api.problems import Problem
from amends.web.api.shapes import PersonOut, Text

router = Router(tags=["drafts"])

IfMatch = Annotated[str | None, Header(alias="If-Match", max_length=40)]
Words = Annotated[Text, Field(max_length=MAX_CHARS)]


class Statement(StrEnum):
    """What the writer agrees to after reading the text as a stranger would (K11); all four are needed."""

    UNDERSTOOD = "understood"
    FAIR = "fair"
    SCREENSHOT = "screenshot"
    FACE = "face"


class DraftIn(Schema):
    """`written_by` names the language model that wrote the text, where one did: a person must then change
    or confirm it on the page before anybody can hand it over."""

    text: Words
    written_by: Annotated[Text, Field(max_length=120)] = ""


class NewDraftIn(Schema):
    """`text` may be left out: the draft is then begun empty."""

    text: Words = ""
    written_by: Annotated[Text, Field(max_length=120)] = ""


class HandOverIn(Schema):
    """`override` says why it must go out although the linter stops it."""

    agreed: list[Statement]
    override: Annotated[Text, Field(max_length=500)] = ""


class DraftOut(Schema):
    """The reply that is being worked on; `revision` is its ETag."""

    case: str
    text: str
    revision: int
    status: str
    language: str
    version_id: int
    begun_by: PersonOut | None
    begun_at: datetime
    changed_at: datetime


class FindingOut(Schema):
    """`start` and `end` count Unicode code points of the text, null where nothing can be pointed at."""

    check: str
    level: str
    start: int | None
    end: int | None
    message: str
    suggestion: str


class PartOut(Schema):
    """A part that the decision asks for; `is_found` is null where only a person can tell."""

    code: str
    is_found: bool | None


class LintOut(Schema):
    verdict: str
    score: int
    language: str
    findings: list[FindingOut]
    parts: list[PartOut]


@router.get("/cases/{case_id}/draft", response=DraftOut, auth=READ, summary="Read the draft")
def get_draft(request: ApiRequest, case_id: CaseId, response: HttpResponse) -> DraftOut:
    """The draft of a case, with its revision as ETag."""
    return _show(_find(find_case(request, case_id)), response)


@router.post(
    "/cases/{case_id}/draft", response={201: DraftOut}, auth=DRAFT, summary="Begin a draft"
)
def begin(
    request: ApiRequest, case_id: CaseId, wanted: NewDraftIn, response: HttpResponse
) -> Status[DraftOut]:
    """Begin a reply; 409 where one is begun already: read that one. The triage must be confirmed first."""
    case = find_case(request, case_id)
    if open_reply(case) is not None:
        raise Problem("not_possible", "A reply was begun already: read it and write with If-Match.")
    reply = begin_reply(case, by=request.user, now=request.now)
    if wanted.text:
        reply = _save(reply, wanted, revision=reply.revision, request=request)
    reply.case = case
    return Status(201, _show(reply, response))


@router.put("/cases/{case_id}/draft", response=DraftOut, auth=DRAFT, summary="Write the draft")
def write(
    request: ApiRequest,
    case_id: CaseId,
    wanted: DraftIn,
    response: HttpResponse,
    if_match: IfMatch = None,
) -> DraftOut:
    """Store a text as the next revision; who asked for approval before takes that back by it."""
    case = find_case(request, case_id)
    reply = _find(case)
    revision = _revision(if_match, reply=reply)
    return _show(_save(reply, wanted, revision=revision, request=request), response)


@router.post(
    "/cases/{case_id}/draft/lint",
    response=LintOut,
    auth=READ,
    summary="Read the draft with the linter",
)
def lint(request: ApiRequest, case_id: CaseId) -> LintOut:
    """What the linter says of the draft as it stands, in English."""
    return read_linted(lint_draft(_find(find_case(request, case_id)), now=request.now, reader="en"))


@router.post(
    "/cases/{case_id}/draft/ask", response=DraftOut, auth=DRAFT, summary="Ask for approval"
)
def ask(
    request: ApiRequest,
    case_id: CaseId,
    wanted: HandOverIn,
    response: HttpResponse,
    if_match: IfMatch = None,
) -> DraftOut:
    """Hand the draft to a colleague, for exactly the revision that was read. A person approves it."""
    case = find_case(request, case_id)
    reply = _find(case)
    if _revision(if_match, reply=reply) != reply.revision:
        raise _changed(reply)
    agreed = [one.value for one in wanted.agreed]
    ask_for_approval(
        reply, by=request.user, now=request.now, override=wanted.override, agreed=agreed
    )
    return _show(_find(case), response)


def read_linted(linted: Linted) -> LintOut:
    """What the linter said, as JSON."""
    return LintOut(
        verdict=linted.verdict,
        score=linted.score,
        language=linted.language,
        findings=[
            FindingOut(
                check=one.code,
                level=one.level,
                start=one.start,
                end=one.end,
                message=str(one.message),
                suggestion=one.suggestion,
            )
            for one in linted.findings
        ],
        parts=[PartOut(code=one.code, is_found=one.is_found) for one in linted.components],
    )


def _find(case: Case) -> Reply:
    reply = open_reply(case)
    if reply is None:
        raise Problem("not_found", "There is no draft: POST begins one.")
    reply.case = case
    return reply


def _revision(if_match: str | None, *, reply: Reply) -> int:
    """The revision that the client read; a star means whatever stands there."""
    if if_match is None:
        raise Problem("no_if_match", "Send If-Match with the ETag of the draft that you read.")
    plain = if_match.strip().strip('"')
    if plain == "*":
        return reply.revision
    if not (plain.isascii() and plain.isdecimal() and len(plain) < 10):
        raise Problem("changed", "This is no ETag of the draft.")
    return int(plain)


def _save(
    reply: Reply, wanted: DraftIn | NewDraftIn, *, revision: int, request: ApiRequest
) -> Reply:
    case = reply.case
    by, now = request.user, request.now
    try:
        with transaction.atomic():
            saved = save_draft(reply, text=wanted.text, revision=revision, by=by, now=now)
            if wanted.written_by:
                mark_as_machine_text(saved, model=wanted.written_by, by=by, now=now)
    except DraftConflict as conflict:
        raise _changed(conflict.theirs) from None
    saved.case = case
    return saved


def _changed(theirs: Reply) -> Problem:
    return Problem(
        "changed",
        f"The draft stands at revision {theirs.revision}: read it again.",
        headers={"ETag": f'"{theirs.revision}"'},
    )


def _show(reply: Reply, response: HttpResponse) -> DraftOut:
    response.headers["ETag"] = f'"{reply.revision}"'
    return DraftOut(
        case=reply.case.public_id,
        text=reply.text,
        revision=reply.revision,
        status=reply.status,
        language=reply.language,
        version_id=reply.version_id,
        begun_by=PersonOut.of(reply.begun_by),
        begun_at=reply.begun_at,
        changed_at=reply.changed_at,
    )
