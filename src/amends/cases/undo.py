"""Undoes what one click did: each change by its inverse, refused where somebody changed it since."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User, Workspace
from amends.accounts.permissions import may_read
from amends.cases.acts import Part
from amends.cases.assign import assign_case
from amends.cases.close import reopen_case
from amends.cases.label import put_label, take_label
from amends.cases.models import Case, CaseStatus, Label, Stroke, StrokeKind
from amends.cases.note import write_note
from amends.cases.queries import cases_visible_to
from amends.cases.snooze import end_snooze, snooze_case
from amends.cases.transitions import NotPossible, log_on_case, may_move, move_case
from amends.cases.triage import latest_triage

UNDO_WITHIN: Mapping[str, timedelta] = MappingProxyType(
    {StrokeKind.BULK: timedelta(seconds=30), StrokeKind.MACRO: timedelta(minutes=10)}
)
# In bulk a closing stands: its reason was given once for many, and one takes a case up again singly.
BULK_UNDOES = frozenset({"assign", "label", "unlabel", "snooze"})


def stroke_or_none(user: User, *, workspace: Workspace, pk: int) -> Stroke | None:
    """What this person did by a click of theirs; nobody sees another one's."""
    if not may_read(user, workspace):
        return None
    return Stroke.objects.filter(workspace=workspace, made_by=user, pk=pk).first()


def undoable_until(stroke: Stroke) -> datetime | None:
    """How long it can be undone; None where it cannot be at all."""
    is_bulk = stroke.kind == StrokeKind.BULK
    if stroke.undone_at is not None or not stroke.parts:
        return None
    if is_bulk and stroke.verb not in BULK_UNDOES:
        return None
    return stroke.made_at + UNDO_WITHIN[stroke.kind]


def undo_stroke(stroke: Stroke, *, by: User, now: datetime) -> list[tuple[str, str]]:
    """Undo it once. A macro is undone whole or not at all (NotPossible says why not).

    Of a bulk act each case for itself: returns those that stay as they are, with the reason.
    """
    until = undoable_until(stroke)
    if by.pk != stroke.made_by_id or until is None or now > until:
        raise NotPossible(_("This cannot be undone any more."))
    with transaction.atomic():
        rows = Stroke.objects.filter(pk=stroke.pk, undone_at__isnull=True)
        if not rows.update(undone_at=now):
            raise NotPossible(_("This was undone already."))
        stroke.undone_at = now
        if stroke.kind == StrokeKind.MACRO:
            _undo_macro(stroke, by=by, now=now)
            return []
        return _undo_each(stroke, by=by, now=now)


def _undo_macro(stroke: Stroke, *, by: User, now: datetime) -> None:
    for part in reversed(stroke.parts):
        case = _case_of(part, stroke=stroke, by=by)
        _undo_part(case, part=part, by=by, now=now)
    about = {"macro": stroke.verb, "parts": [part["verb"] for part in stroke.parts]}
    log_on_case(case, "case.undo", actor=actor_of(by), now=now, data=about)


def _undo_each(stroke: Stroke, *, by: User, now: datetime) -> list[tuple[str, str]]:
    kept = []
    for part in stroke.parts:
        try:
            with transaction.atomic():
                case = _case_of(part, stroke=stroke, by=by)
                _undo_part(case, part=part, by=by, now=now)
                about = {"verb": stroke.verb}
                log_on_case(case, "case.undo", actor=actor_of(by), now=now, data=about)
        except NotPossible as refused:
            kept.append((f"C-{part['case']}", str(refused)))
    return kept


def _case_of(part: Mapping[str, Any], *, stroke: Stroke, by: User) -> Case:
    """The case, held and read anew, if the person may still see it."""
    seen = cases_visible_to(by, workspace=stroke.workspace).select_for_update(of=("self",))
    case = seen.select_related("workspace", "comment").filter(number=part["case"]).first()
    if case is None:
        raise NotPossible(_("This case is no longer yours to see."))
    return case


def _undo_part(case: Case, *, part: Part, by: User, now: datetime) -> None:
    UNDO[part["verb"]](case, part, by, now)


def _unassign(case: Case, part: Part, by: User, now: datetime) -> None:
    if case.assignee_id != part["after"]:
        raise NotPossible(_("%(case)s was given to somebody else since.") % _named(case))
    before = User.objects.filter(pk=part["before"]).first() if part["before"] else None
    assign_case(case, to=before, by=by, now=now)


def _take_off(case: Case, part: Part, by: User, now: datetime) -> None:
    label = _label(part)
    if not take_label(case, label=label, by=by, now=now):
        raise NotPossible(_("%(case)s does not bear the label any more.") % _named(case))


def _put_back(case: Case, part: Part, by: User, now: datetime) -> None:
    if not put_label(case, label=_label(part), by=by, now=now):
        raise NotPossible(_("%(case)s bears the label again already.") % _named(case))


def _label(part: Part) -> Label:
    label = Label.objects.filter(pk=part["label"]).first()
    if label is None:
        raise NotPossible(_("The label was merged into another one since."))
    return label


def _unsnooze(case: Case, part: Part, by: User, now: datetime) -> None:
    after, before = datetime.fromisoformat(part["after"]), part["before"]
    if case.snoozed_until != after:
        raise NotPossible(_("%(case)s woke, or was put to sleep anew, since.") % _named(case))
    earlier = datetime.fromisoformat(before) if before else None
    if earlier is not None and earlier > now:
        snooze_case(case, until=earlier, by=by, now=now)
    else:
        end_snooze(case, by=by, now=now)


def _strike_note(case: Case, part: Part, by: User, now: datetime) -> None:
    # What colleagues may have read is never taken away: a second note says that the first does not count.
    write_note(case, text=_("Undone: the last note of a macro does not count."), by=by, now=now)


def _reopen(case: Case, part: Part, by: User, now: datetime) -> None:
    closed_at = datetime.fromisoformat(part["at"])
    if case.status != part["after"] or case.closed_at != closed_at:
        raise NotPossible(_("%(case)s was moved on since.") % _named(case))
    reopen_case(case, by=by, now=now)
    was_triaged = part["before"] != CaseStatus.NEW and latest_triage(case) is not None
    for status in (CaseStatus.TRIAGED, CaseStatus.DRAFTING):
        is_wanted = was_triaged and (
            status == CaseStatus.TRIAGED or part["before"] == CaseStatus.DRAFTING
        )
        if is_wanted and may_move(case, to=status):
            move_case(case, to=status, actor=actor_of(by), now=now)


def _named(case: Case) -> dict[str, str]:
    return {"case": case.public_id}


UNDO: Mapping[str, Callable[[Case, Part, User, datetime], None]] = MappingProxyType(
    {
        "assign": _unassign,
        "label": _take_off,
        "unlabel": _put_back,
        "snooze": _unsnooze,
        "note": _strike_note,
        "close": _reopen,
    }
)
