"""What can be done to a case in bulk or by a macro: each by the verb and the permission of doing it singly.

Nothing here hides, deletes, sends, approves or measures, and nothing may be added that does: a test walks
the verbs. Each act says what stood before it, so that `undo.py` can put it back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _

from amends.accounts.models import User
from amends.accounts.queries import people_who_may_work
from amends.cases.assign import assign_case
from amends.cases.close import close_case, refuse_unread_complaint
from amends.cases.label import labels_offered, labels_visible_to, put_label, take_label
from amends.cases.models import Case, DispositionCode, Label
from amends.cases.note import write_note
from amends.cases.snooze import moment_of, snooze_case
from amends.cases.transitions import NotPossible

ME, NOBODY = "me", "nobody"
Part = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Act:
    """A verb with what it needs: assign `to` (me, nobody, a key), label and unlabel `label` (a key),
    snooze `choice` or `until`, note `text`, close `disposition` and `reason`.
    """

    verb: str
    values: Mapping[str, Any] = field(default_factory=dict)


def do_act(case: Case, *, act: Act, by: User, now: datetime) -> Part | None:
    """Do it, in a transaction of its own or the caller's; None where there was nothing to change.

    Returns what `undo_part` needs. Raises NotAllowed and NotPossible as the verb does.
    """
    do = ACTS.get(act.verb)
    if do is None:
        raise NotPossible(_("This cannot be done to several cases at once."))
    part = do(case, act.values, by, now)
    return None if part is None else {"case": case.number, "verb": act.verb, **part}


def _assign(case: Case, values: Mapping[str, Any], by: User, now: datetime) -> Part | None:
    to = _person(case, wanted=str(values.get("to", "")), by=by)
    before = case.assignee_id
    if before == (to.pk if to else None):
        return None
    assign_case(case, to=to, by=by, now=now)
    return {"before": before, "after": to.pk if to else None}


def _person(case: Case, *, wanted: str, by: User) -> User | None:
    if wanted == NOBODY:
        return None
    if wanted == ME:
        return by
    people = people_who_may_work(case.workspace)
    to = people.filter(pk=int(wanted)).first() if _is_key(wanted) else None
    if to is None:
        raise NotPossible(_("This person is not a member any more. Choose somebody else."))
    return to


def _put(case: Case, values: Mapping[str, Any], by: User, now: datetime) -> Part | None:
    label = _label(case, values, is_offered=True)
    return {"label": label.pk} if put_label(case, label=label, by=by, now=now) else None


def _take(case: Case, values: Mapping[str, Any], by: User, now: datetime) -> Part | None:
    label = _label(case, values, is_offered=False, by=by)
    return {"label": label.pk} if take_label(case, label=label, by=by, now=now) else None


def _label(
    case: Case, values: Mapping[str, Any], *, is_offered: bool, by: User | None = None
) -> Label:
    wanted = str(values.get("label", ""))
    rows = labels_offered(case.workspace)
    if not is_offered and by is not None:
        rows = labels_visible_to(by, workspace=case.workspace)
    label = rows.filter(pk=int(wanted)).first() if _is_key(wanted) else None
    if label is None:
        raise NotPossible(_("This label is not offered any more. Choose another one."))
    return label


def _snooze(case: Case, values: Mapping[str, Any], by: User, now: datetime) -> Part | None:
    before = case.snoozed_until
    until = values.get("until")
    if not isinstance(until, datetime):
        code = str(values.get("choice", ""))
        until = moment_of(code, brand_id=case.brand_id, person=by, now=now)
    sleep = snooze_case(case, until=until, by=by, now=now)
    return {
        "before": before.isoformat() if before else None,
        "after": sleep.until.isoformat(),
        "is_shorter": sleep.clock_due_at is not None,
    }


def _note(case: Case, values: Mapping[str, Any], by: User, now: datetime) -> Part | None:
    return {"note": write_note(case, text=str(values.get("text", "")), by=by, now=now).pk}


def _close(case: Case, values: Mapping[str, Any], by: User, now: datetime) -> Part | None:
    before, disposition = case.status, str(values.get("disposition", ""))
    if disposition == DispositionCode.DUPLICATE:
        raise NotPossible(_("A duplicate names its other case: close it singly, or merge the two."))
    refuse_unread_complaint(case)
    close_case(case, disposition=disposition, reason=str(values.get("reason", "")), by=by, now=now)
    return {"before": before, "after": case.status, "at": now.isoformat()}


def _is_key(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < 19


Do = Callable[[Case, Mapping[str, Any], User, datetime], Part | None]
ACTS: Mapping[str, Do] = MappingProxyType(
    {
        "assign": _assign,
        "label": _put,
        "unlabel": _take,
        "snooze": _snooze,
        "note": _note,
        "close": _close,
    }
)
