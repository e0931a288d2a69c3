"""Everything that the page of a case shows, read in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from amends.accounts import permissions
from amends.accounts.models import User
from amends.accounts.permissions import RESTRICTED_LANES
from amends.accounts.queries import people_who_may_work
from amends.cases.decide import latest_decision
from amends.cases.family import family_of
from amends.cases.models import Case, Note, Triage
from amends.cases.queries import earlier_cases, hold_in_force
from amends.cases.triage import TriageSuggestion, latest_triage, suggest_triage
from amends.cases.welfare import folds_hostile, hostile_today
from amends.core.money import CURRENCIES
from amends.core.playbook.terms import ClockKind
from amends.web import labels
from amends.web.case_signs import CaseSigns, read_case_signs
from amends.web.conversation import Conversation, read_conversation
from amends.web.department_part import DepartmentPart, WaitPart, read_departments, read_wait
from amends.web.departure_panel import DepartureView, read_departure
from amends.web.explain import DecisionView, FieldView, explain_decision, explain_verdict
from amends.web.found_by import FoundBy, found_by
from amends.web.matter_part import MatterPart, read_matter_part
from amends.web.measure_panel import MeasurePanel, read_measure_panel
from amends.web.private_panel import PrivatePanel, read_private
from amends.web.promise_list import PromiseView, read_promises
from amends.web.reply_panel import ReplyPanel, read_reply_panel
from amends.web.spans import quote_fields
from amends.web.triage_form import TriageChoices, explain_triage, read_triage_choices

DELAY_WORTH_SAYING = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Abilities:
    """What this person may do with this case."""

    triage: bool
    note: bool
    assign: bool
    close: bool
    draft: bool
    approve: bool
    send: bool
    override_decision: bool

    @classmethod
    def of(cls, user: User, case: Case) -> Abilities:
        names = ("triage", "note", "assign", "close", "draft", "approve", "send")
        may = {name: getattr(permissions, f"may_{name}") for name in (*names, "override_decision")}
        return cls(**{name: one(user, case.workspace) for name, one in may.items()})


@dataclass(frozen=True, slots=True)
class ClockView:
    """One promise of time to the author."""

    label: str
    due_at: datetime | None
    done_at: datetime | None
    is_late: bool
    is_soon: bool
    is_paused: bool = False

    @property
    def is_running(self) -> bool:
        return self.done_at is None


@dataclass(frozen=True, slots=True)
class WelfarePart:
    """What spares this person; `today` is theirs alone to see."""

    is_hostile: bool
    folds: bool
    today: int
    may_mark: bool


@dataclass(frozen=True, slots=True)
class CasePage:
    """The page of a case for one person at one moment."""

    case: Case
    may: Abilities
    conversation: Conversation
    suggestion: TriageSuggestion
    triage: Triage | None
    fields: tuple[FieldView, ...]
    spans: tuple[dict[str, Any], ...]
    found_by: FoundBy | None
    decision: DecisionView | None
    departure: DepartureView | None
    clocks: tuple[ClockView, ...]
    delay: timedelta | None
    notes: list[Note]
    earlier: list[Case]
    earlier_count: str
    colleagues: list[User]
    triage_words: tuple[str, ...]
    choices: TriageChoices
    signs: CaseSigns
    unsure: str
    reply: ReplyPanel
    promises: tuple[PromiseView, ...]
    departments: DepartmentPart
    waiting: WaitPart
    measures: MeasurePanel
    private: PrivatePanel
    hold: Any
    matter: MatterPart
    welfare: WelfarePart
    seen: str
    currencies: tuple[str, ...] = CURRENCIES


def read_case_page(case: Case, *, user: User, now: datetime) -> CasePage:
    """Read it all; the caller has made sure that this person may see the case."""
    suggestion = suggest_triage(case)
    may = Abilities.of(user, case)
    conversation = read_conversation(case, user=user)
    triage = latest_triage(case)
    promises = read_promises(case, now=now)
    decision = latest_decision(case)
    earlier = list(earlier_cases(case, user)[:21])
    spans = _spans(suggestion, conversation)
    choices = read_triage_choices(case.workspace_id)
    text = conversation.subject.words.text if conversation.subject.words else ""
    return CasePage(
        case=case,
        may=may,
        conversation=conversation,
        suggestion=suggestion,
        triage=triage,
        fields=explain_verdict(suggestion.verdict, quotes=quote_fields(text, spans)),
        spans=spans,
        found_by=_found_by(conversation),
        decision=explain_decision(decision),
        departure=read_departure(decision, may_depart=may.override_decision and case.is_open),
        clocks=_clocks(case, now=now) + _promised(promises, now=now),
        delay=_delay(case),
        notes=_notes(case),
        earlier=earlier[:5],
        earlier_count="20+" if len(earlier) > 20 else str(len(earlier)),
        colleagues=_colleagues(case, user=user) if may.assign else [],
        triage_words=explain_triage(triage, choices=choices),
        choices=choices,
        signs=read_case_signs(case, user=user, category=suggestion.form.category, now=now),
        unsure=_unsure(suggestion) if triage is None else "",
        reply=read_reply_panel(
            case, user=user, has_triage=triage is not None, conversation=conversation, now=now
        ),
        promises=promises,
        departments=read_departments(case, user=user),
        waiting=read_wait(case, user=user),
        measures=read_measure_panel(case, user=user, now=now),
        private=read_private(case, user=user, now=now),
        hold=hold_in_force(case),
        matter=read_matter_part(case, user=user),
        welfare=_welfare(case, is_hostile=conversation.subject.is_hostile, user=user, now=now),
        seen=case.changed_at.isoformat(),
    )


def _found_by(conversation: Conversation) -> FoundBy | None:
    words = conversation.subject.words
    return found_by(words.version if words else None)


def _welfare(case: Case, *, is_hostile: bool, user: User, now: datetime) -> WelfarePart:
    return WelfarePart(
        is_hostile=is_hostile,
        folds=folds_hostile(user),
        today=hostile_today(user, workspace=case.workspace, now=now) if is_hostile else 0,
        may_mark=permissions.may_triage(user, case.workspace) and case.is_open,
    )


def _notes(case: Case) -> list[Note]:
    """The notes of the matter: also those on cases that were merged into this one."""
    notes = Note.objects.filter(case__in=family_of(case)).select_related("written_by", "case")
    return list(notes.order_by("written_at", "pk"))


def _spans(suggestion: TriageSuggestion, conversation: Conversation) -> tuple[dict[str, Any], ...]:
    """The reasons that point into the words on the page; those of an older version point elsewhere."""
    words = conversation.subject.words
    if words is None or suggestion.verdict is None:
        return ()
    return suggestion.reasons if suggestion.verdict.version_id == words.version.pk else ()


def _unsure(suggestion: TriageSuggestion) -> str:
    """The fields that the engine leaves to the person, by name."""
    if suggestion.verdict is None:
        return ""
    names = [name for name, is_sure in suggestion.sure.items() if not is_sure]
    return ", ".join(labels.label_of(labels.FIELDS, name) for name in names)


def _clocks(case: Case, *, now: datetime) -> tuple[ClockView, ...]:
    if case.clock_started_at is None:
        return ()
    first_due = case.first_reply_due_at
    if case.closed_at is not None and case.first_replied_at is None:
        first_due = None  # closed without a reply: nobody waits for one any more
    promises = (
        (_("First reply"), first_due, case.first_replied_at),
        (_("Progress"), case.progress_due_at, case.closed_at),
        (_("Resolution"), case.resolution_due_at, case.closed_at),
    )
    return tuple(
        _clock(label, due_at=due_at, done_at=done_at, start=case.clock_started_at, now=now)
        for label, due_at, done_at in promises
        if due_at is not None or done_at is not None
    ) + _paused(case)


def _paused(case: Case) -> tuple[ClockView, ...]:
    """The clocks that stand still while the customer is to answer."""
    names = {ClockKind.PROGRESS: _("Progress"), ClockKind.RESOLUTION: _("Resolution")}
    rows = case.clocks.filter(paused_at__isnull=False).order_by("pk") if case.is_open else ()
    return tuple(
        ClockView(
            label=str(names[ClockKind(row.kind)]),
            due_at=None,
            done_at=None,
            is_late=False,
            is_soon=False,
            is_paused=True,
        )
        for row in rows
        if ClockKind(row.kind) in names
    )


def _promised(promises: tuple[PromiseView, ...], *, now: datetime) -> tuple[ClockView, ...]:
    """The clock of the open promise that is due first, beside the others."""
    first = next((one.promise for one in promises if one.is_open), None)
    if first is None:
        return ()
    due_at = first.promised_for
    return (_clock(_("Promise"), due_at=due_at, done_at=None, start=first.made_at, now=now),)


def _clock(
    label: str, *, due_at: datetime | None, done_at: datetime | None, start: datetime, now: datetime
) -> ClockView:
    until = done_at or now
    is_soon = (
        done_at is None
        and due_at is not None
        and now < due_at
        and (now - start) >= (due_at - start) * 0.8
    )
    return ClockView(
        label=label,
        due_at=due_at,
        done_at=done_at,
        is_late=due_at is not None and until > due_at,
        is_soon=is_soon,
    )


def _delay(case: Case) -> timedelta | None:
    delay = case.comment.observed_at - case.comment.published_at
    return delay if delay >= DELAY_WORTH_SAYING and not case.comment.is_history else None


def _colleagues(case: Case, *, user: User) -> list[User]:
    people = people_who_may_work(case.workspace).exclude(pk=user.pk)
    if case.lane in RESTRICTED_LANES:
        people = people.exclude(memberships__workspace=case.workspace, memberships__role="agent")
    return list(people.distinct()[:200])
