"""One act on many cases: each by the verb that does it singly, and it says which ones were not changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from amends.accounts.models import User, Workspace
from amends.accounts.permissions import NotAllowed
from amends.cases.acts import Act, do_act
from amends.cases.models import Stroke, StrokeKind
from amends.cases.queries import cases_visible_to
from amends.cases.transitions import NotPossible

AT_MOST = 200
# Never a verb that hides, deletes, sends, approves or measures; a note to many is noise.
BULK_VERBS = ("assign", "label", "unlabel", "snooze", "close")


def act_in_bulk(
    numbers: Sequence[int], *, act: Act, workspace: Workspace, by: User, now: datetime
) -> Stroke:
    """Do it to each of the cases that the person may see, one transaction each.

    Returns what was done and what was refused, case by case. A case out of the person's sight is as if it
    were not there. Raises NotPossible for no cases, too many, or a verb that is not for many.
    """
    if act.verb not in BULK_VERBS:
        raise NotPossible(_("This cannot be done to several cases at once."))
    wanted = list(dict.fromkeys(numbers))
    if not wanted:
        raise NotPossible(_("Select some cases first."))
    if len(wanted) > AT_MOST:
        raise NotPossible(_("At most %(count)d cases at once.") % {"count": AT_MOST})
    stroke = Stroke(
        workspace=workspace,
        kind=StrokeKind.BULK,
        verb=act.verb,
        made_by=by,
        made_at=now,
        parts=[],
        refused=[],
    )
    seen = cases_visible_to(by, workspace=workspace)
    held = seen.select_for_update(of=("self",)).select_related("workspace", "comment")
    for public_id, pk in [
        (case.public_id, case.pk) for case in seen.filter(number__in=wanted).order_by("number")
    ]:
        try:
            with transaction.atomic():
                # As it stands now: a colleague may have moved it out of sight since the list was read.
                case = held.filter(pk=pk).first()
                if case is None:
                    continue
                part = do_act(case, act=act, by=by, now=now)
        except (NotPossible, NotAllowed) as refused:
            stroke.refused.append([public_id, str(refused)])
        else:
            # What stood so before counts as done, but there is nothing of it to undo.
            if part is None:
                stroke.refused.append([public_id, _("It stood so already.")])
            else:
                stroke.parts.append(part)
    stroke.save()
    return stroke
