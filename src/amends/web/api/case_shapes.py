"""A case as JSON: short for lists, whole for one; the words of people stand beside what the engine thinks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from ninja import Schema

from amends.accounts.models import User
from amends.cases.decide import latest_decision
from amends.cases.label import labels_on
from amends.cases.models import Case, CaseLabel, Label, Note, Triage
from amends.cases.queries import hold_in_force
from amends.cases.triage import latest_triage, suggest_triage
from amends.inbox.models import Version
from amends.inbox.queries import last_words
from amends.replies.models import Promise
from amends.web.api.shapes import (
    AuthorOut,
    BrandOut,
    ChannelOut,
    CommentDetailOut,
    PersonOut,
    page_address,
    read_comment,
)
from amends.web.conversation import Item, read_conversation


class ClocksOut(Schema):
    """When what is due, counted from the publication of the comment; null where no clock runs."""

    started_at: datetime | None
    first_reply_due_at: datetime | None
    first_replied_at: datetime | None
    progress_due_at: datetime | None
    resolution_due_at: datetime | None

    @classmethod
    def of(cls, case: Case) -> ClocksOut:
        return cls(
            started_at=case.clock_started_at,
            first_reply_due_at=case.first_reply_due_at,
            first_replied_at=case.first_replied_at,
            progress_due_at=case.progress_due_at,
            resolution_due_at=case.resolution_due_at,
        )


class LabelOut(Schema):
    id: int
    name: str
    colour: str

    @classmethod
    def of(cls, label: Label) -> LabelOut:
        return cls(id=label.pk, name=label.name, colour=label.colour)


class CaseOut(Schema):
    """A case as a list shows it; `text` is the latest word of its author, untrusted."""

    id: str
    url: str
    status: str
    lane: str
    priority: str
    severity: str
    category: str
    language: str
    brand: BrandOut
    channel: ChannelOut
    author: AuthorOut
    assignee: PersonOut | None
    comment_id: int
    text: str
    disposition: str
    reason: str
    reopened: int
    labels: list[LabelOut]
    snoozed_until: datetime | None
    clocks: ClocksOut
    created_at: datetime
    changed_at: datetime
    closed_at: datetime | None


class CasePageOut(Schema):
    """One page of a list; `next` is the cursor of the following one, null at the end."""

    cases: list[CaseOut]
    next: str | None


class TriageOut(Schema):
    """What a person confirmed."""

    category: str
    sentiment: str
    is_complaint: bool
    severity: str
    arousal: str
    fault_share: int | None
    fault_basis: str
    can_help: bool | None
    root_cause: str
    policy_ground: str
    flags: list[str]
    changed: list[str]
    confirmed_by: PersonOut | None
    confirmed_at: datetime

    @classmethod
    def of(cls, triage: Triage) -> TriageOut:
        return cls(
            category=triage.category,
            sentiment=triage.sentiment,
            is_complaint=triage.is_complaint,
            severity=triage.severity,
            arousal=triage.arousal,
            fault_share=triage.fault_share,
            fault_basis=triage.fault_basis,
            can_help=triage.can_help,
            root_cause=triage.root_cause,
            policy_ground=triage.policy_ground,
            flags=list(triage.flags or ()),
            changed=list(triage.changed),
            confirmed_by=PersonOut.of(triage.confirmed_by),
            confirmed_at=triage.confirmed_at,
        )


class VerdictOut(Schema):
    """What the engine says; `assessment` has the shape of `amends assess`."""

    engine: str
    engine_version: str
    version_id: int
    created_at: datetime
    assessment: dict[str, Any]


class DecisionOut(Schema):
    """What the playbook recommends, and why; `decision` names the rules that held and those that did not."""

    rule: str
    priority: str
    approval: str
    playbook: str
    playbook_version: str
    is_preliminary: bool
    created_at: datetime
    decision: dict[str, Any]


class NoteOut(Schema):
    """A word among colleagues."""

    id: int
    text: str
    written_by: PersonOut | None
    written_at: datetime

    @classmethod
    def of(cls, note: Note) -> NoteOut:
        return cls(
            id=note.pk,
            text=note.text,
            written_by=PersonOut.of(note.written_by),
            written_at=note.written_at,
        )


class PromiseOut(Schema):
    id: int
    text: str
    owner: PersonOut | None
    due_at: datetime
    status: str

    @classmethod
    def of(cls, promise: Promise) -> PromiseOut:
        return cls(
            id=promise.pk,
            text=promise.text,
            owner=PersonOut.of(promise.owner),
            due_at=promise.promised_for,
            status=promise.status,
        )


class CaseDetailOut(CaseOut):
    """Everything that the page of the case shows; the conversation as this person may see it."""

    conversation: list[CommentDetailOut]
    left_out: int  # comments of a long conversation that are not among them
    triage: TriageOut | None
    verdict: VerdictOut | None
    decision: DecisionOut | None
    notes: list[NoteOut]
    promises: list[PromiseOut]
    is_held: bool


def read_case(case: Case) -> CaseOut:
    """A case that came through `rows.with_words`."""
    marks: list[CaseLabel] = case.ordered_marks  # type: ignore[attr-defined]
    versions: list[Version] = case.comment.ordered_versions  # type: ignore[attr-defined]
    return CaseOut(**_short(case, versions=versions, labels=[one.label for one in marks]))


def read_case_detail(case: Case, *, user: User) -> CaseDetailOut:
    """The whole case; the caller has made sure that this person may see it."""
    conversation = read_conversation(case, user=user)
    items = [*conversation.before, conversation.subject, *conversation.after]
    triage = latest_triage(case)
    promises = case.promises.select_related("owner").order_by("pk")
    return CaseDetailOut(
        **_short(
            case,
            versions=[one.version for one in conversation.subject.versions],
            labels=labels_on(case),
        ),
        conversation=[_comment(one, case=case) for one in items],
        left_out=conversation.hidden_before + conversation.hidden_after,
        triage=TriageOut.of(triage) if triage else None,
        verdict=_verdict(case),
        decision=_decision(case),
        notes=[NoteOut.of(one) for one in case.notes.select_related("written_by").order_by("pk")],
        promises=[PromiseOut.of(one) for one in promises],
        is_held=hold_in_force(case) is not None,
    )


def _short(case: Case, *, versions: list[Version], labels: list[Label]) -> dict[str, Any]:
    said = last_words(versions)
    return {
        "id": case.public_id,
        "url": page_address(reverse("case", args=[case.number])),
        "status": case.status,
        "lane": case.lane,
        "priority": case.priority,
        "severity": case.severity,
        "category": case.category,
        "language": case.language,
        "brand": BrandOut.of(case.brand),
        "channel": ChannelOut.of(case.comment.account),
        "author": AuthorOut.of(case.comment.author),
        "assignee": PersonOut.of(case.assignee),
        "comment_id": case.comment_id,
        "text": said.text if said else "",
        "disposition": case.disposition,
        "reason": case.reason,
        "reopened": case.reopened,
        "labels": [LabelOut.of(one) for one in labels],
        "snoozed_until": case.snoozed_until,
        "clocks": ClocksOut.of(case),
        "created_at": case.created_at,
        "changed_at": case.changed_at,
        "closed_at": case.closed_at,
    }


def _comment(item: Item, *, case: Case) -> CommentDetailOut:
    versions = [one.version for one in item.versions]
    own = case.public_id if item.is_subject else None
    return read_comment(item.comment, versions=versions, case=own)


def _verdict(case: Case) -> VerdictOut | None:
    verdict = suggest_triage(case).verdict
    if verdict is None:
        return None
    return VerdictOut(
        engine=verdict.engine,
        engine_version=verdict.engine_version,
        version_id=verdict.version_id,
        created_at=verdict.created_at,
        assessment=verdict.assessment,
    )


def _decision(case: Case) -> DecisionOut | None:
    decision = latest_decision(case)
    if decision is None:
        return None
    return DecisionOut(
        rule=decision.rule_id,
        priority=decision.priority,
        approval=decision.approval,
        playbook=decision.playbook,
        playbook_version=decision.playbook_version,
        is_preliminary=decision.triage_id is None,
        created_at=decision.created_at,
        decision=decision.decision,
    )
