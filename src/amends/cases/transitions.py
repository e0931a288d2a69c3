"""Which status of a case may follow which, and the one guarded way to change it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from amends.cases.models import OPEN_STATUSES, Case, CaseStatus, DispositionCode
from amends.record.log import Actor, Subject, log_action

S = CaseStatus

# The table stands in docs/how-a-comment-travels.md as well; a test compares the two.
TRANSITIONS = MappingProxyType(
    {
        S.NEW: (S.TRIAGED, S.RESOLVED, S.NO_ACTION),
        S.TRIAGED: (S.NEW, S.DRAFTING, S.IN_DEPARTMENT, S.RESOLVED, S.NO_ACTION),
        S.DRAFTING: (S.TRIAGED, S.AWAITING_APPROVAL, S.IN_DEPARTMENT, S.RESOLVED, S.NO_ACTION),
        S.AWAITING_APPROVAL: (S.DRAFTING, S.APPROVED),
        S.APPROVED: (S.DRAFTING, S.ANSWERED),
        S.ANSWERED: (
            *(S.NEW, S.TRIAGED, S.WAITING_FOR_CUSTOMER),
            *(S.IN_DEPARTMENT, S.RESOLVED, S.NO_ACTION),
        ),
        S.WAITING_FOR_CUSTOMER: (S.NEW, S.TRIAGED, S.IN_DEPARTMENT, S.RESOLVED, S.NO_ACTION),
        S.IN_DEPARTMENT: (S.NEW, S.TRIAGED, S.DRAFTING, S.RESOLVED),
        S.RESOLVED: (S.NEW,),
        S.NO_ACTION: (S.NEW,),
    }
)


# What may end in another case (cases/merge.py), and to what undoing the merge brings it back. Nothing else
# may do either, so these do not stand among the transitions: `may_move` is asked for buttons.
MERGES = MappingProxyType(
    {
        S.NEW: S.NEW,
        S.TRIAGED: S.TRIAGED,
        S.DRAFTING: S.TRIAGED,
        S.ANSWERED: S.ANSWERED,
        S.WAITING_FOR_CUSTOMER: S.ANSWERED,
    }
)


class NotPossible(Exception):
    """What was asked does not fit how things stand; the message is for the person who asked."""


def may_move(case: Case, *, to: CaseStatus | str) -> bool:
    return CaseStatus(to) in TRANSITIONS[CaseStatus(case.status)]


def move_case(
    case: Case,
    *,
    to: CaseStatus | str,
    actor: Actor,
    now: datetime,
    reason: str = "",
    disposition: str = "",
) -> None:
    """Change the status as a guarded UPDATE with its log entry in the same transaction.

    A closing names its `disposition` (`end_case` in close.py is the way to close). Raises NotPossible
    when the transition does not exist or somebody else moved the case meanwhile.
    """
    before, after = CaseStatus(case.status), CaseStatus(to)
    if after not in TRANSITIONS[before]:
        raise NotPossible(
            _("%(case)s is “%(before)s” and cannot become “%(after)s”.")
            % {"case": case.public_id, "before": before.label, "after": after.label}
        )
    is_closing = after not in OPEN_STATUSES
    is_reopening = before not in OPEN_STATUSES or (
        before in {S.ANSWERED, S.WAITING_FOR_CUSTOMER} and after == S.NEW
    )
    if is_closing and not disposition:
        raise NotPossible(_("Say what became of it: a case is never closed silently."))
    values = {
        "status": after,
        "reason": reason,
        "disposition": disposition if is_closing else "",
        "look_due_at": None,
        "look_asked_at": None,
        "woken_at": None,
        "woken_because": "",
        **({"snoozed_until": None, "snoozed_by": None} if is_closing else {}),
        "changed_at": now,
        "closed_at": now if is_closing else None,
        "reopened": case.reopened + (1 if is_reopening else 0),
    }
    with transaction.atomic():
        if not Case.objects.filter(pk=case.pk, status=before).update(**values):
            raise NotPossible(
                _("Somebody else changed %(case)s in the meantime: look at it again.")
                % {"case": case.public_id}
            )
        log_action(
            "case.move",
            workspace_id=case.workspace_id,
            actor=actor,
            subject=Subject("case", case.public_id, case.public_id),
            now=now,
            data={
                "from": before.value,
                "to": after.value,
                "reason": reason,
                **({"disposition": disposition} if is_closing else {}),
            },
        )
    for name, value in values.items():
        setattr(case, name, value)


def end_by_merge(case: Case, *, into: Case, actor: Actor, now: datetime, reason: str) -> None:
    """Close a case as the same matter as another one; guarded and logged like `move_case`."""
    before = CaseStatus(case.status)
    if before not in MERGES:
        raise NotPossible(
            _("%(case)s is “%(before)s” and cannot end in another case.")
            % {"case": case.public_id, "before": before.label}
        )
    values = {
        "status": S.NO_ACTION,
        "reason": reason,
        "disposition": DispositionCode.DUPLICATE,
        "merged_into": into,
        "closed_at": now,
        "next_step": "",
        "due_at": None,
        "lease_token": "",
        "leased_until": None,
    }
    _move_guarded(case, values=values, was_merged=False, actor=actor, now=now, how="merge")


def come_back_from_merge(
    case: Case, *, to: CaseStatus, answered_at: datetime | None, actor: Actor, now: datetime
) -> None:
    """Undo the above; it counts as no reopening, since nobody took the matter up again.

    `answered_at` is when its author was first answered meanwhile: that was its first reply, if it had none.
    """
    values: dict[str, Any] = {
        "status": to,
        "reason": "",
        "disposition": "",
        "merged_into": None,
        "closed_at": None,
        "next_step": "decide_again",
        "due_at": now,
    }
    if to == S.ANSWERED and case.first_replied_at is None:
        values["first_replied_at"] = answered_at
    _move_guarded(case, values=values, was_merged=True, actor=actor, now=now, how="undo")


def rest_again(case: Case, *, actor: Actor, now: datetime) -> None:
    """A case that rested is answered as it was: what woke it went with the merge that was undone."""
    values = {"status": S.ANSWERED, "reason": "", "disposition": ""}
    _move_guarded(case, values=values, was_merged=False, actor=actor, now=now, how="undo")


def _move_guarded(
    case: Case,
    *,
    values: dict[str, Any],
    was_merged: bool,
    actor: Actor,
    now: datetime,
    how: str,
) -> None:
    before = CaseStatus(case.status)
    rows = Case.objects.filter(pk=case.pk, status=before, merged_into__isnull=not was_merged)
    with transaction.atomic():
        if not rows.update(changed_at=now, **values):
            raise NotPossible(
                _("Somebody else changed %(case)s in the meantime: look at it again.")
                % {"case": case.public_id}
            )
        about = {"from": before.value, "to": CaseStatus(values["status"]).value}
        about |= {"reason": values["reason"], "how": how}
        if values["disposition"]:
            about["disposition"] = str(values["disposition"])
        log_on_case(case, "case.move", actor=actor, now=now, data=about)
    for name, value in values.items():
        setattr(case, name, value)


def touch_case(case: Case, *, now: datetime) -> None:
    """Say that something about the case changed, so that open pages notice."""
    Case.objects.filter(pk=case.pk).update(changed_at=now)
    case.changed_at = now


def log_on_case(
    case: Case, action: str, *, actor: Actor, now: datetime, data: Mapping[str, Any]
) -> None:
    """Log what was done about a case, and let open pages notice; in the caller's transaction."""
    touch_case(case, now=now)
    log_action(
        action,
        workspace_id=case.workspace_id,
        actor=actor,
        subject=Subject("case", case.public_id, case.public_id),
        now=now,
        data=data,
    )
