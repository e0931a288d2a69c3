"""Runs a macro on a case: all of its steps or none, in one transaction, logged as one act with its parts."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User
from amends.accounts.permissions import may_use_macros, refuse_unless
from amends.cases.acts import do_act
from amends.cases.macros import steps_of
from amends.cases.models import Case, Macro, Stroke, StrokeKind
from amends.cases.transitions import NotPossible, log_on_case


def run_macro(macro: Macro, *, case: Case, by: User, now: datetime) -> Stroke:
    """Take its steps in order; the first that is refused takes all of them back, and says which it was.

    Raises NotAllowed, and NotPossible. Returns what can be undone by `undo_stroke`.
    """
    refuse_unless(may_use_macros(by, case.workspace), _("use macros"))
    is_theirs = macro.owner_id in {None, by.pk} and macro.workspace_id == case.workspace_id
    with transaction.atomic():
        # Held, so that it is neither retired nor changed between its steps.
        current = Macro.objects.select_for_update(of=("self",)).filter(pk=macro.pk).first()
        if not is_theirs or current is None or current.retired_at is not None:
            raise NotPossible(_("This macro is not offered any more."))
        parts = []
        for number, act in enumerate(steps_of(current), start=1):
            try:
                part = do_act(case, act=act, by=by, now=now)
            except NotPossible as refused:
                raise NotPossible(
                    _("Nothing was done. Step %(number)d: %(why)s")
                    % {"number": number, "why": refused}
                ) from refused
            if part is not None:
                parts.append(part)
        about = {"macro": current.pk, "name": current.name, "parts": [one["verb"] for one in parts]}
        log_on_case(case, "case.macro", actor=actor_of(by), now=now, data=about)
        return Stroke.objects.create(
            workspace_id=case.workspace_id,
            kind=StrokeKind.MACRO,
            verb=current.name,
            made_by=by,
            made_at=now,
            parts=parts,
        )
