"""Makes, changes and retires macros: steps that are often taken together, one's own or everybody's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User, Workspace
from amends.accounts.permissions import may_share_macros, may_use_macros, refuse_unless
from amends.accounts.queries import people_who_may_work
from amends.cases.acts import ME, NOBODY, Act
from amends.cases.close import CLOSES_AS, MAX_REASON
from amends.cases.label import labels_visible_to
from amends.cases.models import DispositionCode, Label, Macro
from amends.cases.note import MAX_CHARS
from amends.cases.transitions import NotPossible
from amends.record.log import Subject, log_action

# Never a verb that sends, approves or measures. Closing comes last: nothing can be done to a closed case.
MACRO_VERBS = ("assign", "label", "unlabel", "snooze", "note", "close")
MOST_STEPS, MAX_NAME, MOST_MACROS = 10, 60, 100
SNOOZES = ("later", "tomorrow", "monday")


def macros_visible_to(user: User, *, workspace: Workspace) -> QuerySet[Macro]:
    """Everybody's, and the person's own; by name."""
    if not may_use_macros(user, workspace):
        return Macro.objects.none()
    rows = Macro.objects.filter(workspace=workspace, retired_at__isnull=True)
    return rows.filter(Q(owner__isnull=True) | Q(owner=user)).order_by("name", "pk")


def steps_of(macro: Macro) -> tuple[Act, ...]:
    """The steps in the order in which they are done."""
    return tuple(Act(step["verb"], step["values"]) for step in macro.steps)


def steps_to_json(steps: Sequence[Act]) -> list[dict[str, Any]]:
    return [{"verb": step.verb, "values": dict(step.values)} for step in steps]


def make_macro(
    workspace: Workspace,
    *,
    name: str,
    steps: Sequence[Act],
    is_shared: bool,
    by: User,
    now: datetime,
) -> Macro:
    """Raises NotAllowed, and NotPossible for a step that is none."""
    _refuse_unless_may(by, workspace, is_shared=is_shared)
    if macros_visible_to(by, workspace=workspace).count() >= MOST_MACROS:
        raise NotPossible(_("At most %(count)d macros: retire some.") % {"count": MOST_MACROS})
    name, kept = _check(workspace, name=name, steps=steps, by=by)
    with transaction.atomic():
        macro = Macro.objects.create(
            workspace=workspace,
            owner=None if is_shared else by,
            name=name,
            steps=steps_to_json(kept),
            created_by=by,
            created_at=now,
        )
        _log(macro, "macro.make", by=by, now=now)
    return macro


def change_macro(
    macro: Macro, *, name: str, steps: Sequence[Act], is_shared: bool, by: User, now: datetime
) -> None:
    """By its owner, or where it is everybody's by who may share. Raises as `make_macro`."""
    _refuse_unless_may(by, macro.workspace, is_shared=macro.owner_id is None or is_shared)
    _refuse_unless_own(macro, by=by)
    name, kept = _check(macro.workspace, name=name, steps=steps, by=by)
    with transaction.atomic():
        rows = Macro.objects.filter(pk=macro.pk, retired_at__isnull=True)
        changed = rows.update(name=name, steps=steps_to_json(kept), owner=None if is_shared else by)
        if not changed:
            raise NotPossible(_("This macro was retired in the meantime."))
        macro.refresh_from_db()
        _log(macro, "macro.change", by=by, now=now)


def retire_macro(macro: Macro, *, by: User, now: datetime) -> None:
    """Offer it no more; what it did stays."""
    _refuse_unless_may(by, macro.workspace, is_shared=macro.owner_id is None)
    _refuse_unless_own(macro, by=by)
    with transaction.atomic():
        if Macro.objects.filter(pk=macro.pk, retired_at__isnull=True).update(retired_at=now):
            _log(macro, "macro.retire", by=by, now=now)


def _refuse_unless_may(by: User, workspace: Workspace, *, is_shared: bool) -> None:
    refuse_unless(may_use_macros(by, workspace), _("use macros"))
    if is_shared:
        refuse_unless(may_share_macros(by, workspace), _("change macros of everybody"))


def _refuse_unless_own(macro: Macro, *, by: User) -> None:
    if macro.owner_id not in {None, by.pk}:
        raise NotPossible(_("This macro is somebody else's."))


def _check(
    workspace: Workspace, *, name: str, steps: Sequence[Act], by: User
) -> tuple[str, list[Act]]:
    """The name and the steps as they are kept; raises NotPossible with the number of the bad one."""
    name = " ".join(name.split())
    if not name or len(name) > MAX_NAME:
        raise NotPossible(
            _("Give the macro a name of at most %(count)d characters.") % {"count": MAX_NAME}
        )
    if not 1 <= len(steps) <= MOST_STEPS:
        raise NotPossible(_("A macro has 1 to %(count)d steps.") % {"count": MOST_STEPS})
    kept = []
    for number, step in enumerate(steps, start=1):
        is_last = number == len(steps)
        values = _checked(step, workspace=workspace, by=by)
        if values is None:
            raise NotPossible(_("Step %(number)d is not complete.") % {"number": number})
        if step.verb == "close" and not is_last:
            raise NotPossible(_("Closing is the last step: nothing follows it."))
        kept.append(Act(step.verb, values))
    return name, kept


def _checked(step: Act, *, workspace: Workspace, by: User) -> Mapping[str, Any] | None:
    """The values that a step needs, or None where one is missing or wrong."""
    said = {name: str(one).strip() for name, one in step.values.items()}
    if step.verb == "assign":
        to = said.get("to", "")
        people = people_who_may_work(workspace)
        is_known = to in {ME, NOBODY} or (_is_key(to) and people.filter(pk=int(to)).exists())
        return {"to": to} if is_known else None
    if step.verb in {"label", "unlabel"}:
        label = said.get("label", "")
        labels = labels_visible_to(by, workspace=workspace)
        is_known = _is_key(label) and labels.filter(pk=int(label)).exists()
        return {"label": int(label)} if is_known else None
    if step.verb == "snooze":
        return {"choice": said["choice"]} if said.get("choice") in SNOOZES else None
    if step.verb == "note":
        text = said.get("text", "")
        return {"text": text} if text and len(text) <= MAX_CHARS else None
    if step.verb != "close":
        return None
    code, reason = said.get("disposition", ""), said.get("reason", "")
    is_known = code in CLOSES_AS and code != DispositionCode.DUPLICATE
    fits = is_known and reason and len(reason) <= MAX_REASON
    return {"disposition": code, "reason": reason} if fits else None


def labels_named(steps: Sequence[Act]) -> dict[int, Label]:
    """The labels that steps speak of, by key."""
    keys = [step.values["label"] for step in steps if "label" in step.values]
    return Label.objects.in_bulk(keys)


def _is_key(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < 19


def _log(macro: Macro, action: str, *, by: User, now: datetime) -> None:
    log_action(
        action,
        workspace_id=macro.workspace_id,
        actor=actor_of(by),
        subject=Subject("macro", str(macro.pk), macro.name),
        now=now,
        data={"steps": [step["verb"] for step in macro.steps], "is_shared": macro.owner_id is None},
    )
