"""Texts in, judgements out: the engine and the linter for any words; nothing is stored."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Field, Router, Schema

from amends.cases.assess_text import NoEngine, assess_text
from amends.replies.lint_text import NotLintable, lint_text
from amends.web.api.drafts import FindingOut
from amends.web.api.gate import READ, ApiRequest
from amends.web.api.problems import Problem, field_problem
from amends.web.api.shapes import Text

router = Router(tags=["texts"])
LONGEST = 20_000


class AssessIn(Schema):
    """`parent` is what the text answers, where it answers something."""

    text: Annotated[Text, Field(min_length=1, max_length=LONGEST)]
    parent: Annotated[Text, Field(max_length=LONGEST)] | None = None


class AssessOut(Schema):
    """The shape of `amends assess`: label, score and whether the engine is sure, with its reasons."""

    language: dict[str, Any]
    sentiment: dict[str, Any]
    complaint: dict[str, Any]
    category: dict[str, Any]
    severity: dict[str, Any]
    arousal: dict[str, Any]
    policy_ground: dict[str, Any]
    flags: dict[str, bool]
    flag_scores: dict[str, float]
    reasons: list[dict[str, Any]]
    engine: dict[str, Any]


class LintIn(Schema):
    """The keys of `amends lint`; a check whose key is absent from `context` is skipped."""

    reply: Annotated[Text, Field(min_length=1, max_length=LONGEST)]
    comment: Annotated[Text, Field(max_length=LONGEST)] = ""
    language: Annotated[str, Field(pattern="^([A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3})?$")] = ""
    context: dict[str, Any] = {}


class LintTextOut(Schema):
    verdict: str
    score: int
    language: str
    findings: list[FindingOut]


@router.post("/assess", response=AssessOut, auth=READ, summary="Assess a text")
def assess(request: ApiRequest, wanted: AssessIn) -> AssessOut:
    """What the engine of this workspace says of a text. A person must decide where it is not sure."""
    if not wanted.text.strip():
        raise field_problem("body.text", "There are no words to judge.")
    try:
        found = assess_text(wanted.text, parent=wanted.parent, workspace_id=request.workspace.pk)
    except NoEngine:
        raise Problem(
            "no_engine", "No model lies on this machine; `amends doctor` says more."
        ) from None
    except ValueError as error:
        raise field_problem("body.text", str(error)) from None
    said: dict[str, Any] = found.to_json()
    return AssessOut(**{name: said[name] for name in AssessOut.model_fields})


@router.post("/lint", response=LintTextOut, auth=READ, summary="Lint a reply")
def lint(request: ApiRequest, wanted: LintIn) -> LintTextOut:
    """Which words of a reply will make it worse, and what to write instead."""
    try:
        said = lint_text(
            wanted.reply, comment=wanted.comment, context=wanted.context, language=wanted.language
        )
    except NotLintable as error:
        raise field_problem("body", str(error)) from None
    return LintTextOut(
        verdict=said["verdict"],
        score=said["score"],
        language=said["language"],
        findings=[
            FindingOut(**{name: one[name] for name in FindingOut.model_fields})
            for one in said["findings"]
        ],
    )
